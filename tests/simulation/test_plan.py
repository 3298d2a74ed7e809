"""A slip of the pen in a plan is named."""

from pathlib import Path

import pytest

from lingka.simulation import plan as plans
from lingka.simulation.plan import PlanError, Spread, read

FAULTS = {
    "days: 0": "days",
    "city: large": "city",
    "arrivals: {}": "arrivals",
    "staff: {water: many}": "staff.water",
    "reports: {hours: [1, 2]}": "hours",
    "reports: {types: {water.drop: 3}}": "water.drop",
    "work: {fly: 3}": "fly",
    "ways: {received: {then: {fly: 1}}}": "fly",
    "ways: {nowhere: {then: {accept: 1}}}": "nowhere",
    "workflows: {hazard: {received: {then: {rate: 1}}}}": "rate",
    "begin: soon": "begin",
    "extends: nothing_known": "nothing_known",
    "- a list": "no plan",
    "a: [": "YAML",
}


@pytest.mark.parametrize(("text", "named"), FAULTS.items())
def test_a_fault_is_named(text: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    begins = "" if text.startswith(("extends", "-", "a:")) else "extends: base\n"
    path.write_text(begins + text, "utf-8")
    with pytest.raises(PlanError) as caught:
        read(path)
    assert named in str(caught.value)


@pytest.mark.parametrize("name", plans.shipped())
def test_a_plan_that_comes_along_can_be_read(name: str) -> None:
    assert read(name).days > 0


def test_a_plan_says_only_what_differs_from_another(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("extends: corner\nstaff: {callback: 4}\n", "utf-8")
    own = read(tmp_path / "more.yaml")
    assert own.staff("callback") == 4
    assert own.days == read("corner").days


def test_time_is_looked_up_by_type_then_group_then_action() -> None:
    plan = read("corner")
    assert plan.wait("report_back", "road.hole").mean == 48
    assert plan.wait("report_back", "help.papers").mean == 4
    assert plan.wait("report_back", "light.out").mean == 14
    assert plan.work("accept", "light.out") == Spread(4.0)
    assert plan.work("note", "light.out") == Spread(5.0)
