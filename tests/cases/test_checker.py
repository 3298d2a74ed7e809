"""The model checker finds every fault that a workflow file can have, and none in what we ship."""

import copy
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation

import lingka.cases
from lingka.cases import checker, declaring, definitions, named, parts

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


def asks(name: str, kind: str, **more: Any) -> Body:
    return {"name": name, "kind": kind, "label": names(name)} | more


OPTIONS = {"major": names("major")}
WHERE = {"fact": "level", "is": "major", "clocks": ["protect"]}
LEVEL = asks("level", "choice", options=OPTIONS)
CALLER = asks("caller", "choice", options={"street": names("street")})
NOTE = asks("note", "text")
UNFIT: list[tuple[str, Any, list[Body]]] = [
    ("unasked", "assign_lead", []),
    ("unasked", "assign_lead", [asks("unit", "text")]),
    ("unasked", "assign_lead", [asks("unit", "unit", required=False)]),
    ("unasked", {"due_on": "resolve"}, [asks("until", "flag")]),
    ("unasked", "call_units", [asks("unit", "unit"), asks("units", "unit")]),
    ("unasked", {"open_call": {"street": "joint.street"}}, [CALLER]),
    ("argument", "start_clock", []),
    ("argument", {"start_clock": 7}, []),
    ("argument", {"climb": "street"}, []),
    ("argument", {"keep": "level"}, []),
    ("argument", {"keep": "level"}, [asks("level", "text")]),
    ("argument", {"start_where": WHERE}, [LEVEL]),
    ("argument", {"start_where": {**WHERE, "when": "now"}}, [LEVEL]),
    ("argument", {"start_where": {**WHERE, "clocks": "protect"}}, [LEVEL]),
    ("argument", {"on_a_promise": "major"}, [asks("unit", "unit"), LEVEL]),
    ("argument", {"open_call": {"city": "joint.street"}}, [CALLER, NOTE]),
    ("argument", {"open_call": "joint.street"}, [CALLER, NOTE]),
    ("argument", {"ask_for": ["joint.street"]}, [NOTE]),
    ("unasked", {"ask_for": "joint.street"}, []),
    ("argument", {"chain": "street"}, []),
    ("unguarded", "grant_extension", []),
    ("unknown_kind", "climb", [asks("many", "number")]),
]


@pytest.mark.parametrize(("code", "effect", "needs"), UNFIT)
def test_an_effect_that_lacks_what_it_needs_is_found_before_it_runs(
    code: str, effect: Any, needs: list[Body]
) -> None:
    assert code in break_(lambda b: b["actions"]["do"].update(effects=[effect], needs=needs))


@pytest.mark.parametrize(
    ("effects", "needs"),
    [
        (["assign_lead", "call_units"], [asks("unit", "other_unit")]),
        ([{"keep": "level"}, {"start_where": WHERE}], [LEVEL]),
        ([{"open_call": {"street": "joint.street"}}], [CALLER, NOTE]),
        ([{"stop_clock": "respond"}, "climb"], []),
    ],
)
def test_an_effect_that_has_what_it_needs_is_no_fault(
    effects: list[Any], needs: list[Body]
) -> None:
    assert break_(lambda b: b["actions"]["do"].update(effects=effects, needs=needs)) == set()


@pytest.mark.parametrize("name", sorted(named.EFFECTS))
def test_an_effect_declares_every_answer_that_it_reads(name: str) -> None:
    source, declared = inspect.getsource(named.EFFECTS[name]), declaring.DECLARED.get(name)
    reads = set(re.findall(r"""deed\.data(?:\[|\.get\()"(\w+)\"""", source)) - {"route"}
    assert reads <= {*declared.asks, *declared.may_ask, "ground"} if declared else not reads


def test_nothing_is_asked_of_anybody_when_a_case_begins() -> None:
    assert break_(lambda b: b.update(on_open=["assign_lead"])) == {"unasked"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "do: “assign_lead” reads “unit”, which is not asked for here"),
        ("zh-hans", "do: “assign_lead”要读“unit”，可是这里没有问"),
        ("bo", "do: “assign_lead” ལ་ “unit” དགོས་ཀྱང་འདིར་མ་དྲིས།"),
    ],
)
def test_what_an_effect_lacks_is_said_in_the_author_s_language(language: str, said: str) -> None:
    body = small()
    body["actions"]["do"]["effects"] = ["assign_lead"]
    with translation.override(language):
        assert [str(one) for one in checker.workflow_faults(body)] == [said]


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
        ("unknown_channel", {"channels": ["pigeon"]}),
        ("unknown_channel", {"channels": []}),
        ("unknown_channel", {"channels": "web"}),
        ("offered", {"channels": ["hotline"]}),
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
