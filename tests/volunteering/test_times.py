"""One time among several: added and looked at, called off with a reason, and told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.core import clock
from lingka.volunteering import actions, calendars, selectors
from lingka.volunteering.models import Service, Shift
from tests.cases.city import problem, refusal
from tests.members.people import joined
from tests.volunteering.helping import Town, wanted
from tests.volunteering.test_organising import desk
from tests.volunteering.test_serving import browser, said

WEEK = timedelta(days=7)


def one_more(town: Town, who: str = "dispatcher", *, later: timedelta = WEEK) -> Any:
    begins, ends = town.begins + later, town.ends + later
    return actions.add_shift(town.code, begins, ends, 4, actor=town.city.staff[who])


def times(town: Town) -> list[Any]:
    found = selectors.activity(town.code)
    assert found is not None
    return found.shifts


def test_the_same_time_is_not_added_twice(town: Town) -> None:
    with problem("twice"):
        one_more(town, later=timedelta())
    assert Shift.objects.count() == 1


def test_a_time_added_to_what_is_public_is_read_once_somebody_else_has_looked(town: Town) -> None:
    added, me = one_more(town), town.member()
    assert added not in {one.uuid for one in times(town)}
    with problem("not_open"):
        actions.sign_up(added, actor=me.actor)
    with refusal("own_draft"):
        actions.open_shift(added, actor=town.city.staff["dispatcher"])
    actions.open_shift(added, actor=town.city.staff["supervisor"])
    assert actions.sign_up(added, actor=me.actor) == "going"
    with problem("moved_on"):
        actions.open_shift(added, actor=town.city.staff["supervisor"])


def test_what_is_changed_before_it_is_public_is_approved_by_other_eyes(town: Town) -> None:
    home, staff = town.home, town.city.staff
    code = actions.draft(home, wanted(), actor=staff["dispatcher"])
    actions.add_shift(code, town.begins, town.ends, 3, actor=staff["dispatcher"])
    actions.change(code, wanted("care"), actor=staff["supervisor"])
    for author in ("dispatcher", "supervisor"):
        with refusal("own_draft"):
            actions.approve(code, actor=staff[author])
    actions.approve(code, actor=staff["chief"])


def test_a_time_added_to_what_was_approved_is_approved_anew(town: Town) -> None:
    staff = town.city.staff
    code = actions.draft(town.home, wanted(), actor=staff["dispatcher"])
    for days in (1, 2):
        begins = town.begins + timedelta(days=days)
        actions.add_shift(code, begins, begins + WEEK / 100, 3, actor=staff["dispatcher"])
        found = selectors.prepared(code)
        assert found is not None
        assert found.state == "draft"
        actions.approve(code, actor=staff["supervisor"])


def test_one_time_is_called_off_and_the_others_go_on(town: Town) -> None:
    me, staff, other = town.member(), town.city.staff, one_more(town)
    actions.open_shift(other, actor=staff["supervisor"])
    for shift in (town.shift, other):
        actions.sign_up(shift, actor=me.actor)
    assert actions.call_off(town.shift, "weather", actor=staff["dispatcher"]) is False
    assert dict(Service.objects.values_list("shift__uuid", "state")) == {
        town.shift: "off", other: "going",
    }  # fmt: skip
    page = said(Client(headers={"accept-language": "en"}).get(f"/v/{town.code}"))
    assert "does not take place: because of the weather" in page
    assert [one.left for one in times(town) if not one.off] == [3]
    with problem("not_open"):
        actions.sign_up(town.shift, actor=town.member(1).actor)


def test_whoever_signed_up_still_sees_on_their_page_what_was_called_off(town: Town) -> None:
    who = joined(town.home, "13900005551")
    actions.sign_up(town.shift, actor=who.info.actor)
    actions.cancel(town.code, "few", actor=town.city.staff["dispatcher"])
    assert "does not take place" in said(browser(who.key).get("/me/"))


def test_a_time_that_nobody_could_read_of_is_gone(town: Town) -> None:
    added = one_more(town)
    assert actions.call_off(added, "", actor=town.city.staff["dispatcher"]) is True
    assert [one.uuid for one in Shift.objects.all()] == [town.shift]


def test_what_has_begun_or_is_off_is_not_called_off(town: Town) -> None:
    desk_ = town.city.staff["dispatcher"]
    with clock.at(town.begins), problem("begun"):
        actions.call_off(town.shift, "weather", actor=desk_)
    with problem("why"):
        actions.call_off(town.shift, "no reason", actor=desk_)
    actions.call_off(town.shift, "weather", actor=desk_)
    with problem("begun"):
        actions.call_off(town.shift, "weather", actor=desk_)


def test_a_calendar_that_was_subscribed_to_hears_what_is_off(town: Town) -> None:
    def feed() -> str:
        return calendars.calendar(selectors.public(off=True)).replace("\r\n", "\n")

    confirmed = feed()
    assert "SEQUENCE:0\n" in confirmed
    assert "STATUS:CONFIRMED\n" in confirmed
    with clock.at(town.begins - timedelta(hours=2)):
        actions.call_off(town.shift, "weather", actor=town.city.staff["dispatcher"])
        off = feed()
    assert "SEQUENCE:1\n" in off
    assert "STATUS:CANCELLED\n" in off
    stamps = [line for text in (confirmed, off) for line in text.split("\n") if "STAMP" in line]
    assert stamps == sorted(set(stamps)), "each says when it was said"
    assert selectors.public() == []


def test_the_soonest_come_first_however_many_there_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST", 1)
    staff = town.city.staff
    code = actions.draft(town.home, wanted(), actor=staff["dispatcher"])
    begins = town.begins - timedelta(hours=3)
    actions.add_shift(code, begins, begins + timedelta(hours=1), 3, actor=staff["dispatcher"])
    actions.approve(code, actor=staff["supervisor"])
    actions.publish(code, actor=staff["dispatcher"])
    assert [one.code for one in selectors.public()] == [code]


def test_a_list_says_full_only_where_no_time_has_a_place_left(town: Town) -> None:
    other = one_more(town)
    actions.open_shift(other, actor=town.city.staff["supervisor"])
    for number in range(2):
        actions.sign_up(town.shift, actor=town.member(number).actor)
    page = said(Client(headers={"accept-language": "en"}).get("/v/"))
    assert "full then; places left at another time" in page


def test_the_desk_opens_a_colleague_s_time_and_calls_one_off(town: Town) -> None:
    first, second = desk(town.city, "dispatcher"), desk(town.city, "supervisor")
    added, page = one_more(town), f"/desk/activities/{town.code}"
    assert "You added it: somebody else opens it." in said(first.get(page))
    assert second.post(page, {"do": f"open-{added}"}).status_code == 302
    shift = f"/desk/activities/shifts/{added}"
    assert first.post(shift, {"do": "off"}).status_code == 400, "without a reason"
    first.post(shift, {"do": "off", "off-why": "leader"})
    assert "whoever leads it cannot come" in said(first.get(shift))
    gone = first.post(f"/desk/activities/shifts/{one_more(town)}", {"do": "off", "off-why": "few"})
    assert gone["Location"] == page
