"""What comes out of a run, against what the plan's arithmetic says, in a tiny town."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from statistics import fmean
from typing import Any

import pytest
from django.db import transaction

from lingka.cases.models import Case
from lingka.core import clock, verify
from lingka.core.models import Event
from lingka.simulation import figures, report, tables
from lingka.simulation.running import Simulation
from tests.cases import city as cities
from tests.simulation.plans import DUTY, acted, plan, run

HANDLING = 90  # minutes of somebody's hands
STEADY: dict[str, Any] = {"work": {"*": {"mean": 5, "cv": 0}, "report_back": HANDLING}}


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Simulation]:
    """Four days in which every case takes two handlers an hour and a half each."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(cities.MONDAY):
        yield run(cities.build(), plan(**STEADY))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_case_is_open_or_ended_and_each_stage_keeps_what_came_and_did_not_go(
    lived: Simulation,
) -> None:
    standing: Counter[str] = Counter()
    for kind, data in Event.objects.filter(stream="case").values_list("type", "data"):
        if kind == "cases.CaseOpened":
            standing[data["state"]["stage"]] += 1
        elif kind == "cases.CaseActed":
            standing[data["from_stage"]] -= 1
            standing[data["to_stage"]] += 1
    last = lived.samples[-1].stages
    assert {stage: number for stage, number in standing.items() if number} == last
    told = figures.of(lived)["cases"]
    assert told["opened"] == len(lived.count.numbers) == told["open"] + told["ended"]


@pytest.mark.django_db
def test_history_holds_after_a_run(lived: Simulation) -> None:
    assert verify.run() == []


@pytest.mark.django_db
def test_the_open_cases_are_as_many_as_little_s_law_says(lived: Simulation) -> None:
    """Their mean number, counted in the engine's rows, is arrivals times time spent open."""
    end = lived.moment()
    spent = [
        ((closed or end) - opened) / timedelta(minutes=1)
        for opened, closed in Case.objects.values_list("opened_at", "closed_at")
    ]
    expected = len(spent) / lived.env.now * fmean(spent)
    counted = fmean(
        sum(number for stage, number in one.stages.items() if stage != "closed")
        for one in lived.samples
    )
    assert counted == pytest.approx(expected, rel=0.15)


@pytest.mark.django_db
def test_staff_are_as_busy_as_the_work_that_came_to_them(lived: Simulation) -> None:
    light = next(one for one in figures.of(lived)["staff"] if one["group"] == "light")
    done = acted()
    minutes = done["sign_in"] * 5 + done["report_back"] * HANDLING
    under_way = 2 * HANDLING  # what two people have begun and not finished
    assert minutes <= light["busy"] * 2 * 4 * DUTY <= minutes + under_way


@pytest.mark.django_db
def test_figures_can_be_read_as_tables_and_drawn(lived: Simulation, tmp_path: Any) -> None:
    told = figures.of(lived)
    said = report.terminal([told, told])
    assert "quick response" in said.lower() or "quick_response" in said
    page = report.write(tmp_path, [told]).read_text("utf-8")
    assert "| light |" in page
    for chart in ("open", "queues", "late"):
        assert (tmp_path / f"{chart}.svg").read_text("utf-8").startswith("<svg")
    head, rows = tables.compared([told, told])
    assert all(row[1] == row[2] for row in rows)
    assert head[1] == "Lamps"
