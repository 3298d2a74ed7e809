"""A changed calendar moves the deadlines that still run in it; what was granted stays granted."""

from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from lingka.cases import clocks, rows
from lingka.cases.events import ClocksRecomputed
from lingka.cases.models import Case, Recomputing, Stage
from lingka.cases.workflow import CaseState, evolve
from lingka.cases.world import World
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.events import Head, record

log = structlog.get_logger("lingka.cases")
BATCH = 500


def plan_recomputing(version: int, starts: date) -> None:
    """Have open deadlines computed anew from the day on which a calendar version is in force."""
    Recomputing.objects.get_or_create(version=version, defaults={"starts": starts})


def recompute_clocks(limit: int = BATCH) -> int:
    """Compute the deadlines of some open cases anew, where a newer version of theirs is in force.

    Returns how many cases were looked at; 0 when nothing is left. Each case has a transaction of
    its own, with an event that says what moved. Stopped in the middle, it goes on with the next
    batch; looked at twice, a case is found to be right already.
    """
    for plan in Recomputing.objects.filter(starts__lte=timezone.localdate(clock.now())):
        if ids := _open_after(plan.after, limit):
            for id_ in ids:
                _safely(id_)
            Recomputing.objects.filter(version=plan.version).update(after=ids[-1])
            return len(ids)
        plan.delete()
    return 0


def _open_after(last: int, limit: int) -> list[int]:
    rows_ = Case.objects.filter(id__gt=last).exclude(stage=Stage.CLOSED).order_by("id")
    return list(rows_.values_list("id", flat=True)[:limit])


def _safely(id_: int) -> None:
    """One case that cannot be computed keeps no other waiting; the log names it."""
    try:
        _recompute(id_)
    except Exception:
        log.exception("case_not_recomputed", case=id_)


def _recompute(id_: int) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=id_)
        state = rows.state_of(case)
        changes = _moved(state, World(clock.now()))
        if not changes or state.stage == Stage.CLOSED:
            return
        calendar = next(iter(changes.values()))["calendar"]
        event = ClocksRecomputed(calendar, {"clocks": changes})
        head = Head(case.version, bytes(case.head))
        done = record(event, stream_id=case.uuid, actor=SYSTEM, after=head)
        rows.put(case, evolve(state, event.changes), done)
        case.save(force_update=True)


def _moved(state: CaseState, world: World) -> dict[str, Any]:
    """Clocks that a newer version of their own calendar moves, in the way they began."""
    found = {}
    for name, held in state.clocks.items():
        calendar = world.calendar_of(held)
        if held["calendar"] in {None, calendar.version_id}:
            continue
        again = clocks.recompute(dict(held), calendar)
        if again != held:
            found[name] = again
    return found
