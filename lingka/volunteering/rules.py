"""Codes that change, minutes that count, who moves up. Pure."""

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

STEP = 30  # seconds that a code is shown
SIGNS = 12  # of a code, hexadecimal, after the two that hint at its step
HINTS = 256  # a wrong code is compared with one step in so many alone
AROUND = 1  # steps before and after that still count
EARLY = timedelta(minutes=30)  # before it begins, somebody can be here
LATE = timedelta(minutes=60)  # after it ends, somebody can still say that they go
LONGEST = timedelta(hours=12)
MOST_PLACES = 2000
REMIND = timedelta(hours=24)
LONGEST_CAMPAIGN = timedelta(days=365)
TITLE, TEXT, WHERE = 60, 600, 120
ASKED = 300  # signs in which a draft is sent back

Span = tuple[datetime, datetime]


def street_of(path: str) -> str:
    """The path of the street that a community lies in."""
    return path.rstrip("/").rpartition("/")[0] + "/"


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def code_of(secret: bytes, step: int) -> str:
    """What is shown in one step: of one shift and of these seconds alone."""
    return _hint(step) + hmac.digest(secret, step.to_bytes(8, "big"), "sha256").hex()[:SIGNS]


def _hint(step: int) -> str:
    return f"{step % HINTS:02x}"


def fits(secret: bytes, code: str, at: datetime) -> bool:
    """Whether a code was shown just now, by this machine's time, or a step around it."""
    now = step_of(at)
    steps = range(now - AROUND, now + AROUND + 1)
    return any(_same(code_of(secret, one), code) for one in steps)


def _same(ours: str, theirs: str) -> bool:
    """Theirs is whatever somebody sent: any signs at all."""
    return hmac.compare_digest(ours.encode(), theirs.encode(errors="replace"))


def shown_at(
    secret: bytes, code: str, begins: datetime, ends: datetime, at: datetime
) -> datetime | None:
    """When a code was shown that has run out by now: for a phone that had no network then."""
    first, last = step_of(begins - EARLY), min(step_of(at), step_of(ends + LATE))
    for step in range(last, first - 1, -1):
        if code[:2] == _hint(step) and _same(code_of(secret, step), code):
            return datetime.fromtimestamp(step * STEP, UTC)
    return None


def minutes(
    begins: datetime, ends: datetime, came: datetime, went: datetime, counted: Iterable[Span] = ()
) -> int:
    """Whole minutes of presence inside the shift: what lies before or after counts for nothing,
    nor what is counted already of somebody who was on another list at the same time."""
    (at, last), served = within(begins, ends, came, went), timedelta()
    for first, until in [*sorted(counted), (last, last)]:
        served += max(min(first, last) - at, timedelta())
        at = max(at, until)
    return int(served.total_seconds()) // 60


def within(begins: datetime, ends: datetime, came: datetime, went: datetime) -> Span:
    """From when to when somebody was present inside the shift."""
    return max(begins, came), min(ends, went)


def open_for_scanning(begins: datetime, ends: datetime, at: datetime) -> bool:
    return begins - EARLY <= at <= ends + LATE


def hours(total: int) -> str:
    """ "2.5" of 150 minutes: points are counted in tenths, never more than served."""
    return f"{total // 6 / 10:g}"
