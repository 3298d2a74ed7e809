"""Cases that belong together: what joining one with another, or splitting one, means for it."""

from dataclasses import replace
from typing import Any

from lingka.cases import clocks
from lingka.cases.effects import facts_with
from lingka.cases.workflow import CaseState, Deed, Effect
from lingka.core.ids import uuid7


def merge_into(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Another case goes on for this one; whoever worked on this need not any more."""
    ended = tuple(
        one if one["ended"] else {**one, "ended": clocks.text(deed.now), "how": "merged"}
        for one in state.assignments
    )
    return facts_with(replace(state, assignments=ended), into=deed.data["into"])


def split_off(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """One more part, which gets a row and a history of its own in the same transaction."""
    return facts_with(state, parts=[*state.facts.get("parts", ()), str(uuid7())])


EFFECTS: dict[str, Effect] = {function.__name__: function for function in (merge_into, split_off)}
