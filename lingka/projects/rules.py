"""How users are asked, when they have confirmed, and what of it is shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lingka.core import datafiles, suppressing

DATA = Path(__file__).parent / "data" / "asking.yaml"
DONE, ASIDE = "done", "aside"
TITLE, TEXT, WHERE, WHY = 60, 400, 120, 400  # signs at most
SHORTEST = 2  # signs of a reason
CAPTION = 120  # signs under a photo
MOST_PHOTOS = 24  # of one project
MOST_COST = 100_000_000  # yuan: what costs more is no small work
MOST = 60  # projects in one list
AHEAD = timedelta(days=3 * 366)  # no day lies farther ahead


@cache
def asking() -> dict[str, Any]:
    found: dict[str, Any] = datafiles.read(DATA)
    return found


def days() -> timedelta:
    return timedelta(days=asking()["days"])


@dataclass(frozen=True)
class Said:
    """What users said, as far as it may be shown."""

    users: int | None  # None: too few
    bars: tuple[tuple[str, int | None], ...]  # option and how many; None where too few

    @property
    def done(self) -> int | None:
        return dict(self.bars).get(DONE)


def outcome(counts: Mapping[str, int]) -> str:
    """ "confirmed", "few" (too few users answered) or "denied" (not enough say that it is done)."""
    users, rule = _users(counts), asking()
    if users < rule["minimum"]:
        return "few"
    enough = 100 * counts.get(DONE, 0) >= rule["share"] * users
    return "confirmed" if enough else "denied"


def said(counts: Mapping[str, int]) -> Said:
    """Those who do not use the thing are not shown at all: they say nothing of it."""
    minimum = asking()["minimum"]
    users = _users(counts)
    if users < minimum:
        return Said(None, ())
    groups = {one: counts.get(one, 0) for one in asking()["options"] if one != ASIDE}
    few = suppressing.hidden(groups, minimum)
    return Said(users, tuple((one, None if one in few else groups[one]) for one in groups))


def _users(counts: Mapping[str, int]) -> int:
    return sum(number for option, number in counts.items() if option != ASIDE)


def is_late(state: str, due: date, today: date) -> bool:
    """Only what still runs can be late: what is done is asked about."""
    return state == "running" and due < today
