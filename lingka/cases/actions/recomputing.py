"""A changed calendar moves the deadlines that still run in it; what was granted stays granted."""

from typing import Any

from django.db import transaction

from lingka.cases import clocks, rows
from lingka.cases.events import ClocksRecomputed
from lingka.cases.models import Case, Stage
from lingka.cases.workflow import CaseState, evolve
from lingka.cases.world import World
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.events import Head, record

BATCH = 500


def recompute_clocks() -> int:
    """Compute open cases' deadlines anew where their calendar has a newer version in force.

    Each case in its own transaction, with an event that says what moved; run again, it finds
    nothing left to do. Returns how many cases changed.
    """
    changed = last = 0
    while ids := _open_after(last):
        changed += sum(_recompute(id_) for id_ in ids)
        last = ids[-1]
    return changed


def _open_after(last: int) -> list[int]:
    rows_ = Case.objects.filter(id__gt=last).exclude(stage=Stage.CLOSED).order_by("id")
    return list(rows_.values_list("id", flat=True)[:BATCH])


def _recompute(id_: int) -> bool:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=id_)
        state = rows.state_of(case)
        changes = _moved(state, World(clock.now()))
        if not changes or state.stage == Stage.CLOSED:
            return False
        calendar = next(iter(changes.values()))["calendar"]
        event = ClocksRecomputed(calendar, {"clocks": changes})
        head = Head(case.version, bytes(case.head))
        done = record(event, stream_id=case.uuid, actor=SYSTEM, after=head)
        rows.put(case, evolve(state, event.changes), done)
        case.save(force_update=True)
    return True


def _moved(state: CaseState, world: World) -> dict[str, Any]:
    calendar = world.calendar(state.lead_unit)
    found = {}
    for name, held in state.clocks.items():
        if held["calendar"] in {None, calendar.version_id}:
            continue
        again = clocks.recompute(dict(held), calendar)
        if again != held:
            found[name] = again
    return found
