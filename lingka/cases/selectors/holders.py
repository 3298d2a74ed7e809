"""Who holds a receipt: enough to act as its holder, to ask them back and to reach their device."""

import json
from dataclasses import dataclass
from uuid import UUID

from lingka.cases import receipts
from lingka.cases.models import Contact, Receipt, Stage
from lingka.core.crypto import unseal


@dataclass(frozen=True)
class Holder:
    """Enough to act as the holder of a receipt."""

    case_uuid: UUID
    uuid: UUID
    id: int


def was_sent(key: UUID) -> bool:
    """Whether a report came with this idempotency key before."""
    return Receipt.objects.filter(idempotency_key=key).exists()


def holder(token: str) -> Holder | None:
    """The case and receipt that a token opens."""
    rows = Receipt.objects.filter(token_hash=receipts.hash_of(token))
    found = rows.values_list("case__uuid", "uuid", "id").first()
    return Holder(*found) if found else None


@dataclass(frozen=True)
class Waiting:
    """The case that a receipt is of now, and since when a question to the resident is open."""

    case_uuid: UUID
    language: str
    asked: str
    is_open: bool


def waiting(receipt_id: int) -> Waiting | None:
    """Whether something is waited for from whoever holds this receipt."""
    rows = Receipt.objects.filter(id=receipt_id)
    found = rows.values_list("case__uuid", "language", "case__facts__asked", "case__stage").first()
    if found is None:
        return None
    case, language, asked, stage = found
    return Waiting(case, language, asked or "", stage != Stage.CLOSED)


def holds(receipt_id: int, case: UUID) -> bool:
    """Is this receipt one of a case?"""
    return Receipt.objects.filter(id=receipt_id, case__uuid=case).exists()


def pushes_to(receipt_id: int, endpoint: str) -> bool:
    """Whether messages of a receipt go to this device."""
    row = Contact.objects.filter(receipt_id=receipt_id).first()
    push = unseal(bytes(row.sealed)).get("push") if row and endpoint else ""
    return bool(push) and json.loads(push)["endpoint"] == endpoint
