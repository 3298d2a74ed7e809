"""Opening and closing surveys, and counting an answer."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import posts_of
from lingka.areas import selectors as areas
from lingka.core import clock, codes, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.surveys import permissions, rules
from lingka.surveys.events import SurveyClosed, SurveyOpened
from lingka.surveys.models import Round, Spent, Tally

STREAM = UUID("5a7d3c52-8c0e-5d0f-8f0b-6f1a2c3d4e5f")  # names the streams of rounds
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=92)
EARLIEST = timedelta(days=2)  # who could close at once might wait for one answer among their own


def open_round(template: str, area: int, until: datetime, *, actor: Actor) -> Round:
    """Ask an area from now on. Raises Problem beside what is wrong."""
    verdict = permissions.may_ask(posts_of(actor.id or 0), area)
    if not verdict:
        raise PermissionRefused(verdict)
    data, now = rules.shipped(), clock.now()
    body = data["surveys"].get(template)
    if body is None:
        raise Problem("template", _("Choose what to ask."), field="template", status=422)
    if not SHORTEST <= until - now <= LONGEST:
        raise Problem(
            "until", _("Choose a day within the next three months."), field="until", status=422
        )
    if area not in areas.desks_under(area):
        raise Problem("area", _("Choose a community or a wider area."), field="area", status=422)
    with transaction.atomic():
        locks.hold(uuid5(STREAM, f"{template} {area}"))
        made = Round.objects.create(
            code=codes.short_code(), template=template, body=rules.ordered(body), area=area,
            number=_last(template, area) + 1, minimum=data["minimum"], opens_at=now,
            closes_at=until, secret=secrets.token_bytes(32),
        )  # fmt: skip
        event = SurveyOpened(made.code, template, area, until.isoformat())
        record(event, stream_id=uuid5(STREAM, made.code), actor=actor)
    return made


def _last(template: str, area: int) -> int:
    """The number of the round before, 0 if this is the first. One whose time is up ends now."""
    last = Round.objects.filter(template=template, area=area).order_by("-number").first()
    if last and last.closed_at is None:
        if last.closes_at > clock.now():
            raise Problem("running", _("This is being asked here already."), status=409)
        with suppress(Problem):  # the hourly job was quicker
            close_round(last.code, actor=SYSTEM)
    return last.number if last else 0


_ADD = """
INSERT INTO surveys_tally (round_id, area, question, option, answers) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (round_id, area, question, option) DO UPDATE SET answers = surveys_tally.answers + 1
"""


def begin(code: str) -> str:
    """The word by which a device takes part in a round. Nothing is kept of it here."""
    return rules.word(_running(Round.objects.filter(code=code).first()))


def _running(found: Round | None) -> bytes:
    """The key of a round that can be answered now."""
    now = clock.now()
    if found is None or found.secret is None or not found.opens_at <= now < found.closes_at:
        raise Problem("over", _("This survey is over. Thank you."), status=409)
    return bytes(found.secret)


def answer(code: str, word: str, area: int, given: Mapping[str, str]) -> None:
    """Count an answer once a device and round. What was chosen together is kept nowhere."""
    with transaction.atomic():
        found = Round.objects.select_for_update(no_key=True).filter(code=code).first()
        secret = _running(found)
        assert found is not None
        if not rules.genuine(secret, word):
            raise Problem("new", _("Say first that you take part."), status=409)
        chosen = rules.valid(found.body, given)
        if not chosen:
            raise Problem("empty", _("Choose at least one answer."), status=422)
        try:
            with transaction.atomic():
                Spent(round=found, mark=rules.mark(secret, word)).save(force_insert=True)
        except IntegrityError:
            raise Problem("again", _("This device has answered already."), status=409) from None
        rows = [(found.pk, area, *pair) for pair in sorted([("", ""), *chosen.items()])]
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def close_round(code: str, *, actor: Actor) -> Round:
    """End it: the sums stay; the key and what devices were known by go."""
    with transaction.atomic():
        found = Round.objects.select_for_update().filter(code=code).first()
        if found is None:
            raise Problem("no_survey", _("There is no such survey."), status=404)
        if found.closed_at:
            raise Problem("closed", _("This survey is closed already."), status=409)
        if actor.kind != "system":
            verdict = permissions.may_ask(posts_of(actor.id or 0), found.area)
            if not verdict:
                raise PermissionRefused(verdict)
            if clock.now() < min(found.opens_at + EARLIEST, found.closes_at):
                raise Problem("early", _("Let it run for two days at least."), status=409)
        found.closed_at, found.secret = clock.now(), None
        found.save()
        Spent.objects.filter(round=found).delete()
        tallies = Tally.objects.filter(round=found)
        tallies.update(answers=F("answers"))  # now no row tells which others it was changed with
        answers = sum(tallies.filter(question="").values_list("answers", flat=True))
        event = SurveyClosed(found.code, answers)
        record(event, stream_id=uuid5(STREAM, found.code), actor=actor)
    return found


def close_due() -> int:
    """End what has run its time; how many."""
    due = Round.objects.filter(closed_at=None, closes_at__lte=clock.now())
    ended = 0
    for code in list(due.values_list("code", flat=True)):
        with suppress(Problem):  # somebody closed it in between
            close_round(code, actor=SYSTEM)
            ended += 1
    return ended
