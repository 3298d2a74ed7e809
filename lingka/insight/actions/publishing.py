"""Publishing a month: first the units look, then the figures are frozen and everybody may."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import posts_of, today
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.insight import hearing, periods, permissions
from lingka.insight.actions.activation import activate_shipped
from lingka.insight.counting import FACT
from lingka.insight.events import RatesPublished, RatesShown
from lingka.insight.measures import COLUMNS
from lingka.insight.models import Appeal, Definition, Publication
from lingka.insight.selectors import definitions
from lingka.units import selectors as units


def show_to_units(month: date, *, actor: Actor) -> Publication:
    """Let the units see a month that is over before anybody else, with some days to appeal.

    Problem "counting" while the figures are not complete, here as when they are published. A month
    published before gets a new version, at once: what was appealed since has been seen.
    """
    _allowed(actor)
    month = month.replace(day=1)
    if periods.shifted(month, 1) > today():
        raise Problem("running", _("This month is not over yet."), field="month", status=422)
    with hearing.steady():  # the units look at the whole month
        last = Publication.objects.filter(month=month).order_by("-number").first()
        if last and last.state == Publication.State.PREVIEW:
            raise Problem("shown", _("The units are looking at this month already."), status=409)
        made = _preview(month, last)
        event = RatesShown(month.isoformat(), made.number, made.appeals_until.isoformat())
        record(event, stream_id=made.uuid, actor=actor, after=NEW)
        made.save(force_insert=True)
    return made


def _preview(month: date, last: Publication | None) -> Publication:
    now = clock.now()
    by = definitions.on(periods.month_of(month).last)
    until = now if last else units.default_calendar().add_working_days(now, by.appeal_days)
    return Publication(
        uuid=uuid7(), month=month, number=last.number + 1 if last else 1,
        definition=Definition.objects.filter(pk=by.id).first() or activate_shipped(),
        state=Publication.State.PREVIEW, shown_at=now, appeals_until=until,
        upheld=_upheld_since(month, last),
    )  # fmt: skip


def _upheld_since(month: date, last: Publication | None) -> int:
    """Appeals that changed the figures of a month since its last version."""
    if last is None or last.published_at is None:
        return 0
    decided = Appeal.objects.filter(state=Appeal.State.UPHELD, decided_at__gt=last.published_at)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM insight_fact WHERE month = %s AND "case" = ANY(%s)',
            [month, list(decided.values_list("case", flat=True))],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def publish(uuid: UUID, *, actor: Actor) -> Publication:
    """Freeze the figures and publish them. An earlier version stays as it was."""
    _allowed(actor)
    with hearing.steady():  # facts and counts must be of one moment
        found = Publication.objects.select_for_update().filter(uuid=uuid).first()
        if found is None:
            raise Problem("no_publication", _("There is no such publication."), status=404)
        if found.state == Publication.State.PUBLISHED:
            raise Problem("published", _("This is published already."), status=409)
        if clock.now() < found.appeals_until:
            raise Problem("early", _("The units may still look and appeal."), status=409)
        found.state, found.published_at = Publication.State.PUBLISHED, clock.now()
        found.upheld = _upheld_since(found.month, _before(found))
        found.save()
        event = RatesPublished(found.month.isoformat(), found.number, _freeze(found))
        record(event, stream_id=found.uuid, actor=actor)
    return found


def _before(one: Publication) -> Publication | None:
    earlier = Publication.objects.filter(month=one.month, number__lt=one.number)
    return earlier.order_by("-number").first()


_FACTS = ", ".join(f'"{name}"' for name in FACT if name != "memory")
_COUNTS = ", ".join(("month", "area", "unit", "case_type", "reason", *COLUMNS))


def _freeze(one: Publication) -> int:
    """Copy a month as it now stands; returns how many cases it has."""
    zone = ZoneInfo(settings.TIME_ZONE)
    ends = (one.month, periods.shifted(one.month, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO insight_frozenfact (publication_id, {_FACTS}) SELECT %s, {_FACTS}"  # noqa: S608 - our own names
            " FROM insight_fact WHERE opened_at >= %s AND opened_at < %s",
            [one.pk, *(datetime.combine(day, time(), zone) for day in ends)],
        )
        made = cursor.rowcount
        cursor.execute(
            f"INSERT INTO insight_frozencount (publication_id, {_COUNTS}) SELECT %s, {_COUNTS}"  # noqa: S608 - our own names
            " FROM insight_count WHERE month = %s AND cases > 0",
            [one.pk, one.month],
        )
    return int(made)


def _allowed(actor: Actor) -> None:
    verdict = permissions.may_publish(posts_of(actor.id or 0))
    if not verdict:
        raise PermissionRefused(verdict)
