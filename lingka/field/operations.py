"""An operation between its arrival and its effect."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from lingka.core.actors import Actor
from lingka.field import forgetting
from lingka.field.models import Operation, Upload
from lingka.field.shapes import OperationIn

TRUSTED = 600  # seconds that a device's clock may differ before it is corrected
REFUSED = (Operation.Status.CONFLICT, Operation.Status.REJECTED)


@dataclass(frozen=True)
class Sent:
    """What an effect may know of an operation."""

    op: OperationIn
    actor: Actor
    occurred_at: datetime  # corrected
    user: int
    device: int


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    status: str
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None
    waits_for: list[UUID] = field(default_factory=list)


class Wait(Exception):  # noqa: N818  # no fault: it is done when these are there
    def __init__(self, ids: Iterable[UUID]) -> None:
        super().__init__()
        self.ids = list(ids)


def corrected(occurred: datetime, difference: float, received: datetime) -> datetime:
    """When it was, by our clock as well as we know; never later than it came. Keeps the offset."""
    if abs(difference) > TRUSTED:
        occurred -= timedelta(seconds=difference)
    return min(occurred, received.astimezone(occurred.tzinfo))


def unmet(user: int, ids: Iterable[UUID]) -> list[UUID]:
    """Which of these operations, records and attachments of a worker are not there yet.

    What was refused for good holds nothing up, but for a report: without it there is no case.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    mine = Operation.objects.filter(device__user_id=user)
    done = mine.filter(
        Q(op_id__in=wanted) | Q(record__in=wanted), status=Operation.Status.APPLIED
    ).values_list("op_id", "record")
    refused = mine.filter(op_id__in=wanted, status__in=REFUSED).exclude(kind="report")
    there = {one for row in done for one in row} | set(refused.values_list("op_id", flat=True))
    there |= settled_files(user, wanted)
    return [one for one in wanted if one not in there]


def verified(user: int, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these attachments of a worker are here, whole."""
    rows = Upload.objects.filter(
        attachment__in=list(ids), device__user_id=user, status=Upload.Status.VERIFIED
    )
    return set(rows.values_list("attachment", flat=True))


def settled_files(user: int, ids: Iterable[UUID]) -> set[UUID]:
    """Those that are here, and those that the worker gave up: nothing waits for either."""
    wanted = list(ids)
    given_up = Operation.objects.filter(
        device__user_id=user, kind="leave_out", record__in=wanted, status=Operation.Status.APPLIED
    )
    return verified(user, wanted) | {
        one for one in given_up.values_list("record", flat=True) if one
    }


def ready(user: int, ids: Iterable[UUID]) -> list[UUID]:
    """Which of these are here and with no case yet, in their order."""
    wanted = list(dict.fromkeys(ids))
    rows = Upload.objects.filter(
        attachment__in=wanted, device__user_id=user, status=Upload.Status.VERIFIED, used=False
    )
    found = set(rows.values_list("attachment", flat=True))
    return [one for one in wanted if one in found]


def use(ids: Iterable[UUID]) -> None:
    """They are with their case now."""
    forgetting.when_used(Upload.objects.filter(attachment__in=list(ids)))
