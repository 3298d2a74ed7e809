"""An operation is done, refused or held; what became of it is written down."""

import json
from typing import Any

from django.db import transaction
from django.db.models import Q

from lingka.core.crypto import seal
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.field import forgetting, kinds, operations
from lingka.field.answers import members
from lingka.field.models import Operation
from lingka.field.operations import Outcome, Sent, Wait
from lingka.field.shapes import OperationIn

Status = Operation.Status


def judged(sent: Sent) -> Outcome:
    """Do it, or say what it waits for or why it cannot be done. A refusal leaves no trace."""
    if (before := _before(sent)) is not None:
        return before
    missing = operations.unmet(sent.user, (i for i in sent.op.depends_on if i != sent.op.op_id))
    if missing:
        return Outcome(Status.HELD, waits_for=missing)
    try:
        with transaction.atomic():
            return kinds.effect(sent)
    except Wait as wait:
        return Outcome(Status.HELD, waits_for=wait.ids)
    except (Problem, PermissionRefused) as refused:
        return Outcome(Status.REJECTED, problem=_plain(members(refused)))


def _before(sent: Sent) -> Outcome | None:
    """The answer of then, where another phone of this worker brought the same: one registered anew
    sends everything again, and the case may have moved on by what it did itself."""
    same = Operation.objects.filter(
        Q(record=sent.op.record) | Q(record=None),
        device__user_id=sent.user, op_id=sent.op.op_id, kind=sent.op.kind,
    )  # fmt: skip
    others = same.exclude(device_id=sent.device).exclude(status=Status.HELD)
    row = others.order_by("device_id").first()
    return Outcome(row.status, row.result, row.problem) if row else None


def settled(row: Operation, outcome: Outcome, op: OperationIn) -> None:
    """Write down what became of it; its content and its moments stay as long as it is held."""
    row.status, row.result, row.problem = outcome.status, outcome.result, outcome.problem
    row.waits_for = outcome.waits_for
    row.sealed = seal(op.model_dump(mode="json")) if outcome.status == Status.HELD else None
    if row.status != Status.HELD:
        forgetting.shorten(row)
    named = ("status", "result", "problem", "waits_for", "sealed")
    row.save(update_fields={*named, *forgetting.FIELDS})


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(value, default=str))
    return found
