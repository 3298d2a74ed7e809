"""Kinds of venues, what counts as a decision, which way a topic goes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from lingka.core import datafiles
from lingka.core.text import pick

DATA = Path(__file__).parent / "data"
STEPS = ("support", "invite", "materials", "meet", "decide", "carry_out", "read_out")
NEEDED = frozenset({"invite", "meet", "decide", "carry_out", "read_out"})
BASES = frozenset({"decided", "present", "seats"})
AFFECTED = "affected"
TITLE, TEXT, GROUP, WHERE, WORDS = 60, 600, 60, 120, 2000
MOST_PRESENT = 5000
SHOWN_FROM = 5  # of fewer hands only the outcome is told
EARLY, LATE = timedelta(minutes=30), timedelta(hours=4)  # around its beginning, the code is read

NEXT = {  # what a topic can become
    "asked": frozenset({"open", "declined"}),
    "open": frozenset({"agenda", "declined"}),
    "returned": frozenset({"agenda", "done", "in_work"}),
    "agenda": frozenset({"open", "adopted", "rejected", "done", "in_work", "returned"}),
    "adopted": frozenset({"in_work"}),
    "in_work": frozenset({"done", "returned"}),
    "done": frozenset({"in_work"}),  # the case was opened again
    "rejected": frozenset(),
    "declined": frozenset(),
}


@dataclass(frozen=True)
class Quorum:
    """When a show of hands counts."""

    names: Mapping[str, str]
    least: int
    present: Fraction | None
    majority: Fraction
    of: str

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def needs_seats(self) -> bool:
        return self.present is not None or self.of == "seats"

    def met(self, here: int, seats: int | None) -> bool:
        """Are enough at the table?"""
        if here < self.least:
            return False
        return self.present is None or here >= self.present * (seats or 0)

    def carried(self, hands: "Hands", here: int, seats: int | None) -> bool:
        base = {"decided": hands.yes + hands.no, "present": here, "seats": seats or 0}[self.of]
        return hands.yes > self.majority * base


@dataclass(frozen=True)
class Hands:
    """What was counted at the table."""

    yes: int
    no: int
    abstained: int

    @property
    def all(self) -> int:
        return self.yes + self.no + self.abstained


@dataclass(frozen=True)
class Kind:
    """A kind of venue."""

    key: str
    names: Mapping[str, str]
    steps: tuple[str, ...]
    quorum: Quorum
    support: int  # members behind a neighbour's proposal before it comes to the table

    @property
    def name(self) -> str:
        return pick(self.names)


def faults(kinds: Mapping[str, Any], quorums: Mapping[str, Any]) -> list[str]:
    """What is wrong in these files, each as `entry: what`."""
    found = [f"{key}: {what}" for key, one in quorums.items() for what in _of_quorum(one)]
    return found + [
        f"{key}: {what}" for key, one in kinds.items() for what in _of_kind(one, quorums)
    ]


def _of_quorum(one: Mapping[str, Any]) -> list[str]:
    named = ("majority", "present")
    found = [name for name in named if name in one and not 0 < _share(one[name]) <= 1]
    if one.get("of") not in BASES or one.get("least", 0) < 1:
        found.append("of, least")
    return found


def _of_kind(one: Mapping[str, Any], quorums: Mapping[str, Any]) -> list[str]:
    steps = one.get("steps", [])
    wrong = {
        "steps": steps != [step for step in STEPS if step in steps] or not set(steps) >= NEEDED,
        "quorum": one.get("quorum") not in quorums,
        "support": ("support" in steps) != (one.get("support", 0) > 0),
    }
    return [what for what, is_so in wrong.items() if is_so]


def _share(text: Any) -> Fraction:
    try:
        return Fraction(str(text))
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def _quorum(one: Mapping[str, Any]) -> Quorum:
    present = Fraction(one["present"]) if "present" in one else None
    return Quorum(one["name"], one["least"], present, Fraction(one["majority"]), one["of"])


@cache
def kinds() -> Mapping[str, Kind]:
    """The package's kinds; a file that is wrong stops here, not at a table."""
    read, quorums = (datafiles.read(DATA / f"{one}.yaml") for one in ("venues", "quorums"))
    if wrong := faults(read, quorums):
        raise ValueError("; ".join(wrong))
    return {
        key: Kind(
            key, one["name"], tuple(one["steps"]), _quorum(quorums[one["quorum"]]),
            one.get("support", 0),
        ) for key, one in read.items()
    }  # fmt: skip


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = datafiles.read(DATA / "reasons.yaml")
    return found
