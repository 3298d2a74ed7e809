"""The desk's pages of checklists and rounds: read by those they concern, written with reasons."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases.selectors import near
from lingka.core import clock
from lingka.patrols import actions, views_plans
from lingka.patrols.forms import initial_of, rule_of
from lingka.patrols.models import Plan, PlanVersion, Round
from lingka.patrols.selectors import boards
from tests.cases.city import MONDAY, City, names
from tests.patrols import town as towns
from tests.patrols.test_submitting import answers, blocked, picture, submit
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def signed_in(town: Town, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username=who))
    client.cookies["language"] = "en"
    return client


def filled(town: Town, **changes: Any) -> dict[str, Any]:
    sent = {
        **{f"name_{code}": "巡查" for code in ("zh-hans", "bo", "en")},
        "kind": "daily", "level": "grid", "unit": town.team.id, "repeat": "daily",
        "begins_on": "2026-11-16", "from_hour": "09:00", "until_hour": "18:00",
        "holidays": "keep", "reason": "路滑", f"place_{town.places[0].id}": "1",
        f"checklist_{town.places[0].id}": "restaurant",
    }  # fmt: skip
    return sent | changes


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_checklist_s_page_says_what_it_asks_when_and_by_which_rule(town: Town) -> None:
    page = text(signed_in(town, "walker").get("/desk/checklists/restaurant/"))
    assert "Only if “Which gas is used?” is answered by Piped gas / Bottled gas" in page
    assert "Right up to 2." in page
    assert "Work Safety Law, article 36" in page
    assert "No working gas alarm" in page


def test_the_day_shows_rounds_with_what_is_done_and_found(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant"), town.stop(1)])
    taken = picture(town)
    submit(town, answers(back_door=blocked(taken)), attachments=[taken], round=row.uuid,
           stop=row.stops.get(checklist="restaurant").uuid)  # fmt: skip
    desk = signed_in(town, "dispatcher")
    page = text(desk.get("/desk/rounds/"))
    assert "1 of 2 stops" in page
    assert "1 hazards" in page
    one = text(desk.get(f"/desk/rounds/{row.uuid}/"))
    assert "1 not in order" in one


def test_a_missed_round_waits_first_on_the_page_until_somebody_says_why(town: Town) -> None:
    row = town.first()
    with clock.at(MONDAY + timedelta(days=1)):
        actions.close_missed()
        desk = signed_in(town, "dispatcher")
        assert "Missed, and nobody has said why" in text(desk.get("/desk/rounds/"))
        wrong = desk.post(f"/desk/rounds/{row.uuid}/explain", {"excuse": "lazy"})
        assert wrong.status_code == 422
        desk.post(f"/desk/rounds/{row.uuid}/explain", {"excuse": "weather"})
        assert "Missed, and nobody has said why" not in text(desk.get("/desk/rounds/"))
        assert "It was missed: Weather." in text(desk.get(f"/desk/rounds/{row.uuid}/"))


def test_a_plan_is_made_with_its_reason_and_once(town: Town) -> None:
    desk = signed_in(town, "dispatcher")
    page = desk.get(f"/desk/rounds/plans/new?area={town.city.grid.code}")
    sent = filled(town, key=str(page.context["key"]))
    for _time in range(2):
        done = desk.post(f"/desk/rounds/plans/new?area={town.city.grid.code}", sent)
        assert done.status_code == 302
    assert Plan.objects.count() == 1
    body = PlanVersion.objects.get().body
    assert body["stops"] == [
        {"place": town.places[0].id, "checklist": "restaurant", "note": {}}
    ]  # fmt: skip
    assert "路滑" in text(desk.get(done["Location"]))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"), ({"repeat": "weekly"}, "weekdays"),
        ({"repeat": "rule", "rule": "NEVER"}, "rule"), ({"until_hour": "08:00"}, "until_hour"),
        ({"kind": "campaign"}, "ends_on"), ({"begins_on": "soon"}, "begins_on"),
    ],
)  # fmt: skip
def test_what_does_not_do_is_said_beside_its_field_and_the_rest_stays(
    town: Town, changes: dict[str, Any], field: str
) -> None:
    desk = signed_in(town, "dispatcher")
    address = f"/desk/rounds/plans/new?area={town.city.grid.code}"
    page = desk.post(address, filled(town, **changes))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    chosen = [one for one in page.context["places"] if one.chosen]
    assert [one.checklist for one in chosen] == ["restaurant"]


def test_a_unit_that_is_not_among_the_nearest_is_found_by_its_name_and_the_rest_stays(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "MOST", 2)
    desk, office = signed_in(town, "dispatcher"), town.city.units["office"]
    address = f"/desk/rounds/plans/new?area={town.city.grid.code}"
    assert "more are found by a part of their names" in text(desk.get(address))
    sent = filled(town, do="find", like=office.name["zh-hans"], until_hour="08:00")
    page = desk.post(address, sent)
    offered = [key for key, _name in page.context["form"].fields["unit"].choices]
    assert (page.status_code, str(office.pk) in offered) == (200, True)
    assert 'value="08:00"' in page.content.decode()  # nothing is judged yet
    assert desk.post(address, filled(town, unit=office.pk)).status_code == 302


def test_a_plan_without_a_stop_says_so(town: Town) -> None:
    desk = signed_in(town, "dispatcher")
    sent = filled(town)
    del sent[f"place_{town.places[0].id}"]
    page = desk.post(f"/desk/rounds/plans/new?area={town.city.grid.code}", sent)
    assert "A round has between 1 and 60 stops." in text(page)


def test_a_change_keeps_the_versions_with_their_reasons(town: Town) -> None:
    plan = town.plan()
    desk = signed_in(town, "dispatcher")
    desk.post(f"/desk/rounds/plans/{plan}/", filled(town, reason="只看茶馆"))
    page = text(desk.get(f"/desk/rounds/plans/{plan}/"))
    assert "每天看一遍" in page
    assert "只看茶馆" in page
    desk.post(f"/desk/rounds/plans/{plan}/end")
    assert not Round.objects.filter(state="planned").exists()
    assert desk.post(f"/desk/rounds/plans/{plan}/", filled(town)).status_code == 404


def test_a_change_drops_no_stop_and_no_note_however_many_places_there_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_plans, "MOST_PLACES", 1)
    noted = town.stop(3) | {"note": names("后院")}
    plan = town.plan(stops=[town.stop(0), noted])
    desk, address = signed_in(town, "dispatcher"), f"/desk/rounds/plans/{plan}/"
    chosen = [one.place.id for one in desk.get(address).context["places"] if one.chosen]
    assert sorted(chosen) == [town.places[0].id, town.places[3].id]
    sent = filled(town, **{f"place_{town.places[3].id}": "1"})
    assert desk.post(address, sent).status_code == 302
    stops = PlanVersion.objects.get(number=2).body["stops"]
    assert noted in stops
    assert len(stops) == 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
    ],
)  # fmt: skip
def test_a_rule_goes_through_the_form_unchanged(town: Town, rule: str) -> None:
    assert rule_of(initial_of(town.body(rule=rule))) == rule


def test_the_week_writes_itself_from_what_was_recorded(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant"), town.stop(1), town.stop(2)])
    taken = picture(town)
    submit(town, answers(back_door=blocked(taken)), attachments=[taken], round=row.uuid,
           stop=row.stops.get(checklist="restaurant").uuid)  # fmt: skip
    other = row.stops.filter(checklist="")[0]
    actions.record_stop(row.uuid, other.uuid, outcome="skipped", reason="closed", actor=town.walker)
    actions.end_round(row.uuid, actor=town.walker)
    with clock.at(MONDAY + timedelta(days=1)):
        actions.close_missed()
        found = boards.summary(town.city.street.id, MONDAY.date(), MONDAY.date())
        assert (found.total.walked, found.total.planned) == (1, 1)
        assert (found.total.done, found.total.stops, found.total.unvisited) == (1, 3, 1)
        assert (found.total.open, found.total.hazards) == (1, 1)
        assert found.found == [("后门被堵或上锁", 1, 1)]
        page = text(signed_in(town, "dispatcher").get("/desk/rounds/week/"))
        assert "1 ÷ 2" in page  # Monday's, of that and Tuesday's
        assert "Back door blocked or locked" in page


def test_an_area_of_somebody_else_is_not_shown(town: Town) -> None:
    above = signed_in(town, "dispatcher").get(f"/desk/rounds/?area={town.city.root.code}")
    assert above.context["area"].id == town.city.street.id
    assert signed_in(town, "handler").get("/desk/rounds/").status_code == 404


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2200-01-02", "1969-12-31"])
@pytest.mark.parametrize("page", ["?day=", "week/?week="])
def test_days_that_no_calendar_reaches_show_today(town: Town, page: str, day: str) -> None:
    shown = signed_in(town, "dispatcher").get(f"/desk/rounds/{page}{day}")
    assert shown.status_code == 200
    found = shown.context.get("day") or shown.context["summary"].first
    assert found == MONDAY.date()


def test_a_day_with_more_rounds_than_the_page_shows_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(2):
        town.plan(stops=[town.stop(at)])
    desk, said = signed_in(town, "dispatcher"), "Rounds on this day: 2. Listed and counted here"
    assert said not in text(desk.get("/desk/rounds/"))
    monkeypatch.setattr(boards, "MOST", 1)
    assert said in text(desk.get("/desk/rounds/"))


@pytest.mark.usefixtures("unhurried")
def test_the_day_costs_the_same_however_many_rounds(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    for at in range(4):
        town.plan(kind="weekly", stops=[town.stop(at)])
    desk = signed_in(town, "dispatcher")
    desk.get("/desk/rounds/")
    with django_assert_max_num_queries(14):
        desk.get("/desk/rounds/")
