"""What is left of an operation once it is settled: enough to answer it again, nothing of a way.

A worker's position and hours belong to the report or action that they came with. Of a round the
outcome is kept, by `patrols`. Here, one row after the other would be the way of whoever walked: so
moments go, and of a round's steps also which place, and in which order.
"""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from lingka.field.models import Operation, Upload

STEPS = frozenset({"round_start", "round_stop", "round_end", "checklist", "entry", "task"})
WAITING = timedelta(days=7)  # for photos that are to be dated by their operation
MOMENTS = ("occurred_at", "occurred_offset", "clock_difference", "received_at")
FIELDS = (*MOMENTS, "said", "attachments", "record", "seq")


def shorten(row: Operation) -> None:
    """Forget it in memory; the caller writes `FIELDS`."""
    if row.kind in STEPS:
        _step(row)
    elif not _all_used(row.attachments):
        return
    for name in MOMENTS:
        setattr(row, name, None)


def _step(row: Operation) -> None:
    row.said, row.attachments, row.seq = b"", [], _mixed(row)
    if row.kind in {"checklist", "entry", "task"}:
        row.record = None


def _mixed(row: Operation) -> int:
    """A number of a step of that day, its own or another's, which gets this one: with each that
    comes they are shuffled, and none is missing."""
    others = Operation.objects.filter(
        device_id=row.device_id, kind__in=STEPS, received_on=row.received_on
    )
    settled = others.exclude(pk=row.pk).exclude(status=Operation.Status.HELD)
    pairs = [(row.pk, row.seq), *settled.values_list("pk", "seq")]
    chosen, seq = secrets.choice(pairs)
    if chosen != row.pk:
        Operation.objects.filter(pk=chosen).update(seq=row.seq)
    return seq


def _all_used(attachments: list[UUID]) -> bool:
    wanted = set(attachments)
    if not wanted:
        return True
    used = Upload.objects.filter(attachment__in=wanted, used=True)
    left = wanted - set(used.values_list("attachment", flat=True))
    if not left:
        return True
    given_up = Operation.objects.filter(record__in=left, kind="leave_out", status="applied")
    return given_up.values("record").distinct().count() == len(left)


def when_used(rows: QuerySet[Upload]) -> None:
    """They are where they belong: of their way there the hash stays, for who asks again."""
    rows.update(used=True, record=None, begun_at=None, verified_at=None)


def late(today: date) -> int:
    """Forget of those whose photos did not come in a week; returns how many they were."""
    old = Operation.objects.filter(received_on__lt=today - WAITING, received_at__isnull=False)
    return old.exclude(status=Operation.Status.HELD).update(**dict.fromkeys(MOMENTS))
