"""Open assessment: three sides, units only, published in versions."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.accounts.models import User
from lingka.core import clock
from lingka.core.models import Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.insight import actions, assessing, hiding, periods, permissions, publicly
from lingka.insight.assessing import Side
from lingka.insight.definitions import Definition, definition, shipped
from lingka.insight.measures import Tally
from lingka.insight.models import Assessment, Mark
from lingka.insight.selectors import assessments, definitions
from lingka.insight.selectors.boards import EMPTY, Line, Sum
from tests.cases.city import MONDAY, City
from tests.insight.conftest import listen

SUMMER = periods.Period(MONDAY.date().replace(month=7, day=1), 3)
DESK, SPEAK = "/desk/rates/assessment/", "/desk/rates/assessment/{}/?period=2026-Q3"
NAMED = ["resolution", "satisfaction"]
WELL = {"takes_on": 4, "in_time": 3, "together": 3, "lasting": 4}


def mark(city: City, who: str, unit: str, **more: int) -> Mark:
    return actions.mark_unit(city.units[unit].pk, SUMMER, WELL | more, actor=city.staff[who])


def browser(city: City, who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=city.staff[who].id))
    client.cookies["language"] = "en"
    return client


def rated(city: City, days_ago: int, solved: int, of: int) -> None:
    """So many of the lights' cases, some of them solved, and their month published."""
    with clock.at(MONDAY - timedelta(days=days_ago)):
        for number in range(of):
            opened = city.at("resolved")
            said = {"solved": number < solved, "satisfied": "yes" if number < solved else "no"}
            city.do(opened, "rate", city.reporter(opened), **said)
    listen()
    publish(city, (MONDAY - timedelta(days=days_ago)).date())


def publish(city: City, month: date) -> None:
    boss = city.staff["supervisor"]
    with clock.at(MONDAY - timedelta(days=40)):
        shown = actions.show_to_units(month, actor=boss)
    with clock.at(MONDAY - timedelta(days=10)):
        actions.publish(shown.uuid, actor=boss)


@pytest.fixture
def summer(city: City) -> City:
    """Twelve of the lights' cases in August, all solved, and three sides that spoke."""
    rated(city, 100, 12, 12)
    for who in ("supervisor", "plumber", "verifier", "dispatcher"):
        mark(city, who, "light")
    return city


def lights(city: City) -> Any:
    return assessments.body(SUMMER)["units"][str(city.units["light"].pk)]


def test_all_sides_together_by_their_weights(summer: City) -> None:
    row = lights(summer)
    assert row["sides"] == {
        "superior": [87.5, 1], "departments": [87.5, 3], "residents": [100.0, 12],
    }  # fmt: skip
    assert row["together"] == pytest.approx(0.6 * 87.5 + 0.4 * 100)


def test_a_side_of_which_too_few_spoke_is_missing_and_so_is_the_whole(city: City) -> None:
    for who in ("supervisor", "plumber", "verifier"):
        mark(city, who, "light")
    row = lights(city)
    assert row["sides"]["departments"] == [None, 2]
    assert row["sides"]["residents"] == [None, 0]
    assert row["together"] is None


def test_nine_answers_make_no_residents_side(db: None) -> None:
    by = definitions.on(MONDAY.date())
    few = {"resolution": (9, 9), "satisfaction": (9, 9)}
    assert assessing.residents(few, by, ["resolution", "satisfaction"], 10) == Side(None, 9)


def test_rates_that_a_definition_does_not_weigh_make_no_residents_side(db: None) -> None:
    by = definitions.on(MONDAY.date())
    many = {"resolution": (99, 99), "satisfaction": (99, 99)}
    assert assessing.residents(many, by, ["nonsense"], 10) == Side(None, 0)


def test_a_month_too_small_to_be_shown_does_not_count(summer: City) -> None:
    rated(summer, 60, 0, 3)
    assert lights(summer)["sides"]["residents"] == [100.0, 12]
    rated(summer, 130, 10, 10)
    assert lights(summer)["sides"]["residents"] == [100.0, 22]


def test_residents_are_not_heard_before_their_month_is_published(city: City) -> None:
    with clock.at(MONDAY - timedelta(days=100)):
        for _number in range(12):
            opened = city.at("resolved")
            city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="yes")
    listen()
    assert lights(city)["sides"]["residents"] == [None, 0]


def test_what_residents_said_stands_only_while_its_months_do(summer: City) -> None:
    boss, guest = summer.staff["supervisor"], Client(headers={"accept-language": "en"})
    address = "/rates/assessment/?period=2026-Q3&version="

    def shown(version: int) -> tuple[bool, bool]:
        page = guest.get(f"{address}{version}").content.decode()
        return "100.0" in page or "92.5" in page, "not shown any more" in page

    actions.publish_assessment(SUMMER, actor=boss)
    assert shown(1) == (True, False)
    publish(summer, date(2026, 8, 1))
    assert shown(1) == (False, True)
    actions.publish_assessment(SUMMER, actor=boss)
    assert [shown(1), shown(2)] == [(False, True), (True, False)]


