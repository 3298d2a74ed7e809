"""A campaign: many places, seen to one by one; how far it is, in numbers of places alone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.areas.cache import forget
from lingka.areas.models import Area, Place
from lingka.core import clock, codes
from lingka.core.models import Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members.entering import COOKIE
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, campaigns, maps
from tests.cases import city as cities
from tests.cases.city import names
from tests.members.people import joined
from tests.volunteering.helping import Town

TODAY = cities.MONDAY.date()


def wanted(**other: Any) -> actions.Run:
    given = {
        "kind": "environment", "title": names("取暖安全走一遍"), "text": names("看烟道和阀门"),
        "begins_on": TODAY, "ends_on": TODAY + timedelta(days=7), "place_kinds": ["shop"],
    }  # fmt: skip
    return actions.Run(**(given | other))


def shops(town: Town, number: int) -> list[Place]:
    return [
        Place.objects.create(
            uuid=UUID(int=9000 + at), code=codes.short_code(), kind="shop", name=names(f"店{at}"),
            grid=town.city.grid, lon=91.1 + at / 1000, lat=29.65,
        )
        for at in range(number)
    ]  # fmt: skip


class Out:
    """A campaign over three shops, taken on by an activity at which somebody is."""

    def __init__(self, town: Town, *, here: bool = True) -> None:
        self.town, self.desk = town, town.city.staff["dispatcher"]
        before = set(Place.objects.filter(kind="shop").values_list("pk", flat=True))
        self.shops = shops(town, 3)
        self.others = len(before)
        self.code = actions.begin_campaign(town.home, wanted(), actor=self.desk)
        found = campaigns.campaign(self.code)
        assert found is not None
        self.uuid = found.uuid
        actions.take_on(self.uuid, town.code, actor=self.desk)
        self.me = town.member(1)
        if here:
            self.arrive(self.me)

    def arrive(self, who: MemberInfo) -> None:
        actions.sign_up(self.town.shift, actor=who.actor)
        with clock.at(self.town.begins):
            actions.check_in(self.town.shift, actor=who.actor)

    def mark(self, at: int, state: str, who: Any = None) -> None:
        actor = who or self.me.actor
        actions.mark(self.uuid, self.shops[at].pk, state, actor=actor)

    @property
    def done(self) -> int:
        found = campaigns.campaign(self.code)
        assert found is not None
        assert found.all == 3 + self.others
        return found.done

    @property
    def remaining(self) -> dict[str, str]:
        return {
            one.place.name["zh-hans"]: one.state for _g, several in campaigns.stops(self.uuid)
            for one in several
        }  # fmt: skip


@pytest.fixture
def out(town: Town) -> Out:
    return Out(town)


def test_whoever_is_there_marks_a_place_as_done(out: Out) -> None:
    out.mark(0, "done")
    assert out.done == 1
    assert "店0" not in out.remaining


def test_where_nobody_was_or_somebody_comes_again_remains(out: Out) -> None:
    out.mark(0, "absent")
    out.mark(1, "again")
    assert out.done == 0
    assert (out.remaining["店0"], out.remaining["店1"]) == ("absent", "again")


def test_a_place_marked_as_done_twice_is_counted_once(out: Out) -> None:
    other = out.town.member(2)
    out.arrive(other)
    for who in (out.me, other):
        out.mark(0, "done", who.actor)
    out.mark(0, "absent")
    assert out.done == 1
    assert Event.objects.filter(type="volunteering.CampaignPlaceMarked").count() == 1


def test_an_event_says_which_place_and_not_who(out: Out) -> None:
    out.mark(0, "done")
    told = Event.objects.get(type="volunteering.CampaignPlaceMarked")
    assert told.actor["kind"] == "system"
    assert str(out.me.uuid) not in str(told.data)


@pytest.mark.parametrize("state", ["open", "nonsense", ""])
def test_other_marks_are_refused(out: Out, state: str) -> None:
    with pytest.raises(Problem) as refused:
        out.mark(0, state)
    assert refused.value.code == "state"


def test_who_is_not_there_marks_nothing(town: Town) -> None:
    out = Out(town, here=False)
    with pytest.raises(PermissionRefused):
        out.mark(0, "done")


def test_a_place_elsewhere_is_none_of_the_campaign(out: Out) -> None:
    with pytest.raises(Problem) as refused:
        actions.mark(out.uuid, 10**9, "done", actor=out.me.actor)
    assert refused.value.code == "no_place"


def test_the_desk_opens_again_what_was_marked_by_mistake(out: Out) -> None:
    out.mark(0, "done")
    out.mark(0, "open", out.desk)
    assert out.done == 0
    assert out.remaining["店0"] == "open"


def test_closing_writes_what_came_of_it_and_nothing_moves_afterwards(out: Out) -> None:
    out.mark(0, "done")
    out.mark(1, "absent")
    with clock.at(out.town.ends):
        actions.close_campaign(out.uuid, actor=out.desk)
    found = campaigns.campaign(out.code)
    assert found is not None
    assert found.summary == {
        "done": 1, "all": 3 + out.others, "times": 1, "absent": 1, "again": 0,
        "parts": [[out.town.city.grid.pk, "shop", 1, 3 + out.others]],
    }  # fmt: skip
    assert [(one.done, one.all) for one in campaigns.parts(found)] == [(1, 3 + out.others)]
    with pytest.raises(Problem):
        out.mark(2, "done")
    assert campaigns.running() == []


def test_after_its_last_day_it_closes_by_itself_once_as_the_desk_would(out: Out) -> None:
    out.mark(0, "done")
    last = cities.MONDAY + timedelta(days=7)
    with clock.at(last):
        assert actions.close_over() == 0, "the last day is one of its days"
    with clock.at(last + timedelta(days=5)):
        assert [actions.close_over(), actions.close_over()] == [1, 0]
    found = campaigns.campaign(out.code)
    assert found is not None
    assert found.summary is not None
    assert (found.summary["done"], found.summary["times"]) == (1, 1)
    told = Event.objects.get(type="volunteering.CampaignClosed")
    assert (told.actor["kind"], told.data["done"]) == ("system", 1)


def test_what_the_desk_closed_meanwhile_is_not_closed_again(
    out: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(cities.MONDAY + timedelta(days=9)):
        late = campaigns.over()
        actions.close_campaign(out.uuid, actor=out.desk)
        monkeypatch.setattr(campaigns, "over", lambda: late)
        assert actions.close_over() == 0
    assert Event.objects.filter(type="volunteering.CampaignClosed").count() == 1


def test_remaining_places_are_numbered_on_the_map_as_in_the_list(out: Out) -> None:
    out.mark(0, "done")
    out.mark(1, "again")
    held = campaigns.stops(out.uuid)
    (one,) = maps.rounds(held)
    assert one.map is not None
    assert [mark.number for mark in one.map.marks] == list(range(1, len(held[0][1]) + 1))
    assert [mark.state for mark in one.map.marks] == [stop.state for stop in held[0][1]]
    Area.objects.filter(pk=out.town.city.grid.pk).update(boundary=None)
    forget()
    (bare,) = maps.rounds(held)
    assert bare.map is None


def test_only_the_desk_of_the_area_closes_it(out: Out) -> None:
    with pytest.raises(PermissionRefused):
        actions.close_campaign(out.uuid, actor=out.me.actor)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"kind": "dancing"}, "kind"),
        ({"title": {"zh-hans": "只有中文"}}, "title_bo"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=400)}, "ends_on"),
        ({"begins_on": TODAY - timedelta(days=9), "ends_on": TODAY - timedelta(days=2)}, "ends_on"),
        ({"place_kinds": ["castle"]}, "place_kinds"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    town: Town, other: dict[str, Any], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        actions.begin_campaign(town.home, wanted(**other), actor=town.city.staff["dispatcher"])
    assert refused.value.field == field


def test_who_has_no_post_begins_none(town: Town) -> None:
    with pytest.raises(PermissionRefused):
        actions.begin_campaign(town.home, wanted(), actor=town.member(1).actor)


def test_an_activity_takes_on_one_campaign_and_no_other(out: Out) -> None:
    actions.take_on(out.uuid, out.town.code, actor=out.desk)  # again: stays so
    other = actions.begin_campaign(out.town.home, wanted(), actor=out.desk)
    found = campaigns.campaign(other)
    assert found is not None
    with pytest.raises(Problem) as refused:
        actions.take_on(found.uuid, out.town.code, actor=out.desk)
    assert refused.value.code == "taken"


def test_an_activity_outside_the_area_does_not_take_it_on(out: Out) -> None:
    grid = actions.begin_campaign(out.town.city.grid.pk, wanted(), actor=out.desk)
    found = campaigns.campaign(grid)
    assert found is not None
    with pytest.raises(Problem) as refused:
        actions.take_on(found.uuid, out.town.code, actor=out.desk)
    assert refused.value.code == "far"


@pytest.fixture
def phone(out: Out) -> Client:
    one = joined(out.town.home, "13900003991", "云")
    out.arrive(one.info)
    client = Client()
    client.cookies[COOKIE] = one.key
    return client


def test_a_phone_marks_the_door_that_it_scanned(out: Out, phone: Client) -> None:
    with clock.at(out.town.begins):
        door = phone.get(f"/p/{out.shops[1].code}").content.decode()
        page = f"/v/campaigns/{out.code}/places"
        assert f"{page}?door={out.shops[1].code}" in door
        assert "店1" in phone.get(page, {"door": out.shops[1].code}).content.decode()
        phone.post(page, {"mark": f"done:{out.shops[1].code}"})
        phone.post(page, {"mark": "done:nowhere"})
        assert "店1" not in phone.get(page).content.decode()
    assert out.done == 1


def test_everybody_reads_how_many_and_never_which(out: Out, client: Client) -> None:
    out.mark(0, "done")
    page = client.get(f"/v/campaigns/{out.code}").content.decode()
    assert "取暖安全走一遍" in page
    assert "店0" not in page
    assert "店1" not in page
    assert client.get(f"/v/campaigns/{out.code}/places").status_code == 302


def test_who_is_not_there_gets_no_list_and_no_link_at_the_door(town: Town) -> None:
    out = Out(town, here=False)
    one = joined(town.home, "13900003992", "云")
    client = Client()
    client.cookies[COOKIE] = one.key
    assert client.get(f"/v/campaigns/{out.code}/places").status_code == 302
    assert "campaigns" not in client.get(f"/p/{out.shops[0].code}").content.decode()
