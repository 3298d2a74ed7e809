"""Several reports of one matter: one case goes on, everybody who named it hears of it and rates."""

from typing import Any

import pytest

from lingka.cases import actions, replay
from lingka.cases.actions import ContactData
from lingka.cases.models import Contact, Rating
from lingka.cases.receipts import Opened
from lingka.cases.selectors import receipt_by_token, stage_by_short_code
from lingka.cases.selectors.kin import alike, family
from lingka.cases.selectors.receipts import ReceiptView
from lingka.core import events, verify
from lingka.core.actors import Actor
from tests.cases.city import City, case_of, problem, refusal


class Twice:
    """One lamp, named by two residents apart; the second case was merged into the first."""

    def __init__(self, city: City, first: str = "handling") -> None:
        self.city = city
        self.one = city.at(first, words="门口的灯坏了两天")
        phone = ContactData(phone="13900000001")
        self.two = city.open(words="我家门口灯坏了", contact=phone)

    def merge(self) -> None:
        self.city.do(self.two, "merge", "dispatcher", into=self.one.case_number)

    def page(self, opened: Opened) -> ReceiptView:
        found = receipt_by_token(opened.token)
        assert found
        return found


@pytest.fixture
def twice(city: City) -> Twice:
    return Twice(city)


def test_a_merged_receipt_goes_on_working_and_shows_the_case_that_goes_on(twice: Twice) -> None:
    twice.merge()
    page = twice.page(twice.two)
    assert page.case_uuid == twice.one.case_uuid
    assert (page.stage, page.lead_unit_id) == ("handling", twice.city.units["light"].id)
    assert page.joined
    short = stage_by_short_code(twice.two.short_code)
    assert short
    assert [one.stage for one in short.steps if one.state == "now"] == ["handling"]


def test_each_reporter_reads_their_own_words_and_nobody_else_s(twice: Twice) -> None:
    twice.merge()
    assert twice.page(twice.two).own_words == ["我家门口灯坏了"]
    assert twice.page(twice.one).own_words == ["门口的灯坏了两天"]


def test_every_reporter_rates_and_every_answer_counts(twice: Twice) -> None:
    twice.merge()
    for step, who, more in (
        ("report_back", "handler", {"words": "修好了"}),
        ("verify", "verifier", {"how": "visit"}),
        ("call_back_done", "verifier", {}),
    ):
        twice.city.do(twice.one, step, who, **more)
    joined: dict[str, Any] = {"solved": False, "satisfied": "no"}
    assert twice.page(twice.two).can_rate
    twice.city.do(twice.one, "rate_along", Actor("resident", twice.two.receipt_id), **joined)
    twice.city.do(twice.one, "rate", twice.city.reporter(twice.one), solved=True)
    assert case_of(twice.one).facts["answers"] == {"solved": 1, "not_solved": 1}
    assert Rating.objects.count() == 2


def test_the_merged_case_is_closed_and_says_where_it_goes_on(twice: Twice) -> None:
    twice.merge()
    case = case_of(twice.two)
    assert (case.state, case.stage, case.due_at) == ("merged", "closed", None)
    kin = family(case)
    assert kin.into
    assert kin.into.url.endswith(f"/{twice.one.case_number}/")
    assert [one.words for one in family(case_of(twice.one)).merged] == ["我家门口灯坏了"]


def test_history_explains_both_cases(twice: Twice) -> None:
    twice.merge()
    for opened in (twice.one, twice.two):
        assert replay.differences(case_of(opened), events.history(opened.case_uuid)) == []
    assert verify.run() == []


def test_the_contact_of_who_was_merged_stays_while_the_matter_is_open(twice: Twice) -> None:
    twice.merge()
    assert Contact.objects.get().erase_at is None


def test_what_was_merged_before_is_merged_along(city: City, twice: Twice) -> None:
    twice.merge()
    third = city.open(words="路灯又灭了")
    city.do(twice.one, "merge", "dispatcher", into=third.case_number)
    assert twice.page(twice.two).case_uuid == third.case_uuid
    assert twice.page(twice.two).own_words == ["我家门口灯坏了"]
    assert case_of(third).facts["followers"] == 2


@pytest.mark.parametrize(
    ("prepare", "code"),
    [("itself", "itself"), ("closed", "closed"), ("nowhere", "unknown_other"), ("words", "code")],
)
def test_what_cannot_go_on_is_refused_and_nothing_moves(
    city: City, twice: Twice, prepare: str, code: str
) -> None:
    if prepare == "closed":
        city.do(twice.one, "withdraw", city.reporter(twice.one))
    into = {"itself": twice.two.case_number, "nowhere": "0000000", "words": "路灯"}
    given = into.get(prepare, twice.one.case_number)
    with problem(code):
        city.do(twice.two, "merge", "dispatcher", into=given)
    assert case_of(twice.two).state == "received"
    assert twice.page(twice.two).case_uuid == twice.two.case_uuid


def test_a_desk_merges_only_into_what_lies_in_its_area(city: City, twice: Twice) -> None:
    far = city.open(lon=91.29, lat=29.52)  # at another place of the town, with the chief's desk
    actions.perform(far.case_uuid, "escalate", actor=city.staff["supervisor"], data={"note": "1"})
    with problem("unknown_other"):
        city.do(twice.two, "merge", "dispatcher", into=far.case_number)


@pytest.mark.parametrize(
    ("mine", "its"),
    [
        ("light.out", "safety.hazard"),  # nobody is asked there
        ("light.out", "council.resolution"),
        ("enterprise.demand", "wish.small"),  # which ends by the wisher alone
    ],
)
def test_a_case_goes_on_only_where_its_reporter_is_asked_as_well(
    city: City, mine: str, its: str
) -> None:
    one, other = city.open(mine), city.open(its)
    with problem("other_way"):
        city.do(one, "merge", "dispatcher", into=other.case_number)
    assert case_of(one).stage == "intake"


def test_a_demand_goes_on_only_as_a_demand_and_a_hazard_report_as_anything(city: City) -> None:
    demand, asked = city.open("enterprise.demand"), city.open("help.question")
    with problem("other_ledger"):
        city.do(demand, "merge", "dispatcher", into=asked.case_number)
    city.do(demand, "merge", "dispatcher", into=city.open("enterprise.demand").case_number)
    hazard, lamp = city.open("safety.hazard"), city.open()
    city.do(hazard, "merge", "dispatcher", into=lamp.case_number)
    assert case_of(hazard).state == "merged"


def test_what_was_redone_goes_on_by_itself(city: City) -> None:
    twice = Twice(city)
    again = city.at("reported")
    city.do(again, "verify_failed", "verifier", words="还是黑的")
    with refusal("redone"):
        city.do(again, "merge", "dispatcher", into=twice.one.case_number)


def test_the_desk_is_offered_what_looks_alike_best_first(city: City, twice: Twice) -> None:
    city.open(words="树枝太长")
    offered = [number for number, _title, _note in alike(case_of(twice.two))]
    assert offered[0] == twice.one.case_number
    assert twice.two.case_number not in offered
