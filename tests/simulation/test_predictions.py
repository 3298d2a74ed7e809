"""Runs whose outcome the plan's arithmetic foretells: queues, lateness, shares, the same seed."""

from datetime import timedelta

import pytest
from django.db import transaction

from lingka.cases.models import Case
from lingka.core import clock, verify
from lingka.core.problems import Problem
from lingka.simulation import figures, founding
from lingka.simulation.plan import read
from tests.cases import city as cities
from tests.cases.city import City
from tests.simulation.plans import DUTY, acted, plan, run

LARGEST = 3.0  # standard deviations
OWN = {
    "joint.street",
    "joint.community",
    "joint.slip",
    "safety.hazard",
    "enterprise.demand",
    "council.resolution",
    "wish.small",
    "help.question",
}  # one type of each other workflow
MOST = 5  # of nine workflows, in four days
SLOW = {"*": {"mean": 0, "cv": 0}, "report_back": {"mean": 120, "cv": 0}}


def test_the_same_seed_brings_the_same_events(city: City) -> None:
    whole = read("corner").body
    mixed = plan(ways=whole["ways"], days=2, reports={"joined": 0.3}, work=whole["work"])
    diaries = []
    for _time in range(2):
        with transaction.atomic():
            diaries.append(run(city, mixed).count.diary)
            transaction.set_rollback(True)
    assert diaries[0] == diaries[1]
    assert len(diaries[0]) > len({line[1] for line in diaries[0]})


def test_an_understaffed_unit_s_queue_grows_by_what_it_cannot_do(city: City) -> None:
    """Each takes two hours of one person's day: what comes beyond that waits."""
    lived = run(city, plan(work=SLOW, staff={"light": 1}, reports={"per_day": 8}))
    left = acted()["dispatch"] - DUTY * 4 / 120
    assert lived.samples[-1].waiting["light"] == pytest.approx(left, abs=2)
    assert lived.samples[-1].waiting["light"] > lived.samples[30].waiting["light"]


def test_two_more_hands_shorten_the_queue_of_the_same_reports(city: City) -> None:
    lived = run(city, plan(work=SLOW, staff={"light": 3}, reports={"per_day": 8}))
    assert lived.samples[-1].waiting["light"] <= 1


def test_who_takes_longer_than_a_deadline_is_late_and_nobody_else(city: City) -> None:
    """Papers wait two and a half days for a deadline of one working day; questions none."""
    lived = run(city, plan(
        routes={"*": ["light"]}, waits={"report_back": {"mean": 0, "cv": 0, "types": {
            "help.papers": 60}}},
        reports={"types": {"light.out": None, "help.papers": 1, "help.policy": 1}},
    ))  # fmt: skip
    told = {one["key"]: one for one in figures.of(lived)["types"]}
    early = Case.objects.filter(opened_at__lt=cities.MONDAY + timedelta(days=1))
    late = {case.case_type for case in early if case.clocks["resolve"]["breached"]}
    assert late == {"help.papers"}
    assert told["help.policy"]["over"] == 0
    assert told["help.papers"]["over"] >= early.filter(case_type="help.papers").count()


def test_shares_come_out_as_the_plan_has_them(city: City) -> None:
    ways = {"received": {"then": {"decline": 3, "dispatch": 7}}}
    ways["dispatched"] = {"then": {"nothing": 1}}
    run(city, plan(ways=ways, reports={"per_day": 16}))
    done = acted()
    whole = done["decline"] + done["dispatch"]
    deviation = (whole * 0.3 * 0.7) ** 0.5
    assert done["decline"] == pytest.approx(whole * 0.3, abs=LARGEST * deviation)


@pytest.mark.django_db(transaction=True)
def test_rates_are_those_of_what_residents_said_and_most_workflows_are_walked() -> None:
    with clock.at(cities.MONDAY):
        city = cities.build()
    whole = read("corner").body
    lived = run(city, plan(
        ways=whole["ways"], workflows=whole["workflows"], claimants=["water", "light"],
        routes={"*": ["light", "water"]}, deliver_every=1440, choices={"rate.solved": {"no": 0}},
        reports={"per_day": 6, "types": dict.fromkeys(OWN, 1) | {"light.out": None}},
    ))  # fmt: skip
    told = figures.of(lived)
    rates = {one["key"]: one for one in told["rates"]}
    assert rates["resolution"]["denominator"] >= rates["resolution"]["numerator"] > 0
    assert len([key for key, one in told["walked"].items() if one["done"]]) >= MOST
    assert verify.run() == []


@pytest.mark.django_db
def test_nothing_is_simulated_where_a_town_keeps_its_data(city: City) -> None:
    with pytest.raises(Problem) as caught:
        founding.found(read("corner"))
    assert caught.value.code == "not_empty"
