"""Reads on appeals: what waits for whom, and what the resident is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from lingka.areas import selectors as areas
from lingka.core import contents, events
from lingka.insight.events import AppealObjected
from lingka.insight.models import Appeal
from lingka.insight.permissions import Reach

SHOWN = 200
WAITING = (Appeal.State.FILED, Appeal.State.OBJECTED)


def seen(reach: Reach) -> list[Appeal]:
    """Those of a reader's areas and units: what waits first, then the newest."""
    rows = Appeal.objects.filter(_within(reach)).order_by("-filed_at")[:SHOWN]
    return sorted(rows, key=lambda one: one.state not in WAITING)


def one(uuid: UUID, reach: Reach) -> Appeal | None:
    return Appeal.objects.filter(_within(reach), uuid=uuid).first()


def _within(reach: Reach) -> Q:
    condition = Q(unit__in=reach.units)
    for area in reach.areas:
        condition |= Q(area_path__startswith=areas.area(area).path)
    return condition


def words(appeals: Iterable[Appeal]) -> dict[UUID, Any]:
    """What was written on appeals, by content id."""
    ids = [one for row in appeals for one in (row.words, row.decision, row.objection) if one]
    return contents.read(ids)


@dataclass(frozen=True)
class Notice:
    """What the resident is told: their case is not counted, and until when they may object."""

    appeal: UUID
    kind: str
    ground: str
    decision: str
    objection: str
    state: str
    until: datetime | None
    opened: bool  # may still be objected to


def notices(case: UUID, receipt: int) -> list[Notice]:
    """What was upheld about a case, or is looked at again because a resident objected.

    What one holder wrote is shown to no other: several may follow the same case.
    """
    from lingka.insight.actions.appeals import can_object

    told = Q(state=Appeal.State.UPHELD) | Q(state=Appeal.State.OBJECTED) | Q(final=True)
    rows = list(Appeal.objects.filter(told, case=case).order_by("filed_at"))
    said = words(rows)
    return [
        Notice(
            row.uuid, row.kind, row.ground, str(said.get(row.decision, "")) if row.decision else "",
            str(said.get(row.objection, "")) if row.objection and _by(receipt, row) else "",
            row.state,
            row.object_until, can_object(row),
        )
        for row in rows
    ]  # fmt: skip


def _by(receipt: int, appeal: Appeal) -> bool:
    """Whether the holder of a receipt is who objected."""
    told = [one for one in events.history(appeal.uuid) if isinstance(one.data, AppealObjected)]
    return bool(told) and told[-1].actor.get("id") == receipt


def concerns(case: UUID) -> bool:
    """Is there anything to tell the resident about how their case counts?"""
    told = Q(state=Appeal.State.UPHELD) | Q(state=Appeal.State.OBJECTED) | Q(final=True)
    return Appeal.objects.filter(told, case=case).exists()
