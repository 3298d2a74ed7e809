"""The month's review writes itself, and what is decided becomes a case or a changed plan."""

from datetime import date, timedelta
from typing import Any

import pytest

from lingka.cases.models import Case
from lingka.core import clock, verify
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.patrols import actions
from lingka.patrols.actions import NewCase, NewRule
from lingka.patrols.models import Decision, Plan, Submission
from lingka.patrols.selectors import reviews
from tests.cases.city import MONDAY, City, refusal
from tests.patrols import town as towns
from tests.patrols.test_pages import signed_in, text
from tests.patrols.test_submitting import answers, blocked, picture, submit
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
PAGE = "/desk/rounds/month/?month=2026-11"


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def found_on(town: Town, *days: int) -> None:
    """The back door is blocked on each of these days."""
    for day in days:
        with clock.at(MONDAY + timedelta(days=day)):
            taken = picture(town)
            submit(town, answers(back_door=blocked(taken)), attachments=[taken])


def decide(town: Town, becomes: NewCase | NewRule, **more: Any) -> Decision:
    values: dict[str, Any] = {
        "words": "后门天天堵，每天都看", "actor": town.city.staff["dispatcher"], "key": uuid7(),
    }  # fmt: skip
    area = town.city.street.id
    return actions.decide(area, NOVEMBER, becomes=becomes, **(values | more))


def test_what_comes_back_at_a_place_is_counted_by_days(town: Town) -> None:
    found_on(town, 0, 1, 1)
    review = reviews.review(town.city.street.id, NOVEMBER)
    [again] = review.again
    assert (again.place.id, again.days) == (town.places[0].id, 2)
    assert review.summary.total.hazards == 3


def test_hazards_open_past_their_day_are_named_until_they_are_closed(town: Town) -> None:
    found_on(town, 0)
    assert reviews.review(town.city.street.id, NOVEMBER).overdue == []
    with clock.at(MONDAY + timedelta(days=60)):
        [(case, _due)] = reviews.review(town.city.street.id, NOVEMBER).overdue
    assert case.uuid == Case.objects.get().uuid


def test_a_review_says_what_held_at_the_end_of_its_month_whenever_it_is_read(town: Town) -> None:
    with clock.at(MONDAY + timedelta(days=1)):
        found_on(town, 0)
    october = date(2026, 10, 1)
    with clock.at(MONDAY + timedelta(days=60)):
        assert reviews.review(town.city.street.id, october).overdue == []
        december = date(2026, 12, 1)
        assert len(reviews.review(town.city.street.id, december).overdue) == 1
        ended = clock.now()
        Case.objects.update(stage="closed", closed_at=ended)
    with clock.at(MONDAY + timedelta(days=90)):
        for month, number in ((october, 0), (december, 1), (date(2027, 1, 1), 0)):
            assert len(reviews.review(town.city.street.id, month).overdue) == number
        assert reviews.review(town.city.street.id, NOVEMBER).summary.total.open == 1


def test_what_a_decision_becomes_is_asked_first_and_what_was_typed_stays(town: Town) -> None:
    desk = signed_in(town, "dispatcher")
    assert 'name="rule"' not in text(desk.get(PAGE))
    asked = text(desk.post(PAGE, {"becomes": "case", "do": "plan"}))
    assert 'name="rule"' in asked
    assert 'name="case_type"' not in asked
    other = text(desk.post(PAGE, {"becomes": "plan", "words": "请店家搬走", "do": "case"}))
    assert "请店家搬走" in other
    assert 'name="case_type"' in other
    assert 'name="rule"' not in other


def test_a_decision_becomes_a_case_once(town: Town) -> None:
    key = uuid7()
    for _time in range(2):
        decide(town, NewCase("light.out", town.places[2].id), key=key)
    case = Case.objects.get()
    assert (case.channel, case.place_id) == ("review", town.places[2].id)
    [decided] = reviews.review(town.city.street.id, NOVEMBER).decided
    assert decided.case
    assert (decided.words, decided.case.number) == ("后门天天堵，每天都看", case.number)
    assert Event.objects.filter(type="patrols.DecisionMade").count() == 1
    assert verify.run() == []


def test_a_decision_becomes_what_anybody_could_report(town: Town) -> None:
    asked = text(signed_in(town, "dispatcher").get(PAGE))
    assert 'value="light.out"' in asked
    for kind in ("safety.hazard", "joint.street", "joint.part"):
        assert f'value="{kind}"' not in asked
        with pytest.raises(Problem) as caught:
            decide(town, NewCase(kind))
        assert caught.value.field == "case_type"


