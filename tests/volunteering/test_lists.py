"""Needs meet what units lend; each ends done, as a wish, as a project or declined with a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from lingka.areas.selectors import day_of
from lingka.core import clock, codes
from lingka.core.actors import Actor
from lingka.desks import actions as desks
from lingka.projects.models import Project
from lingka.volunteering import actions, needs
from lingka.volunteering.models import Need, Resource
from tests.cases.city import City, case_of, names, problem, refusal
from tests.desks.test_every_list import rows_of
from tests.ledgers.test_ledgers import wished
from tests.projects import works
from tests.volunteering.test_needs import desk, home, wanted


def lent(city: City, **more: Any) -> UUID:
    given = {
        "unit": city.units["hall"].pk, "kind": "kitchen", "title": names("空闲的厨房"),
        "text": names("午饭后空着"), "weekdays": [0, 1, 2], "times": ["afternoon"],
        "until": day_of(None) + timedelta(days=60), "languages": ["bo", "zh-hans"],
    }  # fmt: skip
    idle = actions.Idle(**(given | more))
    return actions.offer(home(city), idle, actor=city.staff["dispatcher"])


def canteen(city: City, **more: Any) -> UUID:
    given = {"kind": "kitchen", "title": names("食堂缺厨房"), "weekdays": [1, 3],
             "times": ["afternoon"], "languages": ["bo"]}  # fmt: skip
    return actions.publish_need(
        home(city), wanted(**(given | more)), actor=city.staff["dispatcher"]
    )


def reasons(need: UUID) -> list[tuple[str, list[str]]]:
    found = needs.need(need)
    assert found is not None
    return [(one.unit, [str(why) for why in fit.reasons]) for one, fit in needs.offers_for(found)]


def test_a_canteen_that_needs_a_kitchen_finds_the_idle_one_and_why(city: City) -> None:
    lent(city)
    lent(city, kind="vehicle")
    assert reasons(canteen(city)) == [
        ("hall", ["能提供厨房", "就在本社区", "时间合适：周二，下午", "会说藏语"])
    ]


def test_what_is_taken_back_or_over_fits_nothing_any_more(city: City) -> None:
    kitchen, need = lent(city), canteen(city)
    with refusal("not_own"):
        actions.take_back(kitchen, actor=city.staff["handler"])
    actions.take_back(kitchen, actor=city.staff["dispatcher"])
    assert reasons(need) == []
    with problem("no_resource"):
        actions.take_back(kitchen, actor=city.staff["dispatcher"])
    lent(city, until=day_of(None))
    with clock.at(clock.now() + timedelta(days=1)):
        assert reasons(need) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "talks"), ("weekdays", []), ("times", []), ("title", names(""))],
)
def test_what_is_lent_unclearly_is_refused(city: City, field: str, value: Any) -> None:
    with problem("title" if field == "title" else field):
        lent(city, **{field: value})
    assert not Resource.objects.exists()


def test_a_unit_s_own_people_lend_what_is_theirs_alone(city: City) -> None:
    found = actions.Idle(
        city.units["light"].pk, "hall", names("会议室"), names("晚上空"), [0], ["evening"],
        day_of(None),
    )  # fmt: skip
    actions.offer(home(city), found, actor=city.staff["handler"])
    with refusal("not_own"):
        actions.offer(home(city), found, actor=city.staff["plumber"])


def hanging(city: City) -> str:
    """The number of a wish on the wall."""
    return case_of(wished(city)).number


@pytest.mark.parametrize(
    ("state", "there", "other"),
    [("wish", hanging, works.public), ("project", works.public, hanging)],
)
def test_a_need_becomes_a_wish_or_project_that_is_there_and_says_which(
    city: City, state: str, there: Callable[[City], str], other: Callable[[City], str]
) -> None:
    need, by = canteen(city), city.staff["dispatcher"]
    code = there(city)
    for wrong in ("", codes.short_code(), other(city)):
        with problem("became"):
            actions.end_need(need, state, actor=by, became=wrong)
    actions.end_need(need, state, actor=by, became=codes.pretty(code))
    assert Need.objects.get().became == code


def test_a_need_is_declined_with_a_reason_or_not_at_all(city: City) -> None:
    need, by = canteen(city), city.staff["dispatcher"]
    with problem("why"):
        actions.end_need(need, "declined", actor=by, why=" ")
    actions.end_need(need, "declined", actor=by, why="食堂下月搬走")
    assert needs.counts(clock.now() - timedelta(days=1)).declined == 1


def test_what_waits_from_before_is_listed_and_counted_beyond_what_the_list_has_room_for(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, ended = canteen(city), canteen(city)
    actions.end_need(ended, "declined", actor=city.staff["dispatcher"], why="食堂下月搬走")
    later = clock.now() + timedelta(days=1)
    assert [one.uuid for one in needs.listed(later)] == [waits]
    monkeypatch.setattr(needs, "MOST", 0)
    assert needs.listed(later) == []
    found = needs.counts(later)
    assert (found.all, found.open, found.declined) == (1, 1, 0)


def test_everybody_reads_what_is_pledged_and_what_is_delivered(city: City) -> None:
    lent(city)
    by, first, second = city.staff["dispatcher"], canteen(city), canteen(city)
    for one in (first, second):
        actions.pick_up(one, city.units["hall"].pk, actor=by)
    actions.end_need(first, "done", actor=by)
    code = works.public(city)
    third = canteen(city, title=names("要一条坡道"))
    actions.end_need(third, "project", actor=by, became=code)
    page = Client(headers={"accept-language": "en"}).get("/three-lists/").content.decode()
    for text in ("空闲的厨房", "pledged, not delivered yet", "delivered on", f"/projects/{code}/"):
        assert text in page
    assert Project.objects.get().code == code


def test_the_desk_takes_the_three_lists_and_what_is_lent_out_as_files(city: City) -> None:
    lent(city)
    by, code = city.staff["dispatcher"], works.public(city)
    actions.pick_up(canteen(city), city.units["hall"].pk, actor=by)

    def file_of(listing: str, actor: Actor) -> list[list[Any]]:
        return rows_of(actor, desks.take_list(listing, {}, actor=actor, language="en"))[1:]

    first, second, third = file_of("three-lists", by)
    assert (first[0], first[1], first[4]) == ("Needs", "食堂缺厨房", "hall")
    assert (second[0], second[1]) == ("What units lend", "空闲的厨房")
    assert third[0] == "Livelihood projects"
    assert Project.objects.get().code == code
    assert [row[0] for row in file_of("resources", by)] == ["空闲的厨房"]
    assert file_of("resources", city.staff["handler"]) == []


def test_the_desk_lends_ends_and_reads_it_all_on_its_pages(city: City) -> None:
    office, need = desk(city, "dispatcher"), canteen(city)
    words = {f"lend-{part}_{code}": "灶" for part in ("title", "text")
             for code in ("zh-hans", "bo", "en")}  # fmt: skip
    form = {"do": "lend", "lend-unit": city.units["hall"].pk, "lend-area": home(city),
            "lend-kind": "kitchen", "lend-weekdays": ["1"], "lend-times": ["afternoon"],
            "lend-until": "2026-12-24", **words}  # fmt: skip
    assert office.post("/desk/resources/", form | {"lend-until": "x"}).status_code == 400
    assert office.post("/desk/resources/", form).status_code == 302
    page = office.get("/desk/three-lists/").content.decode()
    assert "offers Kitchen" in page
    assert desk(city, "handler").get("/desk/three-lists/").status_code == 404
    assert office.post(f"/desk/needs/{need}", {"do": "decline"}).status_code == 400
    office.post(f"/desk/needs/{need}", {"do": "decline", "decline-why": "搬走了"})
    assert Need.objects.get().state == "declined"
    kitchen = Resource.objects.get().uuid
    office.post("/desk/resources/", {"do": "back", "back-resource": str(kitchen)})
    gone = office.post("/desk/resources/", {"do": "back", "back-resource": str(uuid4())})
    assert gone.status_code == 400
    assert needs.resources() == []
