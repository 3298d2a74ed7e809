"""A definition of rates holds together, or is refused with every fault named."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import translation

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.insight import checker
from lingka.insight.actions import activate, activate_shipped
from lingka.insight.definitions import definition, shipped
from lingka.insight.measures import MEASURES, Tally
from lingka.insight.models import Definition
from lingka.insight.selectors import definitions, forget
from tests.cases.city import MONDAY


@pytest.fixture
def body() -> dict[str, Any]:
    return copy.deepcopy(shipped())


def test_the_shipped_definition_holds_together(body: dict[str, Any]) -> None:
    assert checker.faults(body) == []


def test_rates_are_those_of_the_domain_but_satisfaction_is_of_those_who_said_so(
    body: dict[str, Any],
) -> None:
    """The domain's satisfaction is of all who answered: docs/adr/0017 says why not here."""
    made = {one.key: (one.counts, one.of) for one in definition(body).rates}
    assert made == {
        "response": ("contacted_in_time", "assessed"),
        "resolution": ("solved", "answered"),
        "satisfaction": ("satisfied", "voiced"),
        "on_time": ("handled_in_time", "handled"),
    }
    assert body["weights"] == {"response": 30, "resolution": 35, "satisfaction": 35}


def test_a_town_may_make_satisfaction_of_all_who_answered(body: dict[str, Any]) -> None:
    body["rates"]["satisfaction"]["of"] = "answered"
    assert checker.faults(body) == []


@pytest.mark.parametrize("measure", ["forms_filed", "meetings_held", "ledger_lines", "photos"])
def test_no_indicator_counts_paper(body: dict[str, Any], measure: str) -> None:
    body["rates"]["response"]["counts"] = measure
    assert "paper" in {fault.code for fault in checker.faults(body)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: b["rates"]["response"].update(counts="luck"), "nothing is called “luck”"),
        (lambda b: b["rates"]["response"].update(of="answered"), "not contained in “answered”"),
        (lambda b: b["weights"].update(speed=1), "no rate is called “speed”"),
        (lambda b: b["weights"].update(response=31), "add up to 100"),
        (lambda b: b["said"].update(reopen="perhaps"), "said: one of: solved, not_solved"),
        (lambda b: b["several"].update(solved="first"), "several: one of: all, majority"),
        (lambda b: b["several"].pop("solved"), "how `solved` and `satisfied` are made"),
        (lambda b: b.update(satisfied=["no"]), "satisfied: one of: yes, fair"),
        (lambda b: b.update(minimum=2), "minimum: a whole number of 5 or more"),
        (lambda b: b.update(appeal_days=0), "appeal_days"),
        (lambda b: b.update(valid_from="soon"), "valid_from: a day"),
        (lambda b: b["appeals"]["rating"]["grounds"].append("whim"), "“whim” is no ground"),
        (lambda b: b["appeals"].update(mood=b["appeals"]["rating"]), "“mood” cannot be appealed"),
        (lambda b: b["grounds"].update(declined=b["grounds"]["heard"]), "something else"),
        (lambda b: b["name"].pop("bo"), "name: has no text in bo"),
        (lambda b: b.pop("rates"), "“rates” is missing"),
    ],
)
def test_every_fault_is_named(body: dict[str, Any], change: Any, said: str) -> None:
    change(body)
    with translation.override("en"):
        assert any(said in str(fault) for fault in checker.faults(body))


def test_every_measure_that_contains_another_is_one_itself() -> None:
    for measure in MEASURES.values():
        assert measure.within <= set(MEASURES)


@pytest.mark.django_db
def test_a_version_in_force_is_never_changed() -> None:
    made = activate_shipped()
    with pytest.raises(Error), transaction.atomic():
        Definition.objects.filter(pk=made.pk).update(content_hash="")
    assert activate_shipped().pk == made.pk


@pytest.mark.django_db
def test_a_new_version_counts_from_tomorrow_and_leaves_the_past_as_it_was(
    body: dict[str, Any],
) -> None:
    forget()
    with clock.at(MONDAY):
        activate_shipped()
        today = MONDAY.date()
        body |= {"valid_from": today.isoformat(), "satisfied": ["yes", "fair"]}
        with pytest.raises(Problem) as caught:
            activate(body, actor=SYSTEM)
        assert caught.value.code == "past"
        tomorrow = today + timedelta(days=1)
        made = activate(body | {"valid_from": tomorrow.isoformat()}, actor=SYSTEM)
        assert made.number == 2
        assert definitions.on(today).satisfied == {"yes"}
        assert definitions.on(tomorrow).satisfied == {"yes", "fair"}
        assert definitions.on(date(2020, 1, 1)).number == 1
    forget()


@pytest.mark.django_db
def test_a_faulty_version_does_not_come_into_force(body: dict[str, Any]) -> None:
    body["weights"] = {}
    with pytest.raises(Problem) as caught:
        activate(body, actor=SYSTEM)
    assert caught.value.code == "faulty"


def test_rates_weigh_only_where_each_can_be_made(body: dict[str, Any]) -> None:
    by = definition(body)
    full = Tally(
        cases=20, contact_met=18, contact_missed=2, answered=20, solved=10, voiced=20, satisfied=20
    )
    assert by.weighed(full) == pytest.approx(0.3 * 0.9 + 0.35 * 0.5 + 0.35)
    assert by.weighed(full._replace(voiced=9, satisfied=9)) is None
