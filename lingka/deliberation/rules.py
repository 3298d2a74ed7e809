"""Kinds of venues, what counts as a decision, which way a topic goes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lingka.core import datafiles
from lingka.core.text import pick
from lingka.voting import rules as voting

DATA = Path(__file__).parent / "data"
STEPS = ("support", "invite", "materials", "meet", "talk", "decide", "carry_out", "read_out")
NEEDED = frozenset({"decide", "carry_out", "read_out"})
PLACES = ({"invite", "meet"}, {"talk"})  # at a table, or in writing
BASES = frozenset({"decided", "present", "seats"})
# Who takes part in the area; or so many on paper; or a flat for each of a list: the sums by which a
# rule for such a roll is counted.
ROLLS = {"members": ["number"], "seats": ["number"], "flats": ["number", "size"]}
HANDS = "hands"
AFFECTED = "affected"
TITLE, TEXT, GROUP, WHERE, WORDS, QUESTION = 60, 600, 60, 120, 2000, 160
MOST_DAYS = 90  # that a vote goes on
MOST_SAID = 10  # that one member writes on one topic
MOST_PRESENT = 5000
SHOWN_FROM = 5  # of fewer hands only the outcome is told
EARLY, LATE = timedelta(minutes=30), timedelta(hours=4)  # around its beginning, the code is read

NEXT = {  # what a topic can become
    "asked": frozenset({"open", "declined"}),
    "open": frozenset({"agenda", "voting", "declined"}),
    "returned": frozenset({"agenda", "voting", "done", "in_work"}),
    "agenda": frozenset({"open", "voting", "adopted", "rejected", "done", "in_work", "returned"}),
    "voting": frozenset({"open", "adopted", "rejected", "returned"}),
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
class ByVote:
    """A vote of lingka/voting decides: by which of its rules, which roll, how long."""

    rules: tuple[str, ...]
    roll: str
    days: int


@dataclass(frozen=True)
class Kind:
    """A kind of venue. It decides by hands (`quorum`) or by a vote."""

    key: str
    names: Mapping[str, str]
    abouts: Mapping[str, str]
    steps: tuple[str, ...]
    quorum: Quorum | None
    vote: ByVote | None
    talk: int  # days that a topic is talked over in writing; 0: at a table
    support: int  # members behind a neighbour's proposal before it comes to the table

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def about(self) -> str:
        return pick(self.abouts)

    @property
    def way(self) -> str:
        """How it decides, in words."""
        if self.quorum is not None:
            return self.quorum.name
        return _("By a vote: %(rules)s") % {"rules": " / ".join(one.name for one in self.ballots)}

    @property
    def ballots(self) -> list[voting.Rule]:
        """Of its rules of voting, those that the town has in force."""
        known = voting.BOOK.now().rules
        return [known[key] for key in (self.vote.rules if self.vote else ()) if key in known]

    @property
    def needs_seats(self) -> bool:
        if self.quorum is not None:
            return self.quorum.needs_seats
        return self.vote is not None and self.vote.roll == "seats"


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
    steps, decides = one.get("steps", []), one.get("decides")
    wrong = {
        "steps": not _is_way(steps),
        "talk": ("talk" in steps) != (one.get("talk", 0) > 0)
        or ("talk" in steps and decides == HANDS),
        "quorum": (one.get("quorum") in quorums) != (decides == HANDS),
        "decides": decides != HANDS and not _is_vote(decides),
        "support": ("support" in steps) != (one.get("support", 0) > 0),
    }
    return [what for what, is_so in wrong.items() if is_so]


def _is_way(steps: list[str]) -> bool:
    ordered = steps == [step for step in STEPS if step in steps]
    places = [one for one in PLACES if one & set(steps)]
    return ordered and set(steps) >= NEEDED and len(places) == 1 and places[0] <= set(steps)


def _is_vote(decides: Any) -> bool:
    """Rules of voting as the package brings them; those by square metres and no others have a list
    of flats for their roll."""
    if not isinstance(decides, Mapping) or set(decides) != {"rules", "roll", "days"}:
        return False
    known = datafiles.read(voting.SHIPPED)["rules"]
    named = [known.get(key, {}).get("measures") for key in decides["rules"]]
    sound = bool(named) and all(one == ROLLS.get(decides["roll"]) for one in named)
    return sound and 1 <= decides["days"] <= MOST_DAYS


def _vote(one: Mapping[str, Any]) -> ByVote | None:
    said = one["decides"]
    return None if said == HANDS else ByVote(tuple(said["rules"]), said["roll"], said["days"])


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
            key, one["name"], one["about"], tuple(one["steps"]),
            _quorum(quorums[one["quorum"]]) if "quorum" in one else None, _vote(one),
            one.get("talk", 0), one.get("support", 0),
        ) for key, one in read.items()
    }  # fmt: skip


@dataclass(frozen=True)
class TalkRule:
    """Why something that was written is hidden."""

    key: str
    names: Mapping[str, str]
    abouts: Mapping[str, str]

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def about(self) -> str:
        return pick(self.abouts)


@cache
def talk() -> Mapping[str, TalkRule]:
    """The published rules of what is written online."""
    read = datafiles.read(DATA / "talk.yaml")
    return {key: TalkRule(key, one["name"], one["about"]) for key, one in read.items()}


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = datafiles.read(DATA / "reasons.yaml")
    return found