def test_a_decision_of_the_whole_area_becomes_a_case_of_its_desk(town: Town) -> None:
    decide(town, NewCase("light.out"))
    assert Case.objects.get().desk_area_id == town.city.street.id


def test_a_decision_becomes_a_version_of_a_plan_with_its_words_as_the_reason(town: Town) -> None:
    plan = town.plan(rule="FREQ=WEEKLY;BYDAY=MO", kind="weekly")
    decide(town, NewRule(plan, "FREQ=DAILY"))
    row = Plan.objects.get(uuid=plan)
    version = row.versions.get(number=row.number)
    assert (version.body["rule"], version.reason) == ("FREQ=DAILY", "后门天天堵，每天都看")
    with pytest.raises(Problem) as caught:
        decide(town, NewRule(plan, "FREQ=DAILY"))
    assert caught.value.field == "rule"


def test_who_plans_no_rounds_decides_nothing(town: Town) -> None:
    with refusal("not_planner"):
        decide(town, NewCase("light.out"), actor=town.walker)
    assert "Decide something" not in text(signed_in(town, "walker").get(PAGE))


def test_a_decision_that_is_sent_twice_is_one(town: Town) -> None:
    key = uuid7()
    first, again = (decide(town, NewCase("light.out"), key=key) for _twice in range(2))
    assert (first.uuid, Decision.objects.count()) == (again.uuid, 1)


@pytest.mark.parametrize(
    ("becomes", "more", "field"),
    [
        (NewCase("light.out"), {"words": " "}, "words"),
        (NewCase("safety.hazard"), {}, "case_type"),
        (NewRule(uuid7(), "FREQ=DAILY"), {}, "plan"),
    ],
)
def test_a_decision_says_what_it_is_and_becomes_what_anybody_could_ask(
    town: Town, becomes: NewCase | NewRule, more: dict[str, str], field: str
) -> None:
    with pytest.raises(Problem) as caught:
        decide(town, becomes, **more)
    assert (caught.value.field, Decision.objects.count()) == (field, 0)


def test_a_month_to_come_has_nothing_to_decide(town: Town) -> None:
    with pytest.raises(Problem):
        actions.decide(
            town.city.street.id, date(2026, 12, 1), words="以后再说",
            becomes=NewCase("light.out"), actor=town.city.staff["dispatcher"], key=uuid7(),
        )  # fmt: skip


def test_the_page_writes_itself_and_takes_a_decision(town: Town) -> None:
    found_on(town, 0, 1)
    desk = signed_in(town, "dispatcher")
    with clock.at(MONDAY + timedelta(days=2)):
        page = text(desk.get(PAGE))
        assert "on 2 days" in page
        sent = {"words": "请店家搬走", "becomes": "case", "place": town.places[0].id}
        wrong = desk.post(PAGE, sent)
        assert wrong.status_code == 422
        assert "请店家搬走" in text(wrong)
        assert desk.post(PAGE, sent | {"case_type": "light.out"}).status_code == 302
        assert "请店家搬走" in text(desk.get(PAGE))


@pytest.mark.parametrize("month", ["2026-13", "0001-01", "9999-12", "x", "2200-01"])
def test_an_odd_month_is_this_one(town: Town, month: str) -> None:
    page = signed_in(town, "dispatcher").get(f"/desk/rounds/month/?month={month}")
    assert "November 2026" in text(page)


# -- one filled-in checklist -----------------------------------------------------------------


def test_a_look_has_its_answers_photo_and_hazard_on_a_page(town: Town) -> None:
    taken, loose = picture(town), picture(town)
    said = answers(back_door=blocked(taken), lights={"value": "yes", "photos": [str(loose)]})
    submit(town, said, attachments=[taken, loose])
    row = Submission.objects.get()
    url = f"/desk/rounds/looks/{row.key}/"
    desk = signed_in(town, "walker")
    page = text(desk.get(url))
    assert "堆了货箱" in page
    assert "Not in order" in page
    assert Case.objects.get().number[:3] in page
    assert desk.get(f"{url}{loose}").status_code == 200
    assert desk.get(f"{url}{taken}").status_code == 404  # with its case
    assert desk.get(f"{url}{uuid7()}").status_code == 404


def test_a_look_of_another_area_is_not_there(town: Town) -> None:
    submit(town, answers())
    url = f"/desk/rounds/looks/{Submission.objects.get().key}/"
    assert signed_in(town, "handler").get(url).status_code == 404


def test_a_round_leads_to_what_was_answered_at_its_stops(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant")])
    submit(town, answers(), round=row.uuid, stop=row.stops.get().uuid)
    page = text(signed_in(town, "dispatcher").get(f"/desk/rounds/{row.uuid}/"))
    assert f"/desk/rounds/looks/{Submission.objects.get().key}/" in page
