"""Receipts' tokens: derived from the receipt's id and a server key, never stored (ADR 5)."""

import base64
from dataclasses import dataclass
from uuid import UUID

from lingka.cases.models import Case, Receipt
from lingka.core import clock, codes
from lingka.core.crypto import current_key_number, derive, sha256
from lingka.core.ids import uuid7

BYTES = 20  # 160 bits


@dataclass(frozen=True)
class Opened:
    """What the reporter gets: the case's number and the receipt's token and short code."""

    case_uuid: UUID
    case_number: str
    receipt_uuid: UUID
    receipt_id: int
    token: str
    short_code: str
    existing: bool


def token_of(receipt: UUID, key_number: int) -> str:
    """32 signs of base 32, lower case."""
    secret = derive("receipt", key_number, receipt.bytes)[:BYTES]
    return base64.b32encode(secret).decode().lower()


def hash_of(token: str) -> bytes:
    return sha256(token.lower().encode())


def new(
    *, kind: str, language: str, idempotency_key: UUID | None, payload: bytes, share_words: bool
) -> tuple[Receipt, str]:
    """An unsaved receipt and its token."""
    uuid, number = uuid7(), current_key_number()
    token = token_of(uuid, number)
    receipt = Receipt(
        uuid=uuid,
        kind=kind,
        token_hash=hash_of(token),
        token_key=number,
        short_code=codes.short_code(),
        language=language,
        idempotency_key=idempotency_key,
        payload_hash=payload,
        share_words=share_words,
        created_at=clock.now(),
    )
    return receipt, token


def opened(case: Case, receipt: Receipt, *, existing: bool) -> Opened:
    """What to tell the holder; the token is derived anew."""
    token = token_of(receipt.uuid, receipt.token_key)
    return Opened(
        case.uuid, case.number, receipt.uuid, receipt.id, token, receipt.short_code, existing
    )