NUMBER = st.integers(0, 30)


@st.composite
def tallies(draw: Any) -> Tally:
    answered = draw(NUMBER)
    voiced = draw(st.integers(0, answered))
    return Tally(
        cases=answered + draw(st.integers(0, 3)), answered=answered, voiced=voiced,
        solved=draw(st.integers(0, answered)), satisfied=draw(st.integers(0, voiced)),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(tallies(), min_size=1, max_size=4), min_size=3, max_size=3))
def test_no_sum_or_difference_of_shown_figures_is_of_a_small_group(
    quarter: list[list[Tally]],
) -> None:
    by = definition(shipped())
    months = [_month(one, by) for one in quarter]
    whole = assessing.added(months)
    for unit in range(4):
        side = assessing.residents(whole.get(unit, {}), by, NAMED, by.minimum)
        assert side.value is None or side.of >= by.minimum
        for rate in NAMED:
            parts = [month.get(unit, {}).get(rate, (0, 0))[1] for month in months]
            together = whole.get(unit, {}).get(rate, (0, 0))[1]
            taken = [sum(some) for size in range(4) for some in combinations(parts, size)]
            assert not any(0 < together - one < by.minimum for one in taken)
    for tallied, month in zip(quarter, months, strict=True):
        for rate in (one for one in by.rates if one.key in NAMED):
            every = sum(rate.parts(one)[1] for one in tallied)
            hidden = every - sum(one.get(rate.key, (0, 0))[1] for one in month.values())
            assert every < by.minimum or not 0 < hidden < by.minimum


def _month(tallied: list[Tally], by: Definition) -> dict[int, dict[str, tuple[int, int]]]:
    """What the public table of a month lets everybody read of its units."""
    lines = [Line(str(unit), Sum(one)) for unit, one in enumerate(tallied) if one.cases]
    total = sum((line.now for line in lines), EMPTY)
    told = frozenset(hiding.told(publicly.columns(by), by.minimum, hiding.sizes(total)))
    return publicly.shown_in(publicly.table("unit", lines, by, str, total, told=told), by)


@pytest.mark.parametrize(
    ("who", "unit", "side"),
    [
        ("supervisor", "light", "superior"),
        ("supervisor", "hall", None),  # one's own
        ("plumber", "light", "departments"),
        ("handler", "light", None),
        ("walker", "light", None),  # no post that speaks for a unit
    ],
)
def test_the_level_above_and_other_units_speak_never_its_own_people(
    city: City, who: str, unit: str, side: str | None
) -> None:
    from lingka.accounts.selectors import posts_of

    found = permissions.speaker(posts_of(city.staff[who].id or 0), city.units[unit].pk)
    assert (found and found[0]) == side
    if side is None:
        with pytest.raises(PermissionRefused):
            mark(city, who, unit)


def test_said_anew_it_takes_the_old_ones_place(city: City) -> None:
    first = mark(city, "plumber", "light")
    mark(city, "plumber", "light", lasting=0)
    assert [(one.uuid, one.given["lasting"]) for one in Mark.objects.all()] == [(first.uuid, 0)]
    assert Event.objects.filter(type="insight.UnitMarked", stream_id=first.uuid).count() == 2


@pytest.mark.parametrize("more", [{"lasting": 9}, {"nonsense": 1}])
def test_an_answer_that_is_none_is_refused(city: City, more: dict[str, int]) -> None:
    with pytest.raises(Problem) as caught:
        mark(city, "plumber", "light", **more)
    assert caught.value.code == "given"


@pytest.mark.parametrize("key", ["2026-09", "2026-Q4"])
def test_only_a_quarter_that_is_over_is_assessed(city: City, key: str) -> None:
    period = periods.read(key)
    assert period is not None
    with pytest.raises(Problem) as caught:
        actions.mark_unit(city.units["light"].pk, period, WELL, actor=city.staff["plumber"])
    assert caught.value.code == "running"


def test_a_published_version_stays_as_it_is(summer: City) -> None:
    boss = summer.staff["supervisor"]
    first = actions.publish_assessment(SUMMER, actor=boss)
    mark(summer, "supervisor", "light", takes_on=0, in_time=0, together=0, lasting=0)
    second = actions.publish_assessment(SUMMER, actor=boss)
    key = str(summer.units["light"].pk)
    shown = [one.body["units"][key]["sides"]["superior"][0] for one in (first, second)]
    assert ([first.number, second.number], shown) == ([1, 2], [87.5, 0.0])
    with pytest.raises(PermissionRefused):
        actions.publish_assessment(SUMMER, actor=summer.staff["verifier"])


