"""Operations come in: each with its effect in one transaction, once."""

import json
from datetime import datetime
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.core import clock, epochs
from lingka.core.crypto import mac
from lingka.core.ids import unordered
from lingka.core.problems import Problem
from lingka.field import kinds, operations, versions
from lingka.field.actions.settling import settle
from lingka.field.answers import members, read
from lingka.field.forgetting import STEPS
from lingka.field.judging import judged, settled
from lingka.field.models import Device, Operation
from lingka.field.operations import Outcome, Sent
from lingka.field.senders import Sender
from lingka.field.shapes import MOST_OPERATIONS, OperationIn, PushIn
from lingka.field.telling import Taken, told_all, told_unread

log = structlog.get_logger()
Status = Operation.Status
LARGEST = 65_536  # bytes of one operation, as compact as it can be said in UTF-8


def push(sender: Sender, given: PushIn) -> dict[str, Any]:
    """Take in what a phone did, one by one; whatever becomes of one stops no other."""
    versions.check(given.protocol, given.schema_)
    if len(given.operations) > MOST_OPERATIONS:
        message = _("At most %(limit)s operations at once.") % {"limit": MOST_OPERATIONS}
        raise Problem("large", message, status=413)
    received = clock.now()
    difference = (given.sent_at - received).total_seconds()
    arrival = Arrival(sender, given, received, difference)
    taken = [arrival.take(raw) for raw in given.operations]
    settle(sender)
    _remember(sender.device, given)
    return {
        "epoch": str(epochs.current()),
        "received_at": received.isoformat(),
        "clock_difference": round(difference, 1),
        "results": told_all(sender.user, taken),
    }


class Arrival:
    """One request's operations, with what is the same for all of them."""

    def __init__(
        self, sender: Sender, given: PushIn, received: datetime, difference: float
    ) -> None:
        self.sender = sender
        self.given = given
        self.received = received
        self.difference = difference

    def take(self, raw: Any) -> Taken:
        """An answer for what cannot be read; else the row, whether it is new, and whether it
        differs from what came before."""
        try:
            op = read(OperationIn, raw)
        except Problem as problem:
            return told_unread(raw, members(problem))
        text = json.dumps(raw, sort_keys=True)
        if len(json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()) > LARGEST:
            message = _("This is too much at once. Send less.")
            return told_unread(raw, members(Problem("large", message, status=413)))
        said = mac("operation", text)
        try:
            with transaction.atomic():
                row = self._row(op, said)
                try:
                    with transaction.atomic():
                        row.save(force_insert=True)
                except IntegrityError:
                    return self._again(op, said)
                self.sender.alone()
                settled(row, self._judged(op), op)
        except Exception:  # whatever it is, it must not stop the others: the phone keeps it
            log.exception("operation failed", kind=op.kind)
            return told_unread(raw, _again_later(), Status.HELD)
        return row, True, False

    def _row(self, op: OperationIn, said: bytes) -> Operation:
        offset = op.occurred_at.utcoffset()
        return Operation(
            id=unordered() if op.kind in STEPS else None, device=self.sender.device,
            op_id=op.op_id, seq=op.seq, kind=op.kind, record=op.record,
            status=Status.HELD, said=said, app=self.given.app, schema=self.given.schema_,
            occurred_at=op.occurred_at,
            occurred_offset=int(offset.total_seconds() // 60) if offset else 0,
            clock_difference=self.difference, received_at=self.received,
            received_on=accounts.today(self.received),
            attachments=kinds.named_in(op.data),
        )  # fmt: skip

    def _again(self, op: OperationIn, said: bytes) -> Taken:
        """It came before: the answer is that of then."""
        row = Operation.objects.get(device=self.sender.device, op_id=op.op_id)
        if row.kind != op.kind or row.record not in {None, op.record}:
            problem = Problem(
                "key_reused", _("This was sent before with other content."), status=409
            )
            return told_unread({"op_id": str(op.op_id)}, members(problem))
        return row, False, bool(row.said) and bytes(row.said) != said

    def _judged(self, op: OperationIn) -> Outcome:
        when = operations.corrected(op.occurred_at, self.difference, self.received)
        who = self.sender
        return judged(Sent(op, who.actor, when, who.user, who.device.pk))


def _again_later() -> dict[str, Any]:
    message = _("The server could not take this just now. It is sent again by itself.")
    return members(Problem("again", message, status=503))


def _remember(device: Device, given: PushIn) -> None:
    """What the phone says of itself; written only when it is something new."""
    left = given.left
    new = {"app": given.app, "schema": given.schema_, "last_seen_on": accounts.today()}
    if left is not None:
        new |= {"left_operations": left.operations, "left_attachments": left.attachments}
    changed = {name: value for name, value in new.items() if getattr(device, name) != value}
    if changed:
        Device.objects.filter(id=device.pk).update(**changed)
