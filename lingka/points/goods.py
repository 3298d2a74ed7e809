"""Exchange points' words and codes. Pure."""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lingka.core.crypto import current_key_number, derive

WHYS = {
    "delivered": _("Delivered"),
    "handed": _("Handed over"),
    "counted": _("Counted"),
    "returned": _("Came back"),
}
KEPT_FOR = timedelta(days=3)  # a reservation holds so long, whatever the network does
STEP = timedelta(minutes=5)  # a code at the counter is good in its step and the next
MOST_STOCK = 100_000
FEW = 5  # handed out, below which no sponsor is told how many


def code_of(reservation: UUID, at: datetime) -> str:
    """What the phone shows at the counter: signed, and good for a few minutes."""
    return _signed("points-counter", reservation, _step(at), current_key_number())


def read_code(given: str, at: datetime) -> UUID | None:
    """Whose code it is; None where it is not ours, or too old."""
    return _read("points-counter", given, at)


def card_of(account: UUID, at: datetime) -> str:
    """What a member shows a desk that enters points: the same, of their account."""
    return _signed("points-card", account, _step(at), current_key_number())


def read_card(given: str, at: datetime) -> UUID | None:
    return _read("points-card", given, at)


def _step(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() // STEP.total_seconds())


def _signed(what: str, of: UUID, step: int, key: int) -> str:
    seal = derive(what, key, f"{of}:{step}".encode()).hex()[:24]
    return f"{of.hex}{key}.{step}.{seal}"


def _read(what: str, given: str, at: datetime) -> UUID | None:
    head, _dot, _rest = given.partition(".")
    if len(given) > 120 or not given.isascii() or len(head) < 33 or not head[32:].isdecimal():  # noqa: PLR2004
        return None
    try:
        of, key = UUID(head[:32]), int(head[32:])
    except ValueError:
        return None
    if not 1 <= key <= current_key_number():
        return None
    steps = (_step(at), _step(at) - 1)
    good = any(hmac.compare_digest(_signed(what, of, one, key), given) for one in steps)
    return of if good else None
