"""What the engine does by itself: warnings, breaches and their climbing, ends of suspensions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from lingka.cases import clocks, grades, rows
from lingka.cases.actions.councils import open_council
from lingka.cases.actions.performing import perform
from lingka.cases.definitions import Action
from lingka.cases.events import ClockBreached, ClockWarned
from lingka.cases.models import Case, Unattended
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, evolve
from lingka.cases.world import World
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.events import Head, record

log = structlog.get_logger("lingka.cases")
# When a case that could not be attended to is tried again.
AGAIN = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))


def due_now(limit: int = 200) -> int:
    """Attend to cases whose time has come, each in its own transaction; returns how many.

    Found by the index on `wake_at`; another worker's cases are skipped, not waited for. A case
    that fails is put aside for a while, so that however many fail, those behind have their turn.
    """
    now = clock.now()
    _ask(_MOVED_ON, now)
    while due := _ask(_DUE, now, limit):
        told = {id_: _safely(id_, uuid, now) for id_, uuid in due}
        attended = [id_ for id_, done in told.items() if done]
        if attended:
            Unattended.objects.filter(case__in=attended).delete()
        if attended or None not in told.values():
            return len(attended)
    return 0


# Asked every second and mostly for nothing, so they are written out instead of composed each time.
_MOVED_ON = """
DELETE FROM cases_unattended aside USING cases_case moved
WHERE moved.id = aside.case_id AND aside.next_try_at <= %(now)s
AND (moved.wake_at IS NULL OR moved.wake_at > %(now)s)
RETURNING moved.id, moved.uuid
"""
_DUE = """
SELECT id, uuid FROM cases_case WHERE wake_at <= %(now)s AND NOT EXISTS (
  SELECT FROM cases_unattended aside WHERE aside.case_id = cases_case.id AND next_try_at > %(now)s
) ORDER BY wake_at LIMIT %(limit)s
"""


def _ask(statement: str, now: datetime, limit: int = 0) -> list[tuple[int, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "limit": limit})
        found: list[tuple[int, UUID]] = cursor.fetchall()
    return found


def _safely(id_: int, uuid: UUID, now: datetime) -> bool | None:
    """Whether a case was attended to; None where that failed and it was put aside."""
    try:
        return _attend(uuid, now)
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise  # the database went, not the case
        log.exception("case_not_attended", case=str(uuid))
        _put_aside(id_, error, now)
        return None


def _put_aside(id_: int, error: Exception, now: datetime) -> None:
    held = Unattended.objects.filter(case=id_).first() or Unattended(
        case_id=id_, attempts=0, since=now
    )
    held.next_try_at = now + AGAIN[min(held.attempts, len(AGAIN) - 1)]
    held.attempts, held.error = held.attempts + 1, f"{type(error).__name__}: {error}"[:500]
    held.save()


def _attend(uuid: UUID, now: datetime) -> bool:
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(skip_locked=True)
            .filter(uuid=uuid, wake_at__lte=now)
            .first()
        )
        if case is None:
            return False
        state = rows.state_of(case)
        if action := _due_action(state, now):
            perform(uuid, action.key, actor=SYSTEM)
            return True
        _announce(case, state, now)
        return True


def _due_action(state: CaseState, now: datetime) -> Action | None:
    """What is done by itself now: a suspension ends, a state that waited long enough is left."""
    workflow = catalogue.workflow(state.workflow)
    until = state.facts.get("resume_on")
    if until is not None and clocks.moment(until) <= now:
        return workflow.by_system(state.state, "end_suspension")
    clock = state.clocks.get(workflow.states[state.state].clock)
    if clock and clocks.is_running(dict(clock)) and clocks.moment(clock["due"]) <= now:
        return workflow.when_over(state.state)
    return None


def _announce(case: Case, state: CaseState, now: datetime) -> None:
    """One event for each clock that has something to say, oldest deadline first."""
    world = World(now)
    head = Head(case.version, bytes(case.head))
    done, told = None, dict[str, Any]()
    for name in sorted(state.clocks, key=lambda one: state.clocks[one]["due"]):
        value = dict(state.clocks[name])
        attention = clocks.next_attention(value)
        if attention is None or attention > now:
            continue
        event = _event(name, value, state, now, world)
        state = evolve(state, event.changes)
        done = record(event, stream_id=case.uuid, actor=SYSTEM, after=head)
        head = done.head
        told |= event.changes.get("facts", {})
    if done is None:  # written by an older version, or by hand: else it would wake for ever
        case.wake_at = rows.wake_at(state)
    else:
        rows.put(case, state, done)
    case.save(force_update=True)
    open_council(case, {"facts": told}, world)


def _event(
    name: str, value: dict[str, Any], state: CaseState, now: datetime, world: World
) -> ClockWarned | ClockBreached:
    if clocks.moment(value["due"]) > now:
        index = value["warned"]
        changes: dict[str, Any] = {"clocks": {name: value | {"warned": index + 1}}}
        return ClockWarned(name, int(clocks.FRACTIONS[index] * 100), value["due"], changes)
    level = value["level"] + (1 if value["breached"] else 0)
    area = _area_at(state, level, world)
    over = {
        "breached": value["breached"] or clocks.text(now),
        "level": level,
        "warned": len(clocks.FRACTIONS),
        "top": world.desk_above(area) is None,
    }
    changes = {"clocks": {name: value | over}}
    if level:
        changes["facts"] = {"escalated": area}
    return ClockBreached(
        name,
        level,
        value["due"],
        area,
        grades.with_grade(catalogue.workflow(state.workflow), state, changes, world),
    )


def _area_at(state: CaseState, level: int, world: World) -> int:
    """The desk that a breach of this level is told to: the case's own, then up the tree."""
    area = state.desk_area
    for _step in range(level):
        area = world.desk_above(area) or area
    return area
