"""What was held is done when what it waits for is there; files find their case."""

from datetime import datetime, timedelta, timezone
from uuid import UUID

import structlog
from django.db import transaction

from lingka.accounts import selectors as accounts
from lingka.cases import actions as cases
from lingka.core import clock
from lingka.core.crypto import unseal
from lingka.field import forgetting, operations
from lingka.field.judging import judged, settled
from lingka.field.models import Operation, Upload
from lingka.field.operations import Sent
from lingka.field.senders import Sender, in_the_name
from lingka.field.shapes import OperationIn

log = structlog.get_logger()
TOGETHER = timedelta(minutes=10)  # photos of one report come as one, or after this time
Status = Operation.Status


def settle(sender: Sender) -> None:
    """Look through what a worker's phones have waiting. Nothing here stops what came in."""
    while _take_up(sender):
        pass
    _bring_files(sender)


def bring_waiting_files() -> int:
    """Files that waited long enough for others go to their case, though no phone came by again.

    Returns of how many workers there were any.
    """
    due = Upload.objects.filter(
        status=Upload.Status.VERIFIED, used=False, verified_at__lt=clock.now() - TOGETHER
    )
    each = due.order_by("device__user_id").distinct("device__user_id").select_related("device")
    devices = [one.device for one in each]
    for device in devices:
        _bring_files(in_the_name(device, accounts.posts_of(device.user_id)))
    return len(devices)


def _take_up(sender: Sender) -> bool:
    """Do what waits for nothing any more; whether that could free others."""
    held = Operation.objects.filter(device__user_id=sender.user, status=Status.HELD)
    waiting = list(held.order_by("device_id", "seq").values_list("id", "waits_for"))
    wanted = {one for _id, ids in waiting for one in ids}
    missing = set(operations.unmet(sender.user, wanted))
    free = [number for number, ids in waiting if missing.isdisjoint(ids)]
    return sum(_do(sender, number) for number in free) > 0


def _do(sender: Sender, number: int) -> bool:
    try:
        with transaction.atomic():
            sender.alone()
            row = Operation.objects.select_for_update().get(id=number)
            if row.status != Status.HELD or row.sealed is None:
                return False
            op = OperationIn.model_validate(unseal(bytes(row.sealed)))
            when = operations.corrected(
                op.occurred_at, row.clock_difference or 0.0, row.received_at or clock.now()
            )
            outcome = judged(Sent(op, sender.actor, when, sender.user, row.device_id))
            settled(row, outcome, op)
    except Exception:  # it stays held, and others go on
        log.exception("held operation failed")
        return False
    return outcome.status != Status.HELD


def _bring_files(sender: Sender) -> None:
    """Files that came after their operation go to the case, those of one operation together."""
    waiting = Upload.objects.filter(
        device__user_id=sender.user, status=Upload.Status.VERIFIED, used=False
    )
    ids = list(waiting.values_list("attachment", flat=True))
    if not ids:
        return
    rows = Operation.objects.filter(
        device__user_id=sender.user, attachments__overlap=ids, kind__in=("report", "act"),
        status__in=(Status.APPLIED, Status.CONFLICT),
    )  # fmt: skip
    for number in list(rows.order_by("id").values_list("id", flat=True)):
        try:
            with transaction.atomic():
                sender.alone()
                _bring(sender, Operation.objects.get(id=number))
        except Exception:  # tried again at the next contact
            log.exception("files not brought in")


def _bring(sender: Sender, row: Operation) -> None:
    mine = operations.ready(sender.user, row.attachments)
    if not mine or not row.result or not _together(row, mine):
        return
    action = str(row.result.get("action", ""))
    cases.bring_in(
        UUID(row.result["case"]), actor=sender.actor, attachments=mine, action=action,
        late=row.status == Status.CONFLICT, occurred_at=_when(row),
    )  # fmt: skip
    operations.use(mine)
    forgetting.shorten(row)
    row.save(update_fields=forgetting.FIELDS)


def _when(row: Operation) -> datetime | None:
    """As the operation; of one that waited too long for them, as they come."""
    if row.occurred_at is None or row.received_at is None:
        return None
    east = timezone(timedelta(minutes=row.occurred_offset or 0))
    at = row.occurred_at.astimezone(east)
    return operations.corrected(at, row.clock_difference or 0.0, row.received_at)


def _together(row: Operation, mine: list[UUID]) -> bool:
    """Whether all that are named are here or refused, or the first has waited long enough."""
    known = Upload.objects.filter(attachment__in=row.attachments)
    still = set(row.attachments) - {
        one.attachment for one in known if one.status != Upload.Status.RECEIVING
    }
    first = min(one.verified_at for one in known if one.attachment in mine and one.verified_at)
    return not still or first < clock.now() - TOGETHER
