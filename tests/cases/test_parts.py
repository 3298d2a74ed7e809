"""A workflow made of shared parts means what a plain one means."""

from pathlib import Path
from typing import Any

import pytest

from lingka.cases.parts import DATA, SIDE, PartError, expanded, left_out
from lingka.core import datafiles

TALK = {
    "key": "talk",
    "states": {"gone": {"stage": "closed", "final": True}},
    "actions": {
        "note": {"from": "open", "by": ["dispatcher"], "needs": ["words"]},
        "leave": {
            "from": {"stages": ["intake"], "owners": ["caller"], "but": ["late"]},
            "to": "gone",
        },
    },
}
FLOW = {
    "key": "flow",
    "uses": ["talk"],
    "states": {
        "calling": {"stage": "verification", "owner": "caller"},
        "new": {"stage": "intake", "owner": "dispatcher"},
        "late": {"stage": "intake", "owner": "dispatcher"},
    },
    "actions": {"do": {"from": ["new"], "to": "calling"}},
}


def flow(**changes: Any) -> dict[str, Any]:
    return expanded(FLOW | changes, {"talk": TALK})


def test_what_comes_out_holds_no_trace_of_parts() -> None:
    assert flow().keys() == {"key", "states", "actions"}


SHIPPED = sorted((DATA / "workflows").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_workflow_has_each_side_action_or_says_why_not(path: Path) -> None:
    body = datafiles.read(path)
    said = {key: why for key, why in left_out(body).items() if why.strip()}
    assert set(SIDE) <= {*body["uses"], *said}
    assert not set(said) - set(SIDE)


def test_a_part_that_is_left_out_is_not_used_too() -> None:
    with pytest.raises(PartError):
        flow(without={"parts": {"talk": "nobody speaks"}})


def test_a_plain_workflow_stays_as_it_is() -> None:
    plain = {"key": "plain", "states": {}, "actions": {}}
    assert expanded(plain) == plain


def test_own_actions_come_before_shared_ones_and_states_go_by_stage() -> None:
    assert list(flow()["actions"]) == ["do", "note", "leave"]
    assert list(flow()["states"]) == ["new", "late", "calling", "gone"]


def test_where_a_shared_action_starts_is_found_among_the_workflows_own_states() -> None:
    assert flow()["actions"]["leave"]["from"] == ["new", "calling"]


def test_what_a_workflow_says_itself_goes_over_what_the_part_says() -> None:
    changed = flow(actions={"note": {"by": ["caller"], "more": {"needs": ["photo"]}}})
    note = changed["actions"]["note"]
    assert (note["from"], note["by"], note["needs"]) == ("open", ["caller"], ["words", "photo"])
    assert TALK["actions"]["note"]["needs"] == ["words"], "the part itself stays"


def test_a_workflow_leaves_out_what_it_does_not_want() -> None:
    assert "leave" not in flow(without={"actions": ["leave"]})["actions"]


@pytest.mark.parametrize(
    "changes",
    [
        {"uses": ["walk"]},
        {"without": {"actions": ["run"]}},
        {"actions": {"note": {"more": {"label": ["x"]}}}},
        {"actions": {"do": {"from": {"colours": ["red"]}}}},
    ],
)
def test_what_no_part_has_is_refused_by_name(changes: dict[str, Any]) -> None:
    with pytest.raises(PartError):
        flow(**changes)
