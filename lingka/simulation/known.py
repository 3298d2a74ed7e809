"""What a plan may name: workflows, states, actions and case types of the package."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from lingka.cases import parts
from lingka.core import datafiles

PARTS = frozenset({
    "name", "seed", "begin", "days", "city", "look_every", "deliver_every", "reports", "staff",
    "leave", "away", "on_call", "days_off", "work", "waits", "who", "ways", "besides", "workflows",
    "choices", "routes", "misrouted", "claimants", "helpers", "supervision", "office",
})  # fmt: skip
REPORTS = frozenset({
    "per_day", "free_days", "hours", "months", "types", "joined", "languages", "channels",
})  # fmt: skip


@cache
def flows() -> Mapping[str, Mapping[str, Any]]:
    """The workflows that come with the package, by key."""
    read = (datafiles.read(path) for path in sorted((parts.DATA / "workflows").glob("*.yaml")))
    return {one["key"]: parts.expanded(one) for one in read}


@cache
def states() -> frozenset[str]:
    return frozenset(state for one in flows().values() for state in one["states"])


@cache
def stages() -> frozenset[str]:
    return frozenset(state["stage"] for one in flows().values() for state in one["states"].values())


@cache
def actions() -> frozenset[str]:
    return frozenset(action for one in flows().values() for action in one["actions"])


@cache
def types() -> frozenset[str]:
    return frozenset(datafiles.read(parts.DATA / "case_types.yaml")["types"])
