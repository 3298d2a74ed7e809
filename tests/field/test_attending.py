"""The list of who comes to an activity, ticked on a phone without a network."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from lingka.accounts.models import Post
from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, selectors
from lingka.volunteering.models import Service
from tests.cases import city as cities
from tests.cases.city import City
from tests.field.conftest import Phone, registered
from tests.field.test_pull import pulled
from tests.volunteering.helping import Town, open_activity

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@dataclass
class Lead:
    """Whoever drafted an activity, their phone, and one who comes."""

    town: Town
    phone: Phone
    one: MemberInfo

    @property
    def place(self) -> Service:
        return Service.objects.get(member=self.one.uuid)

    def tick(self, action: str, at: datetime, **more: Any) -> dict[str, Any]:
        person = more.pop("person", None) or str(self.place.uuid)
        data = {"source": "attendance", "action": action, "given": {"person": person}}
        at_ = at.isoformat()
        return self.phone.op("task", self.town.shift, data=data, occurred_at=at_, **more)

    def push(self, *ticks: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
        with clock.at(at):
            return self.phone.push(*ticks)


@pytest.fixture
def lead(city: City) -> Lead:
    begins = cities.MONDAY + timedelta(hours=4)
    town = open_activity(city, begins, begins + timedelta(hours=2), places=2)
    one = town.member()
    actions.sign_up(town.shift, actor=one.actor)
    return Lead(town, registered(city.staff["dispatcher"].id), one)


def listed(phone: Phone) -> dict[str, Any] | None:
    rows, _cursor = pulled(phone)
    found = [row for (kind, _id), row in rows.items() if kind == "task"]
    return found[0] if found else None


def test_the_list_is_names_and_whether_they_are_here(lead: Lead) -> None:
    for number in (1, 2):
        actions.sign_up(lead.town.shift, actor=lead.town.member(number).actor)
    row = listed(lead.phone)
    assert row is not None
    assert row["title"]["zh-hans"] == "捡垃圾"
    assert row["people"][0] == {"id": str(lead.place.uuid), "name": "云0", "state": ""}
    assert [one["name"] for one in row["people"]] == ["云0", "云1"], "who waits has no place"
    assert str(lead.one.uuid) not in str(row)


@pytest.mark.parametrize("who", ["supervisor", "walker", "handler"])
def test_somebody_elses_list_is_on_no_other_phone(lead: Lead, who: str) -> None:
    assert listed(registered(lead.town.city.staff[who].id)) is None


def test_without_the_right_the_list_is_gone_and_ticks_are_refused(lead: Lead) -> None:
    tick = lead.tick("here", lead.town.begins)
    Post.objects.filter(user=lead.town.city.staff["dispatcher"].id).update(role="grid_worker")
    assert listed(lead.phone) is None
    [told] = lead.push(tick, at=lead.town.begins)
    assert (told["status"], lead.place.state) == ("rejected", "going")


def test_the_list_is_gone_with_the_time_for_checking_out(lead: Lead) -> None:
    with clock.at(lead.town.ends + 60 * MINUTE):
        assert listed(lead.phone) is not None
    with clock.at(lead.town.ends + 61 * MINUTE):
        assert listed(lead.phone) is None


@pytest.mark.usefixtures("seen_at_once")
def test_what_changes_reaches_the_phone_and_a_settled_list_leaves_it(lead: Lead) -> None:
    key = ("task", str(lead.town.shift))
    _rows, cursor = pulled(lead.phone)
    with clock.at(lead.town.begins):
        actions.check_in(lead.town.shift, actor=lead.one.actor)
        rows, cursor = pulled(lead.phone, cursor)
    assert rows[key]["people"][0]["state"] == "here"
    with clock.at(lead.town.ends):
        actions.check_out(lead.town.shift, actor=lead.one.actor)
        actions.close_shift(lead.town.shift, actor=lead.town.city.staff["dispatcher"])
        rows, cursor = pulled(lead.phone, cursor)
    assert rows[key] is None


def test_ticks_that_come_late_give_the_hours_between_them(lead: Lead) -> None:
    begins, ends = lead.town.begins, lead.town.ends
    came, went = lead.tick("here", begins - 10 * MINUTE), lead.tick("gone", ends - 30 * MINUTE)
    told = lead.push(came, went, at=ends + 600 * MINUTE)
    assert [one["result"] for one in told] == [
        {"state": "here", "already": False}, {"state": "gone", "already": False},
    ]  # fmt: skip
    again = lead.push(came, went, at=ends + 601 * MINUTE)
    assert [one["status"] for one in again] == ["duplicate", "duplicate"]
    place = lead.place
    assert (place.in_at, place.out_at) == (begins - 10 * MINUTE, ends - 30 * MINUTE)
    assert place.listed_by == lead.town.city.staff["dispatcher"].id
    with clock.at(ends + 602 * MINUTE):
        actions.close_shift(lead.town.shift, actor=lead.town.city.staff["dispatcher"])
    assert selectors.minutes_of(lead.one.uuid) == 90


def test_a_clock_that_is_wrong_is_corrected(lead: Lead) -> None:
    wrong, begins = timedelta(hours=5), lead.town.begins
    tick = lead.tick("here", begins + wrong)
    with clock.at(begins + 20 * MINUTE):
        lead.phone.push(tick, sent_at=(begins + 20 * MINUTE + wrong).isoformat())
    assert lead.place.in_at == begins


def test_who_is_here_by_the_code_is_not_here_twice(lead: Lead) -> None:
    begins, ends = lead.town.begins, lead.town.ends
    for moment, scan in ((begins, actions.check_in), (ends, actions.check_out)):
        with clock.at(moment):
            scan(lead.town.shift, actor=lead.one.actor)
    ticks = lead.tick("here", begins + MINUTE), lead.tick("gone", ends + MINUTE)
    told = lead.push(*ticks, at=ends + 5 * MINUTE)
    assert [one["result"]["already"] for one in told] == [True, True]
    assert (lead.place.in_at, lead.place.out_at) == (begins, ends)
    kinds = ["volunteering.CheckedIn", "volunteering.CheckedOut"]
    assert Event.objects.filter(type__in=kinds).count() == 2


def refused(told: list[dict[str, Any]]) -> list[str]:
    assert {one["status"] for one in told} == {"rejected"}
    return [one["problem"]["type"].removeprefix("/problems/") for one in told]


def test_what_does_not_fit_is_refused_with_its_reason(lead: Lead) -> None:
    begins, ends = lead.town.begins, lead.town.ends
    odd = [
        lead.tick("here", begins - 31 * MINUTE), lead.tick("gone", begins),
        lead.tick("dance", begins), lead.tick("here", begins, person="云"),
        lead.tick("here", begins, person=str(uuid7())),
    ]  # fmt: skip
    told = refused(lead.push(*odd, at=ends))
    assert told == ["not_now", "not_come", "action", "choice", "no_service"]
    with clock.at(begins + 20 * MINUTE):
        actions.check_in(lead.town.shift, actor=lead.one.actor)
    assert refused(lead.push(lead.tick("gone", begins), at=ends)) == ["before"]


def test_an_entry_of_another_time_or_of_nobody_is_no_entry_here(lead: Lead) -> None:
    tick = lead.tick("here", lead.town.begins) | {"record": str(uuid7())}
    assert refused(lead.push(tick, at=lead.town.begins)) == ["no_service"]


def test_whoever_gave_their_place_back_is_not_ticked(lead: Lead) -> None:
    actions.give_back(lead.town.shift, actor=lead.one.actor)
    tick = lead.tick("here", lead.town.begins)
    assert refused(lead.push(tick, at=lead.town.begins)) == ["moved_on"]


def test_after_the_hours_were_confirmed_nothing_is_added(lead: Lead) -> None:
    begins, ends = lead.town.begins, lead.town.ends
    lead.push(lead.tick("here", begins), at=begins)
    with clock.at(ends):
        actions.close_shift(lead.town.shift, actor=lead.town.city.staff["dispatcher"])
    late = lead.tick("gone", ends - MINUTE)
    assert refused(lead.push(late, at=ends + MINUTE)) == ["not_now"]
    assert lead.place.state == "review", "who forgot to check out is looked at"
