"""The model checker finds every fault that a workflow file can have, and none in what we ship."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation

import lingka.cases
from lingka.cases import checker, definitions, parts

DATA = Path(lingka.cases.__file__).parent / "data"
Body = dict[str, Any]


def shipped(name: str) -> Body:
    return parts.expanded(yaml.safe_load((DATA / name).read_text("utf-8")))


QUICK = shipped("workflows/quick_response.yaml")


def names(text: str) -> dict[str, str]:
    return {"zh-hans": text, "bo": text, "en": text}


def small() -> Body:
    """The least workflow that holds together."""
    return {
        "key": "small",
        "name": names("small"),
        "initial": "new",
        "relations": ["dispatcher", "verifier"],
        "states": {
            "new": state("intake", "dispatcher"),
            "done": state("verification", "verifier"),
            "closed": {"stage": "closed", "final": True} | texts(),
        },
        "actions": {
            "do": action(["new"], "done", ["dispatcher"]),
            "check": action(["done"], "closed", ["verifier"]) | {"verifies": True},
        },
    }


def texts() -> Body:
    return {"label": names("label"), "waits": names("waits"), "done": names("done")}


def state(stage: str, owner: str) -> Body:
    return {"stage": stage, "owner": owner, "clock": "accept"} | texts()


def action(starts: list[str], to: str | None, by: list[str]) -> Body:
    return {"from": starts, "to": to, "by": by} | texts()


def codes(body: Body) -> set[str]:
    return {fault.code for fault in checker.workflow_faults(body)}


def test_the_shipped_workflow_has_no_fault() -> None:
    assert checker.workflow_faults(QUICK) == []


def test_the_least_workflow_has_no_fault() -> None:
    assert checker.workflow_faults(small()) == []


def break_(change: Callable[[Body], object]) -> set[str]:
    body = copy.deepcopy(small())
    change(body)
    return codes(body)


FAULTS: list[tuple[str, Callable[[Body], object]]] = [
    ("shape", lambda b: b.pop("states")),
    ("shape", lambda b: b["actions"]["do"].pop("by")),
    ("no_initial", lambda b: b.update(initial="nowhere")),
    ("unknown_stage", lambda b: b["states"]["new"].update(stage="limbo")),
    ("unknown_relation", lambda b: b["relations"].append("king")),
    ("unknown_relation", lambda b: b["states"]["new"].update(owner="supervisor")),
    ("unknown_state", lambda b: b["actions"]["do"].update(to="nowhere")),
    ("unknown_state", lambda b: b["actions"]["do"]["from"].append("nowhere")),
    ("unknown_condition", lambda b: b["actions"]["do"].update({"if": ["moon_is_full"]})),
    ("unknown_effect", lambda b: b["actions"]["do"].update(effects=["abracadabra"])),
    ("unknown_effect", lambda b: b.update(on_open=[{"abracadabra": "respond"}])),
    ("unknown_need", lambda b: b["actions"]["do"].update(one_of=["words"])),
    (
        "unknown_kind",
        lambda b: b["actions"]["do"].update(
            needs=[{"name": "x", "kind": "smell", "label": names("x")}]
        ),
    ),
    (
        "no_options",
        lambda b: b["actions"]["do"].update(
            needs=[{"name": "x", "kind": "choice", "label": names("x")}]
        ),
    ),
    ("untranslated", lambda b: b["states"]["new"]["label"].pop("bo")),
    ("untranslated", lambda b: b["actions"]["do"]["done"].update({"zh-hans": " "})),
    ("unreachable", lambda b: b["states"].update(island=state("handling", "dispatcher"))),
    ("no_end", lambda b: b["actions"]["check"].update(to="new")),
    ("final_open", lambda b: b["states"]["closed"].update(stage="handling")),
    ("closed_goes_on", lambda b: b["states"]["done"].update(stage="closed")),
    ("no_owner", lambda b: b["states"]["done"].pop("owner")),
    ("no_way_out", lambda b: b["actions"].pop("check")),
    ("no_clock", lambda b: b["states"]["new"].pop("clock")),
    ("owner_idle", lambda b: b["states"]["new"].update(owner="verifier")),
    ("never", lambda b: b["actions"].update(lost=action([], "done", ["verifier"]))),
    ("no_actor", lambda b: b["actions"]["do"].update(by=[])),
    ("no_actor", lambda b: b["actions"]["do"].update(by=["dispatcher", "supervisor"])),
    (
        "never_ends",
        lambda b: b["actions"].update(again=action(["closed"], "new", ["dispatcher"])),
    ),
    ("unverified", lambda b: b["actions"]["check"].update(verifies=False)),
    (
        "unverified",
        lambda b: b["actions"].update(cut=action(["new"], "closed", ["dispatcher"])),
    ),
]


@pytest.mark.parametrize(("code", "change"), FAULTS)
def test_each_fault_is_found(code: str, change: Callable[[Body], object]) -> None:
    assert code in break_(change)


def test_a_reason_may_stand_in_for_a_clock() -> None:
    def change(body: Body) -> None:
        del body["states"]["new"]["clock"]
        body["states"]["new"]["no_clock"] = "it waits for the thaw"

    assert break_(change) == set()


def test_a_reason_may_stand_in_for_verification() -> None:
    def change(body: Body) -> None:
        body["actions"]["cut"] = action(["new"], "closed", ["dispatcher"]) | {
            "without_verification": "nothing was handled"
        }

    assert break_(change) == set()


def test_reopening_while_its_days_last_is_no_fault() -> None:
    def change(body: Body) -> None:
        body["actions"]["again"] = action(["closed"], "new", ["dispatcher"]) | {
            "if": ["within_reopening"]
        }

    assert break_(change) == set()


def test_the_way_back_from_a_suspension_counts_as_a_way_out() -> None:
    def change(body: Body) -> None:
        body["states"]["paused"] = state("suspended", "dispatcher")
        body["actions"]["pause"] = action(["new"], "paused", ["dispatcher"])
        body["actions"]["resume"] = action(["paused"], "@before", ["dispatcher"])

    assert break_(change) == set()


def test_a_fault_says_where_it_is() -> None:
    body = small()
    body["actions"]["do"]["to"] = "nowhere"
    with translation.override("en"):
        assert str(checker.workflow_faults(body)[0]) == "do: there is no state “nowhere”"


def test_the_shipped_deadlines_have_no_fault() -> None:
    assert checker.deadlines_faults(shipped("deadlines.yaml")) == []


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("unknown_basis", {"basis": "moons", "amount": 1}),
        ("amount", {"basis": "elapsed", "amount": 0}),
        ("amount", {"basis": "working_days", "amount": "five"}),
        ("amount", {"basis": "working_hours"}),
        ("amount", {"basis": "end_of_week", "amount": 2}),
        ("counts", {"basis": "elapsed", "amount": 5, "counts": "someday"}),
    ],
)
def test_a_deadline_that_means_nothing_is_found(code: str, rule: Body) -> None:
    found = checker.deadlines_faults({"policies": {"request": {"resolve": rule}}})
    assert [(fault.code, fault.where) for fault in found] == [(code, "request.resolve")]


def test_the_shipped_case_types_have_no_fault() -> None:
    policies = set(shipped("deadlines.yaml")["policies"])
    workflows = {one.stem for one in (DATA / "workflows").glob("*.yaml")}
    assert checker.case_types_faults(shipped("case_types.yaml"), workflows, policies) == []


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("unknown_group", {"group": "sky"}),
        ("unknown_workflow", {"workflow": "slow_response"}),
        ("unknown_deadlines", {"deadlines": "never"}),
        ("unknown_publication", {"publication": "shouted"}),
        ("untranslated", {"name": {"en": "Burst pipe"}}),
        ("unknown_datatype", {"form": [{"code": "x", "datatype": "aura", "label": names("x")}]}),
    ],
)
def test_a_case_type_that_points_nowhere_is_found(code: str, change: Body) -> None:
    body = shipped("case_types.yaml")
    body["types"]["water.burst"] |= change
    policies = set(shipped("deadlines.yaml")["policies"])
    found = checker.case_types_faults(body, {"quick_response"}, policies)
    assert code in {fault.code for fault in found}


def test_no_condition_is_kept_that_no_shipped_workflow_asks() -> None:
    shipped_ones = [shipped(f"workflows/{one.name}") for one in (DATA / "workflows").glob("*.yaml")]
    assert checker.unused_conditions(shipped_ones) == []
    assert "handler_does_not_verify" in checker.unused_conditions([])


def test_a_workflow_says_by_itself_what_the_engine_does_in_it() -> None:
    quick = definitions.workflow(QUICK)
    own = {"accept", "dispatch", "sign_in", "verify", "call_back", "rate"}
    assert quick.state_clocks == own, "what the report starts belongs to no one state"
    done = [
        quick.by_system("received", "assign_lead"),
        quick.by_system("suspended", "end_suspension"),
        quick.when_over("resolved"),
    ]
    assert [one.key for one in done if one] == ["dispatch", "resume", "close"]
    assert quick.by_system("closed", "assign_lead") is quick.when_over("handling") is None


@pytest.mark.parametrize("levels", [[], ["village"], ["street", "community"], ["street", "street"]])
def test_a_chain_names_levels_of_areas_from_the_lowest_up(levels: list[str]) -> None:
    slips = shipped("workflows/five_slips.yaml")
    assert codes(slips) == set()
    assert codes({**slips, "on_open": [{"chain": levels}]}) == {"chain"}


@pytest.mark.parametrize("left_out", ["hand_up", "dispatch"])
def test_a_chain_is_handed_up_and_waited_for(left_out: str) -> None:
    slips = shipped("workflows/five_slips.yaml")
    slips["actions"][left_out] |= {"if": [], "effects": []}
    slips["actions"]["pass_up"]["if"] = []
    assert "chain" in codes(slips)
