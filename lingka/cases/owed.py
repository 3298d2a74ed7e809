"""What a case can wait for beside its state's next step: an answer that another post owes.

Data for the queue's lanes and for messages to staff. A further kind is one line here; where its
fact is new, the index `case_owed_beside` has to hold it too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lingka.cases.clocks import parted


@dataclass(frozen=True)
class Owed:
    """Owed while `fact` is set, to `value` where one is named, and `unless` is not."""

    key: str
    fact: str
    clock: str  # by when
    roles: frozenset[str]  # who answers: dispatchers of the desk, others over its area
    value: str = ""
    unless: str = ""

    def begins_with(self, facts: Mapping[str, Any]) -> bool:
        """Does an event owe it from now on, whose facts these are?"""
        held = facts.get(self.fact)
        return bool(held) and self.value in ("", held)


OWED = (
    Owed("extension", "extension", "extension", frozenset({"dispatcher", "supervisor"})),
    Owed("dispute", "dispute", "ruling", frozenset({"dispatcher", "supervisor", "leader"})),
    Owed("listing", "level", "listing", frozenset({"supervisor"}), value="major", unless="listed"),
)


def of(facts: Mapping[str, Any]) -> frozenset[str]:
    """The kinds that a case with these facts waits for."""
    return frozenset(one.key for one in OWED if one.begins_with(facts) and one.unless not in facts)


def begun(changes: Mapping[str, Any]) -> Owed | None:
    """What an event made somebody else owe, if anything."""
    facts = changes.get("facts") or {}
    return next((one for one in OWED if one.begins_with(facts)), None)


def by_clock(name: str) -> tuple[Owed | None, int | None]:
    """What a clock waits for, and the unit whose own it is."""
    kind, unit = parted(name)
    return next((one for one in OWED if one.clock == kind), None), unit
