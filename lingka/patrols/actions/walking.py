"""What is done on a round: starting it, its stops, ending it; and what becomes of a missed one.

Phones send all of this late, again, and out of order. So everything can be repeated, a stop starts
a round that nobody has started, and a round that was taken for missed is walked after all.

What is recorded of a walk is recorded as the system's: an event keeps its moment, and with its
actor it would say where somebody was and when. Who may walk is asked before.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import clock, contents
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.patrols import permissions, reasons
from lingka.patrols.actions.publishing import must
from lingka.patrols.events import (
    MissExplained,
    RoundEnded,
    RoundMissed,
    RoundStarted,
    StopRecorded,
)
from lingka.patrols.models import Round, Stop

LONGEST_WORDS = 300
GRACE = timedelta(hours=2)  # phones without a network are late
AT_ONCE = 200


@dataclass(frozen=True)
class Walked:
    """How a round stands."""

    state: str
    version: int
    done: int
    skipped: int
    open: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def start_round(round: UUID, *, actor: Actor) -> Walked:  # noqa: A002
    """Somebody sets out. Again, or by a colleague, changes nothing: they walk together.
    When is not kept, nor who: that it is on the way is."""
    row = _walked(round, actor)
    _start(row)
    return _standing(row)


@transaction.atomic
def record_stop(
    round: UUID, stop: UUID, *, outcome: str, actor: Actor, reason: str = "",  # noqa: A002
) -> Walked:  # fmt: skip
    """A stop was done, or left out with a reason: one of `reasons.SKIPPED`, or words.

    The first outcome counts, but that who was there counts more than that who was not.
    """
    row = _walked(round, actor)
    found = row.stops.select_for_update().filter(uuid=stop).first()
    if found is None:
        raise Problem("no_stop", _("This stop is not on the round any more."), status=404)
    if outcome not in {"done", "skipped"}:
        raise Problem("outcome", _("Please choose one of these."), field="outcome", status=422)
    if outcome == "skipped" and not reason.strip():
        raise Problem("reason", _("Please say why."), field="reason", status=422)
    _start(row)
    if found.outcome in {"done", outcome}:
        return _standing(row)
    _note_stop(row, found, outcome, reason.strip())
    return _standing(row)


def _note_stop(row: Round, stop: Stop, outcome: str, reason: str) -> None:
    stop.outcome, stop.reason, stop.words = outcome, "", None
    if outcome == "skipped":
        stop.reason = reason if reason in reasons.SKIPPED else "other"
        if reason not in reasons.SKIPPED:
            said, day = reason[:LONGEST_WORDS], areas.day_of(None)
            stop.words = contents.keep("words", said, get_language() or "", day=day).id
    stop.save(update_fields=["outcome", "reason", "words"])
    _touch(row)
    record(StopRecorded(), stream_id=row.uuid, actor=SYSTEM)


def visited(stop: Stop) -> None:
    """A checklist was gone through there: the stop is done. In the caller's transaction."""
    row = Round.objects.select_for_update().get(id=stop.round_id)
    _start(row)
    if stop.outcome != "done":
        _note_stop(row, stop, "done", "")


@transaction.atomic
def end_round(round: UUID, *, actor: Actor) -> Walked:  # noqa: A002
    """It is over; stops without an outcome stay open. Again is the same."""
    row = _walked(round, actor)
    _start(row)
    if row.state != Round.State.ENDED:
        row.state = Round.State.ENDED
        _touch(row)
        now = _standing(row)
        record(RoundEnded(now.done, now.skipped, now.open), stream_id=row.uuid, actor=SYSTEM)
    return _standing(row)


def _walked(uuid: UUID, actor: Actor) -> Round:
    """A round, locked, that this actor may walk."""
    row = Round.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise Problem("no_round", _("There is no such round."), status=404)
    must(permissions.may_walk(actor, row.unit_id, areas.area(row.area_id).path))
    if row.state == Round.State.CANCELLED:
        raise Problem("cancelled", _("This round was cancelled."), status=409)
    return row


def _start(row: Round) -> None:
    if row.state not in {Round.State.PLANNED, Round.State.MISSED}:
        return
    missed = row.state == Round.State.MISSED
    row.state = Round.State.STARTED
    row.missed_at, row.in_a_row, row.brought_to, row.excuse = None, 0, None, ""
    _touch(row)
    record(RoundStarted(missed), stream_id=row.uuid, actor=SYSTEM)


def _touch(row: Round) -> None:
    row.version += 1
    row.save()


def _standing(row: Round) -> Walked:
    outcomes = list(row.stops.values_list("outcome", flat=True))
    return Walked(
        str(row.state), row.version, outcomes.count("done"), outcomes.count("skipped"),
        outcomes.count(""),
    )  # fmt: skip


# -- missed ----------------------------------------------------------------------------------


def close_missed() -> int:
    """Rounds whose time is over and that nobody started: each miss in a row is told one level
    higher up. Returns how many."""
    due = Round.objects.filter(
        state=Round.State.PLANNED, until_at__lt=clock.now() - GRACE
    ).order_by("day", "id")
    found = 0
    for number in due.values_list("id", flat=True)[:AT_ONCE]:
        found += _miss(number)
    return found


@transaction.atomic
def _miss(number: int) -> bool:
    row = Round.objects.select_for_update().get(id=number)
    if row.state != Round.State.PLANNED:
        return False  # somebody set out meanwhile
    before = Round.objects.filter(plan_id=row.plan_id, day__lt=row.day)
    last = before.exclude(state=Round.State.CANCELLED).order_by("-day").first()
    missed = last is not None and last.state == Round.State.MISSED
    row.in_a_row = 1 + (last.in_a_row if last and missed else 0)
    row.state, row.missed_at = Round.State.MISSED, clock.now()
    above = areas.ancestors(areas.area(row.area_id).path)
    row.brought_to_id = above[max(0, len(above) - 1 - row.in_a_row)].id
    _touch(row)
    record(RoundMissed(row.in_a_row, row.brought_to_id), stream_id=row.uuid, actor=SYSTEM)
    return True


@transaction.atomic
def explain_miss(round: UUID, excuse: str, *, actor: Actor) -> None:  # noqa: A002
    """Whoever it was brought to says why it was missed; it stays missed, and waits no longer."""
    row = Round.objects.select_for_update().filter(uuid=round, state=Round.State.MISSED).first()
    if row is None:
        raise Problem("no_round", _("There is no such round."), status=404)
    must(permissions.may_plan(actor, areas.area(row.area_id).path))
    if excuse not in reasons.MISSED:
        raise Problem("excuse", _("Please choose one of these."), field="excuse", status=422)
    if row.excuse == excuse:
        return
    row.excuse = excuse
    _touch(row)
    record(MissExplained(excuse), stream_id=row.uuid, actor=actor)
