"""Every action of every workflow is walked by the plans, or it stands here with the reason."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lingka.simulation import known, walking
from lingka.simulation.plan import NOTHING, Plan, read
from lingka.simulation.reckoned import types

URGENT = {one["workflow"] for one in types().values() if one.get("urgent")}
CALLED_FOR = {"except_duty"}  # what the simulator does when a duty list speaks against a unit
REASONS = {
    "settling_later": "only what is urgent is done first and settled later: none of its kinds is",
    "council": "a council's decision ends it, and the simulator holds no councils",
    "content": "the simulator's wishers are content with how the desk worded their wish",
    "thanks": "thanks move nothing: neither a state nor a clock nor a figure",
}  # fmt: skip
LEFT = {
    ("resolution", "not_adopted"): "council",
    ("wish", "take_down"): "content",
    ("wish", "thank"): "thanks",
}


@pytest.mark.parametrize("flow", sorted(known.flows()))
def test_every_action_is_walked_or_stands_here_with_the_reason(flow: str) -> None:
    text = known.flows()[flow]
    left = {key: _reason(flow, key, one) for key, one in text["actions"].items()
            if not _walked(read("half_year"), flow, key, one)}  # fmt: skip
    assert all(one in REASONS for one in left.values()), left


@pytest.mark.parametrize("flow", sorted(known.flows()))
def test_nothing_has_a_reason_and_is_walked_all_the_same(flow: str) -> None:
    actions = known.flows()[flow]["actions"].items()
    excused = {key for key, one in actions if _reason(flow, key, one)}
    planned = read("half_year").body["workflows"].get(flow, {})
    named = {key for way in planned.values() for part in way.values() for key in part}
    assert not excused & named


def _reason(flow: str, key: str, action: Mapping[str, Any]) -> str:
    settles = {"is_urgent", "dispute_is_open"} & set(action.get("if", ()))
    if settles and flow not in URGENT:
        return "settling_later"
    return LEFT.get((flow, key), "")


def _walked(plan: Plan, flow: str, key: str, action: Mapping[str, Any]) -> bool:
    """Somebody does it where it can be done, or the engine where people let it be."""
    if _reason(flow, key, action):
        return False
    if key in CALLED_FOR:
        return bool(plan.body["supervision"]["exceptions"])
    helps = {key} & {*plan.body["helpers"]["then"], *walking.HELPS}
    return bool(helps) or any(
        _weight(plan.way(flow, state), key, action) for state in _starts(flow, action)
    )


def _weight(way: Any, key: str, action: Mapping[str, Any]) -> float:
    alone = [action["by"]] == [["system"]] and not any(
        one.get("required", True) for one in action.get("needs", ())
    )
    left = way.then.get(NOTHING, 0) if alone else 0
    return float(way.first.get(key, 0) or way.then.get(key, 0) or left)


def _starts(flow: str, action: Mapping[str, Any]) -> Iterator[str]:
    for key, state in known.flows()[flow]["states"].items():
        given = action["from"]
        if not state.get("final") if given == "open" else not given or key in given:
            yield key