def test_a_unit_sees_how_it_stands_itself_and_speaks_of_others(summer: City) -> None:
    page = browser(summer, "handler").get(DESK)
    assert [row["name"] for row in page.context["rows"]] == ["light"]
    assert not page.context["rows"][0]["speaks"]
    assert summer.units["water"].pk in [unit for unit, _name in page.context["others"]]
    own = browser(summer, "handler").get(SPEAK.format(summer.units["light"].pk))
    assert own.status_code == 404


def test_before_it_is_published_others_hear_only_how_many_spoke(summer: City) -> None:
    row = browser(summer, "handler").get(DESK).context["rows"][0]
    assert row["sides"] == [
        ("superior", None, 1), ("departments", None, 3), ("residents", 100.0, 12),
    ]  # fmt: skip
    assert row["together"] is None


def test_who_oversees_one_street_reads_nothing_of_the_towns_units(summer: City) -> None:
    page = browser(summer, "verifier").get(DESK)
    assert page.context["rows"] == []
    assert summer.units["light"].pk in [unit for unit, _name in page.context["others"]]


def test_a_colleague_does_not_take_the_place_of_the_level_above(city: City) -> None:
    mark(city, "supervisor", "light")
    mark(city, "chief", "light", lasting=0)
    assert {one.side: one.given["lasting"] for one in Mark.objects.all()} == {
        "superior": 4, "departments": 0,
    }  # fmt: skip


def test_what_one_unit_said_cannot_be_had_from_two_versions(summer: City) -> None:
    boss, key = summer.staff["supervisor"], str(summer.units["light"].pk)
    actions.publish_assessment(SUMMER, actor=boss)
    with clock.at(MONDAY + timedelta(hours=1)):
        mark(summer, "chief", "light", takes_on=0, in_time=0, together=0, lasting=0)
        mark(summer, "supervisor", "light", lasting=0)
        second = actions.publish_assessment(SUMMER, actor=boss)
    with clock.at(MONDAY + timedelta(hours=2)):
        for who in ("plumber", "verifier", "dispatcher"):
            mark(summer, who, "light", lasting=0)
        third = actions.publish_assessment(SUMMER, actor=boss)
    shown = [one.body["units"][key]["sides"]["departments"] for one in (second, third)]
    assert shown == [[87.5, 3], [pytest.approx(46.9), 4]]


def test_the_same_is_not_published_twice_and_nothing_not_at_all(summer: City) -> None:
    boss = summer.staff["supervisor"]
    actions.publish_assessment(SUMMER, actor=boss)
    spring = periods.Period(MONDAY.date().replace(month=4, day=1), 3)
    for period, code in ((SUMMER, "same"), (spring, "empty")):
        with pytest.raises(Problem) as caught:
            actions.publish_assessment(period, actor=boss)
        assert caught.value.code == code


def test_a_unit_speaks_on_its_page(city: City) -> None:
    client, address = browser(city, "plumber"), SPEAK.format(city.units["light"].pk)
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"takes_on": "3"})
    assert (wrong.status_code, wrong.content.count(b"missing-lasting")) == (422, 2)
    assert b'name="takes_on" value="3" checked' in wrong.content
    assert client.post(address, WELL).status_code == 302
    assert Mark.objects.get().given == WELL
    assert client.get(SPEAK.format(10**9)).status_code == 404


def test_it_is_published_by_the_towns_supervisor_and_read_by_everybody(summer: City) -> None:
    guest = Client(headers={"accept-language": "en"})
    assert "Nothing has been published yet" in guest.get("/rates/assessment/").content.decode()
    assert browser(summer, "verifier").post(DESK).status_code == 409
    assert browser(summer, "supervisor").post(DESK).status_code == 302
    assert Assessment.objects.get().period == "2026-Q3"
    said = guest.get("/rates/assessment/?period=2026-Q3&version=1").content.decode()
    assert "87.5" in said
    assert "12 answered" in said
    assert said.index("The level above <") < said.index("Other units <") < said.index("Residents <")
    assert guest.get("/rates/assessment/?period=2026-Q2").status_code == 404


@pytest.mark.parametrize("query", ["period=2026-Q3%00", "period=x", "version=x", "version=9"])
def test_what_was_never_published_is_not_found(city: City, query: str) -> None:
    assert Client().get(f"/rates/assessment/?{query}").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_page_speaks_every_language(summer: City, language: str) -> None:
    client = browser(summer, "supervisor")
    client.cookies["language"] = language
    title = {"zh-hans": "开门考核", "bo": "སྒོ་འབྱེད་དཔྱད་འཇོག", "en": "Open assessment"}[language]
    assert title in client.get(DESK).content.decode()
