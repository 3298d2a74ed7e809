"""What a phone is told of its operations."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from lingka.field import operations
from lingka.field.models import Operation

Taken = dict[str, Any] | tuple[Operation, bool, bool]
Status = Operation.Status


def told_all(user: int, taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """Results in the order in which the operations came; what was held may be done by now."""
    rows = [one[0] for one in taken if isinstance(one, tuple)]
    held = [row.pk for row in rows if row.status == Status.HELD]
    now = Operation.objects.in_bulk(held) if held else {}
    here = whole(user, rows)
    return [
        one if isinstance(one, dict) else _told(now.get(one[0].pk, one[0]), one, here)
        for one in taken
    ]


def _told(row: Operation, taken: tuple[Operation, bool, bool], here: set[UUID]) -> dict[str, Any]:
    _row, new, differs = taken
    status = row.status
    if status == Status.APPLIED and not new:
        status = "duplicate"
    answer = {"op_id": str(row.op_id), "status": status, "stored": True, **standing(row, here)}
    return answer | {"differs": True} if differs else answer


def standing(row: Operation, here: set[UUID]) -> dict[str, Any]:
    """How an operation stands, with what is still missing."""
    missing = [str(one) for one in row.attachments if one not in here]
    return {
        "complete": row.status == Status.APPLIED and not missing,
        "missing": missing,
        "waits_for": [str(one) for one in row.waits_for] if row.status == Status.HELD else [],
        "result": row.result,
        "problem": row.problem,
    }


def whole(user: int, rows: Iterable[Operation]) -> set[UUID]:
    """Which of the files that these name are here, or will never be."""
    named = {one for row in rows for one in row.attachments}
    return operations.settled_files(user, named) if named else set()


def told_unread(raw: Any, problem: dict[str, Any], status: str = Status.REJECTED) -> dict[str, Any]:
    """Of what the server keeps nothing."""
    return {
        "op_id": _id(raw), "status": status, "stored": False, "complete": False, "missing": [],
        "waits_for": [], "result": None, "problem": problem,
    }  # fmt: skip


def _id(raw: Any) -> str | None:
    try:
        return str(UUID(raw["op_id"]))
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
