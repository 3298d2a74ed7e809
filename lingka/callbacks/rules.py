"""Whose turn it is, and whom the lot chose: pure functions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from lingka.cases import callbacks
from lingka.cases.callbacks import Plan, Window
from lingka.cases.selectors.calls import ToCall

WHOLE = 100


def seed_hash(seed: str) -> str:
    return sha256(seed.encode()).hexdigest()


def lot(seed: str, number: str) -> int:
    """A case's lot, 0 to 99: anybody can reckon it from the seed and the case's number."""
    return int.from_bytes(sha256(f"{seed}:{number}".encode()).digest()[:4]) % WHOLE


def drawn(seed: str, number: str, share: int) -> bool:
    return lot(seed, number) < share


def share(counted: int, plan: Plan) -> int:
    """In hundred, how many of a week's cases are called when there were so many before."""
    if counted <= plan.sampling["above"]:
        return WHOLE
    return max(plan.sampling["least"], WHOLE * plan.sampling["calls"] // counted)


def week_of(moment: datetime) -> date:
    """The Monday of a moment's week, on the town's calendar."""
    day = callbacks.local(moment).date()
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Turn:
    """What to do about one case: "first" the resident's word, "now", "later", or "enough"."""

    kind: str
    at: datetime
    window: Window | None = None


def turn(call: ToCall, now: datetime) -> Turn:
    plan = callbacks.plan()
    word = call.since + plan.first_word
    if now < word:
        return Turn("first", word)
    if call.enough:
        return Turn("enough", now)
    at, window = callbacks.next_window(call.tries, now)
    return Turn("now" if at <= now else "later", at, window)
