"""Its owner says done; whoever uses it says whether it is. Answers are counted, never kept."""

import secrets
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.projects import rules
from lingka.projects.actions.changing import must_be_explained, note
from lingka.projects.actions.holding import held
from lingka.projects.events import UsersAnswered, UsersAsked
from lingka.projects.models import Change, Project, Spent, Tally
from lingka.surveys import rules as asking

State = Project.State


@transaction.atomic
def report_done(code: str, *, actor: Actor) -> datetime:
    """Done, says its owner: from now on whoever uses it is asked; returns until when. Where too
    few answered before, they may be asked once more."""
    row = held(code, actor)
    if row.state not in {State.RUNNING, State.FEW}:
        raise Problem("moved_on", _("It has moved on: look again."), status=409)
    must_be_explained(row)
    row.done_on = row.done_on or day_of(None)
    row.state, row.round = State.ASKED, row.round + 1
    row.secret, row.asked_until = secrets.token_bytes(32), clock.now() + rules.days()
    row.save()
    until: datetime = row.asked_until
    told = UsersAsked(row.round, row.done_on.isoformat(), until.isoformat())
    record(told, stream_id=row.uuid, actor=actor)
    return until


def begin(code: str) -> str:
    """The word by which a device answers once. Nothing is kept of it here."""
    return asking.word(_secret(Project.objects.filter(code=code).first()))


def _secret(found: Project | None) -> bytes:
    if found is None or found.secret is None or found.asked_until is None:
        raise Problem("not_asked", _("Nobody is asked about this just now."), status=409)
    if found.asked_until <= clock.now():
        raise Problem("not_asked", _("Nobody is asked about this just now."), status=409)
    return bytes(found.secret)


_ADD = """
INSERT INTO projects_tally (project_id, round, option, answers) VALUES (%s, %s, %s, 1)
ON CONFLICT (project_id, round, option) DO UPDATE SET answers = projects_tally.answers + 1
"""


@transaction.atomic
def answer(code: str, word: str, option: str) -> None:
    """Count an answer, once a device. Who gave it is kept nowhere."""
    found = Project.objects.select_for_update(no_key=True).filter(code=code).first()
    secret = _secret(found)
    assert found is not None
    if not asking.genuine(secret, word):
        raise Problem("new", _("Please press once more: this page had grown old."), status=409)
    if option not in rules.asking()["options"]:
        raise Problem("option", _("Choose one of these."), field="option", status=422)
    try:
        with transaction.atomic():
            Spent(project=found, mark=asking.mark(secret, word)).save(force_insert=True)
    except IntegrityError:
        raise Problem("again", _("This device has answered already."), status=409) from None
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [found.pk, found.round, option])


@transaction.atomic
def close_asking(code: str) -> str:
    """The time is up: what users said decides. The key and what devices were known by go."""
    row = Project.objects.select_for_update().filter(code=code, state=State.ASKED).first()
    if row is None or row.asked_until is None or row.asked_until > clock.now():
        raise Problem("not_over", _("Its users are being asked still."), status=409)
    tallies = Tally.objects.filter(project=row, round=row.round)
    became = rules.outcome(dict(tallies.values_list("option", "answers")))
    Spent.objects.filter(project=row).delete()
    tallies.update(answers=F("answers"))  # now no row tells which other it was changed with
    row.state = State.RUNNING if became == "denied" else State(became)
    row.secret = row.asked_until = None
    if became == "denied":
        row.done_on = None
    row.save()
    record(UsersAnswered(row.round, became), stream_id=row.uuid, actor=SYSTEM)
    if became == "denied":
        note(row, Change.Kind.DENIED, "", "", "", SYSTEM)
    return became


def close_due() -> int:
    """End what has run its time; how many."""
    due = Project.objects.filter(state=State.ASKED, asked_until__lte=clock.now())
    ended = 0
    for code in list(due.values_list("code", flat=True)):
        with suppress(Problem):  # another worker was quicker
            close_asking(code)
            ended += 1
    return ended
