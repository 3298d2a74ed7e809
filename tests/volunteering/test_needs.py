"""What communities look for hands for: published, matched with reasons, picked up once, done."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.areas.selectors import day_of
from lingka.core import clock
from lingka.core.problems import Problem
from lingka.members import actions as members
from lingka.volunteering import actions, needs
from lingka.volunteering.actions import needing
from lingka.volunteering.models import Need
from tests.cases import city as cities
from tests.cases.city import City, names, problem, refusal
from tests.cases.test_concurrency import at_once

TALKS: dict[str, Any] = {"kinds": ["talks"], "weekdays": [2, 4], "times": ["evening"]}


def wanted(**more: Any) -> actions.Wanted:
    given = {
        "kind": "talks", "title": names("讲一讲反诈"), "text": names("两小时"), "weekdays": [4, 5],
        "times": ["evening"], "until": day_of(None) + timedelta(days=30),
    }  # fmt: skip
    return actions.Wanted(**(given | more))


def home(city: City) -> int:
    return city.grid.parent_id or 0


def published(city: City) -> UUID:
    return actions.publish_need(home(city), wanted(), actor=city.staff["dispatcher"])


def checked_in(city: City, unit: str, **offer: Any) -> int:
    number = city.units[unit].pk
    members.check_in(number, home(city), actor=city.staff["dispatcher"], **(TALKS | offer))
    return number


def test_workplaces_that_fit_are_named_with_reasons_and_others_are_not(city: City) -> None:
    checked_in(city, "light")
    checked_in(city, "water", weekdays=[0])
    checked_in(city, "hall", kinds=["care"])
    found = needs.need(published(city))
    assert found is not None
    said = [(one.unit, [str(why) for why in fit.reasons]) for one, fit in needs.offers_for(found)]
    assert said == [
        ("light", ["能提供政策宣讲", "在本社区报到过", "时间合适：周五，晚上"]),
        ("water", ["能提供政策宣讲", "在本社区报到过"]),
    ]


def test_a_unit_picks_up_where_it_checked_in_and_the_desk_says_when_it_is_done(
    city: City,
) -> None:
    need, unit = published(city), city.units["light"].pk
    with refusal("not_checked_in"):
        actions.pick_up(need, unit, actor=city.staff["handler"])
    checked_in(city, "light")
    with refusal("not_checked_in"):
        actions.pick_up(need, unit, actor=city.staff["plumber"])
    actions.pick_up(need, unit, actor=city.staff["handler"])
    with refusal("not_organiser"):
        actions.end_need(need, "done", actor=city.staff["handler"])
    actions.end_need(need, "done", actor=city.staff["dispatcher"])
    with problem("moved_on"):
        actions.end_need(need, "declined", actor=city.staff["dispatcher"], why="不需要了")


def test_what_is_given_back_is_open_to_others(city: City) -> None:
    need, unit = published(city), checked_in(city, "light")
    actions.pick_up(need, unit, actor=city.staff["handler"])
    actions.give_up(need, actor=city.staff["handler"])
    assert [one.uuid for one in needs.open_needs()] == [need]
    with problem("moved_on"):
        actions.end_need(need, "done", actor=city.staff["dispatcher"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "x"), ("weekdays", []), ("times", ["night"]), ("title", names("")),
     ("until", day_of(cities.MONDAY) - timedelta(days=1))],
)  # fmt: skip
def test_what_does_not_do_is_refused(city: City, field: str, value: Any) -> None:
    with problem(field):
        actions.publish_need(home(city), wanted(**{field: value}), actor=city.staff["dispatcher"])


def desk(city: City, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=city.staff[who].id))
    return client


def test_it_is_all_done_on_the_desks_pages(city: City) -> None:
    checked_in(city, "light")
    first, second = desk(city, "dispatcher"), desk(city, "handler")
    words = {f"need-{part}_{code}": "灯" for part in ("title", "text")
             for code in ("zh-hans", "bo", "en")}  # fmt: skip
    form = {"do": "need", "need-area": home(city), "need-kind": "talks", "need-weekdays": ["4"],
            "need-until": "2026-12-24", **words}  # fmt: skip
    refused = first.post("/desk/needs/new", form)
    assert refused.status_code == 400
    assert 'value="4" id="id_need-weekdays_4" checked' in refused.content.decode()
    page = first.post("/desk/needs/new", form | {"need-times": ["evening"]})["Location"]
    assert "offers Policy talks" in first.get(page).content.decode()
    assert "灯" in second.get("/desk/needs/").content.decode()
    second.post(page, {"do": "pick", "pick-unit": city.units["light"].pk})
    first.post(page, {"do": "done"})
    assert Need.objects.get().state == "done"
    assert "灯" in first.get("/desk/needs/?over").content.decode()
    assert "灯" not in Client().get("/v/").content.decode()


def test_everybody_reads_what_is_needed(city: City) -> None:
    published(city)
    assert "讲一讲反诈" in Client().get("/v/").content.decode()


@pytest.fixture
def both_pick(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[type]]:
    with clock.at(cities.MONDAY):
        town = cities.build()
        need = published(town)
        pairs = [(checked_in(town, "light"), "handler"), (checked_in(town, "water"), "plumber")]
    real, both = needing._be, Barrier(2)

    def held_up(row: Need, state: str) -> None:
        real(row, state)
        try:
            both.wait(0.5)
        except BrokenBarrierError:
            return  # the other waits for the lock

    monkeypatch.setattr(needing, "_be", held_up)

    def pick(unit: int, who: str) -> Callable[[], None]:
        return lambda: actions.pick_up(need, unit, actor=town.staff[who])

    return lambda: [type(one) for one in at_once(*(pick(*one) for one in pairs))]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_pick_it_up_at_once_one_has_it(both_pick: Any) -> None:
    assert sorted(one.__name__ for one in both_pick()) == ["NoneType", "Problem"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_believe_to_have_it(
    both_pick: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        needing, "_held", lambda need: Need.objects.select_related("area").get(uuid=need)
    )
    assert Problem not in both_pick()


def test_a_unit_that_offers_another_kind_is_told_why_it_cannot_pick_a_need_up(city: City) -> None:
    need = published(city)
    checked_in(city, "light", kinds=["care"])
    page = desk(city, "handler").get(f"/desk/needs/{need}").content.decode()
    assert "Your unit cannot pick it up: it does not offer “Policy talks” around here." in page
    assert "We see to it" not in page
