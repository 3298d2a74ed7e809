"""Promises follow their cases."""

from collections.abc import Sequence
from uuid import UUID

from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver
from lingka.promises import folding
from lingka.promises.models import Promise

OPEN = ("running", "kept", "broken")  # what a case that goes on may still change


@batch_receiver("promises.fold", CaseActed)
def fold(events: Sequence[StoredEvent]) -> None:
    """Two statements a batch for cases that nobody promised anything for. Twice does no harm."""
    told = [event for event in events if folding.made(event) is not None or _follows(event)]
    concerned = _concerned(told)
    for event in told:
        if event.stream_id in concerned:
            _fold(event)


def _follows(event: StoredEvent) -> bool:
    data = event.data
    assert isinstance(data, CaseActed)
    return data.from_stage != data.to_stage or "reopen_until" in data.changes.get("facts", {})


def _concerned(events: Sequence[StoredEvent]) -> set[UUID]:
    """The cases for which something is promised, by one of these events too, and those that others
    were merged into."""
    several = {event.stream_id for event in events}
    made = {event.stream_id for event in events if folding.made(event) is not None}
    stand = Promise.objects.filter(case_uuid__in=several).values_list("case_uuid", flat=True)
    return {*made, *stand, *cases.with_merged(several)} if several else set()


def _fold(event: StoredEvent) -> None:
    new = folding.made(event)
    if new is not None:
        _make(event, new)
        return
    for one in _standing(event):
        changes = folding.followed(event, due_at=one.due_at, reported_at=one.reported_at)
        Promise.objects.filter(id=one.id).update(**changes) if changes else None


def _standing(event: StoredEvent) -> list[Promise]:
    """The last promise for the case, and for each that was merged into it: unless another day took
    its place."""
    several = [str(event.stream_id), *cases.merged_into(event.stream_id)]
    rows = Promise.objects.filter(case_uuid__in=several, position__lt=event.position)
    last = {one.case_uuid: one for one in rows.order_by("position")}
    own = last.get(event.stream_id)
    replaced = own.made_at if own else None
    return [
        one for one in last.values()
        if one.state != "moved" and (one is own or replaced is None or one.settled_at != replaced)
    ]  # fmt: skip


def _make(event: StoredEvent, new: dict[str, object]) -> None:
    case = cases.standings([event.stream_id]).get(event.stream_id)
    if case is None or not case.listed:
        return
    several = [str(event.stream_id), *cases.merged_into(event.stream_id)]
    before = Promise.objects.filter(
        case_uuid__in=several, position__lt=event.position, state="running"
    )
    for one in before:
        Promise.objects.filter(id=one.id).update(**folding.moved(one.due_at, event.occurred_at))
    Promise.objects.get_or_create(
        position=event.position,
        defaults={
            "case_uuid": event.stream_id, "case_number": case.number,
            "case_type": case.case_type, "area_path": case.area_path, **new,
        },
    )  # fmt: skip
