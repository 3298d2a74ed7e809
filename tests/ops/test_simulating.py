"""`lingka simulate` from the operator's side."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from lingka.ops import cli, simulating, tasks
from lingka.simulation.jobs import stretched
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


def test_a_plan_that_cannot_be_run_is_refused_with_the_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["simulate", "no-such-plan"]) == 1
    assert "no plan 'no-such-plan'" in capsys.readouterr().out


def test_a_second_plan_needs_a_database_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    plans = ["corner", "corner_three_callers"]
    assert simulating.run(plans, here=True, report=None, figures=None) == 1
    assert "only one plan" in capsys.readouterr().out


def test_nothing_is_simulated_in_a_town_s_own_database(
    city: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lingka.ops.prepare.migrate", lambda: None)
    assert simulating.run(["corner"], here=True, report=None, figures=None) == 1
    assert "holds a town's data" in capsys.readouterr().out


def _apart(shown: str) -> Callable[[Sequence[str]], Iterator[dict[str, Any]]]:
    """Plans that ran, of each one figure that was planned as "7"."""
    checked = [{"name": "late cases", "planned": "7", "shown": shown}]
    return lambda plans: ({"plan": one, "checked": checked} for one in plans)


def test_each_plan_s_figures_are_written_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulating, "_apart", _apart("7"))
    told = tmp_path / "figures.json"
    plans = ["corner", "corner_three_callers"]
    assert simulating.run(plans, here=False, report=None, figures=told) == 0
    assert all(f'"{one}"' in told.read_text("utf-8") for one in plans)
    assert capsys.readouterr().out == ""


def test_a_figure_that_the_product_shows_otherwise_is_told_by_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(simulating, "_apart", _apart("8"))
    told = tmp_path / "figures.json"
    found = simulating.run(["corner"], here=False, report=None, figures=told)
    assert found == simulating.DIFFERS != 0


def test_the_worker_s_own_jobs_run_at_simulated_times() -> None:
    names = {one.name for one in simulating._rounds()}
    assert {tasks.tidy.name, tasks.prove.name, tasks.watch_agreements.name} <= names
    assert tasks.wake_cases.name not in names  # the clocks have a round of their own
    assert stretched("* * * * *") == stretched("5 * * * *") < stretched("40 3 * * *") == 24 * 60
