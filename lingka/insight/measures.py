"""What can be counted of cases, and nothing else: additive numbers from which rates are made.

Every measure counts cases. There is none that counts forms, meetings or lines of a ledger, and a
definition that asks for one is refused (`insight.checker`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Tally(NamedTuple):
    """Numbers of cases. Parts of one whole stand together; cases left out are in none of them."""

    cases: int = 0
    contact_open: int = 0  # the response clock still runs
    contact_met: int = 0
    contact_missed: int = 0
    contact_aside: int = 0  # set aside on appeal
    handled_open: int = 0  # not handled yet, and not late
    handled_overdue: int = 0  # not handled yet, and late
    handled_met: int = 0
    handled_missed: int = 0
    handled_aside: int = 0
    unasked: int = 0  # not closed yet, and no answer
    unreached: int = 0  # closed without an answer
    undrawn: int = 0  # closed without one, and the lot had decided that nobody calls
    answered: int = 0
    answer_aside: int = 0
    solved: int = 0
    voiced: int = 0  # answered whether satisfied
    satisfied: int = 0
    redone: int = 0

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]  # not as tuples do
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING = Tally()
COLUMNS = Tally._fields
# The parts into which each of these divides all cases that are not left out; what is missing to
# the whole has no such clock, or is of a kind that asks no resident.
PARTS = {
    "contact": ("contact_open", "contact_met", "contact_missed", "contact_aside"),
    "handled": (
        "handled_open", "handled_overdue", "handled_met", "handled_missed", "handled_aside",
    ),
    "answer": ("unasked", "unreached", "undrawn", "answered", "answer_aside"),
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A sum of columns, less others; `within` names measures that contain it by their making."""

    columns: tuple[str, ...]
    less: tuple[str, ...] = ()
    within: frozenset[str] = frozenset()

    def of(self, tally: Tally) -> int:
        values: dict[str, int] = tally._asdict()
        taken = sum(values[name] for name in self.less)
        return sum(values[name] for name in self.columns) - taken


def _measure(*columns: str, less: Iterable[str] = (), within: Iterable[str] = ()) -> Measure:
    return Measure(columns, tuple(less), frozenset(within))


MEASURES: Mapping[str, Measure] = {
    "assessed": _measure("contact_met", "contact_missed"),
    "contacted_in_time": _measure("contact_met", within=["assessed"]),
    "contacted_late": _measure("contact_missed", within=["assessed"]),
    "contact_open": _measure("contact_open"),
    "contact_aside": _measure("contact_aside"),
    "handled": _measure("handled_met", "handled_missed"),
    "handled_in_time": _measure("handled_met", within=["handled"]),
    "handled_late": _measure("handled_missed", within=["handled"]),
    "handled_overdue": _measure("handled_overdue"),
    "handled_open": _measure("handled_open"),
    "handled_aside": _measure("handled_aside"),
    "answered": _measure("answered"),
    "solved": _measure("solved", within=["answered"]),
    "not_solved": _measure("answered", less=["solved"], within=["answered"]),
    "voiced": _measure("voiced", within=["answered"]),
    "silent": _measure("answered", less=["voiced"], within=["answered"]),
    "satisfied": _measure("satisfied", within=["answered", "voiced"]),
    "not_satisfied": _measure("voiced", less=["satisfied"], within=["answered", "voiced"]),
    "unreached": _measure("unreached"),
    "undrawn": _measure("undrawn"),
    "unasked": _measure("unasked"),
    "answer_aside": _measure("answer_aside"),
    "redone": _measure("redone"),
}


def count(measure: str, tally: Tally) -> int:
    """How many cases of a tally a measure counts."""
    return MEASURES[measure].of(tally)
