"""The plan's side of a run: every case followed by `reckoned`, and the figures that come of it.

Rates are made here as domain.md words them, each from the cases themselves:

    response      first contacted within the response clock, of those whose first contact is due
    resolution    the resident says solved, of those whose resident answered
    satisfaction  the resident says satisfied, of those who said anything about it
    on time       handled within the resolve clock in every round, of those handled
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lingka.simulation.plan import Plan
from lingka.simulation.reckoned import CLOSED, SUSPENDED, Data, Matter, Rhythm, types
from lingka.simulation.reckoned_time import Office

MINUTE = 60
ASKED = frozenset({"rate", "rate_along"})  # a resident says whether it is solved
TOLD = {"call_back_done": True, "call_back_unsolved": False}  # to a caller
COUNCIL = "council"  # the channel by which the engine itself brings a case
AGAIN = "reopen"  # not solved, as whoever reported it says
PARTS_OF = {
    "response": ("contacted in time", ("contacted in time", "contacted late")),
    "resolution": ("solved", ("answered",)),
    "satisfaction": ("satisfied", ("said how satisfied",)),
    "on_time": ("handled in time", ("handled in time", "handled late")),
}  # a rate: what it counts, of what
LATE = frozenset({"missed", "overdue"})


@dataclass(frozen=True)
class Deed:
    """Something that was done: by whom, for which unit, with what."""

    action: str
    at: float
    who: str
    unit: int | None
    data: Data


class Reckoning:
    """All cases of a run. `covered`: which types a unit serves where, as (type, area path)."""

    def __init__(self, plan: Plan, covered: Iterable[tuple[str, str]] = ()) -> None:
        begin = int(plan.begin.timestamp())
        look, deliver = (int(plan.body[name]) * MINUTE for name in ("look_every", "deliver_every"))
        self.rhythm = Rhythm(begin, look, deliver)
        self.office = Office(plan)
        self.covered = list(covered)
        self.matters: dict[UUID, Matter] = {}

    # -- what the people of the run did ---------------------------------------------------------

    def opened(self, uuid: UUID, case_type: str, at: float, path: str) -> None:
        """A report; what is urgent goes at once to whoever serves such things there."""
        made = self.matters[uuid] = Matter(self.office, self.rhythm, case_type, at)
        made.grid = path
        if types()[case_type].get("urgent") and self._served(case_type, path):
            made.act("dispatch", at, {}, None)

    def _served(self, case_type: str, path: str) -> bool:
        kinds = {case_type, case_type.partition(".")[0], "*"}
        return any(kind in kinds and path.startswith(area) for kind, area in self.covered)

    def acted(self, uuid: UUID, deed: Deed) -> str:
        """Follow it; gives the kind of case that now begins because this one grew too large."""
        matter = self.matters[uuid]
        matter.until_now(deed.at)
        _hear(matter, deed)
        matter.act(deed.action, deed.at, deed.data, deed.unit)
        return matter.to_council()

    def brought(self, uuid: UUID, kind: str, at: float) -> None:
        """Something that grew too large comes before a council."""
        self.matters[uuid] = Matter(self.office, self.rhythm, kind, at, channel=COUNCIL)

    def parted(self, whole: UUID, uuid: UUID, deed: Deed) -> str:
        """A part goes to its unit as soon as it is split off; a call waits at the desk that calls.

        Gives the kind of case that it is.
        """
        matter = self.matters[whole]
        kind = str(deed.data.get("case_type") or matter.called(deed.action, deed.data))
        part = self.matters[uuid] = Matter(self.office, self.rhythm, kind, deed.at, is_part=True)
        matter.parts.append(part)
        if "unit" in deed.data:
            part.act("dispatch", deed.at, {"unit": deed.data["unit"]}, deed.unit)
        return kind

    def merged(self, uuid: UUID, into: UUID, at: float) -> str:
        """One goes on for two; gives the kind of case that begins where it grew too large by it."""
        other = self.matters[into]
        other.until_now(at)
        other.also[uuid] = self.matters[uuid].grid
        other.take_promise(self.matters[uuid], uuid, at)
        other.climb()
        return other.to_council()

    def apart(self, uuid: UUID, into: UUID, at: float) -> None:
        other = self.matters[into]
        other.until_now(at)
        other.also.pop(uuid, None)
        other.give_back_promise(uuid, at)

    # -- what has to be shown -------------------------------------------------------------------

    def until_now(self, at: float) -> None:
        for one in self.matters.values():
            one.until_now(at)
        for one in self.matters.values():  # the part of what ended while it was looked at
            one.until_now(at)

    def queue(self, at: float) -> dict[str, int]:
        """Cases by stage, and how many of the open ones are late."""
        self.until_now(at)
        standing = Counter(one.stage for one in self.matters.values())
        return dict(standing) | {"late": sum(_is_late(one, at) for one in self.matters.values())}

    def clocks(self) -> dict[str, tuple[int, int]]:
        """Deadlines by what they are for: how many began, and how many passed."""
        every = [tick for one in self.matters.values() for tick in one.every]
        passed = Counter(one.name for one in every if one.passed)
        return {name: (number, passed[name]) for name, number in _count(every).items()}

    def flows(self) -> Counter[str]:
        return Counter(str(one.flow["key"]) for one in self.matters.values())

    def months(self) -> dict[str, Counter[str]]:
        """What the cases opened in each month count as."""
        found: dict[str, Counter[str]] = {}
        for one in self.matters.values():
            month = f"{self.office.local(one.opened):%Y-%m}"
            found.setdefault(month, Counter()).update(counts(one))
        return found


def _count(every: Iterable[Any]) -> Counter[str]:
    return Counter(one.name for one in every)


def _is_late(matter: Matter, at: float) -> bool:
    if matter.stage in {CLOSED, SUSPENDED}:
        return False
    return any(one.runs and one.due < at for one in matter.clocks.values())


def _hear(matter: Matter, deed: Deed) -> None:
    """What a deed says of whether it is solved, in the round that it speaks of."""
    said, satisfied = matter.rounds[-1].said, str(deed.data.get("satisfied") or "")
    if deed.action in ASKED:
        said[deed.who] = bool(deed.data["solved"]), satisfied
    elif deed.action in TOLD:
        said["called"] = TOLD[deed.action], satisfied
    elif deed.action == AGAIN:
        said[deed.who] = False, ""


# -- how a case counts --------------------------------------------------------------------------


def counts(matter: Matter) -> Iterator[str]:
    """The names of all that a case counts as."""
    if matter.left_out:
        yield f"left out: {matter.left_out}"
        return
    contact = matter.first_contact.verdict if matter.first_contact else ""
    if contact == "met" or contact in LATE:
        yield "contacted in time" if contact == "met" else "contacted late"
    rounds = [one.resolve.verdict for one in matter.rounds if one.resolve]
    if rounds and rounds[-1] in {"met", "missed"}:
        yield "handled late" if "missed" in rounds else "handled in time"
    yield from _answered(matter)


def _answered(matter: Matter) -> Iterator[str]:
    """The last round in which anybody answered: solved if all say so, satisfied if most do."""
    told = next((one.said for one in reversed(matter.rounds) if one.said), None)
    if told is None:
        return
    yield "answered"
    if all(solved for solved, _satisfied in told.values()):
        yield "solved"
    voiced = [satisfied == "yes" for _solved, satisfied in told.values() if satisfied]
    if voiced:
        yield "said how satisfied"
        if 2 * sum(voiced) > len(voiced):
            yield "satisfied"


def rate(name: str, counted: Mapping[str, int]) -> tuple[int, int]:
    """Numerator and denominator."""
    numerator, of = PARTS_OF[name]
    return counted.get(numerator, 0), sum(counted.get(one, 0) for one in of)
