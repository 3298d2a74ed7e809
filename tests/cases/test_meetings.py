"""Units on one case meet: when and where is called, who came and what was agreed is recorded."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from lingka.cases.receipts import Opened
from lingka.cases.selectors import receipt_by_token
from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.notifications import actions
from tests.cases.city import MONDAY, City, case_of, problem, refusal
from tests.cases.test_joint import helped
from tests.cases.test_noting import signed_in
from tests.notifications.post import deliver, give_email, send

pytestmark = pytest.mark.usefixtures("unhurried")
TOMORROW = MONDAY + timedelta(days=1)


def called(city: City, **changes: Any) -> Opened:
    """Light and water are to meet tomorrow morning."""
    opened = helped(city)
    given = {"at": TOMORROW.isoformat(), "place": "二楼会议室", "about": "先修灯还是先挖管"}
    city.do(opened, "call_meeting", "handler", **(given | changes))
    return opened


def units(city: City, *names: str) -> list[int]:
    return [city.units[name].id for name in names]


def test_what_was_agreed_reaches_the_resident_and_where_they_met_does_not(city: City) -> None:
    opened = called(city)
    with clock.at(TOMORROW + timedelta(hours=1)):
        city.do(
            opened, "hold_meeting", "handler", came=units(city, "light", "water"),
            words="先挖管，后天修灯",
        )  # fmt: skip
    view = receipt_by_token(opened.token)
    assert view is not None
    told = [one.words for one in view.replies]
    assert told == ["先挖管，后天修灯"]
    assert "二楼会议室" not in repr(view)


def test_who_came_and_who_stayed_away_is_kept(city: City) -> None:
    opened = called(city)
    with clock.at(TOMORROW):
        city.do(opened, "hold_meeting", "dispatcher", came=units(city, "light"), words="改天再商量")
    (held,) = case_of(opened).facts["meetings"]
    assert (held["came"], held["away"]) == (units(city, "light"), units(city, "water"))
    assert "meeting" not in case_of(opened).facts


def test_the_page_shows_the_meeting_ahead_and_what_came_of_it(city: City) -> None:
    opened = called(city)
    address = f"/desk/cases/{case_of(opened).number}/"
    html = signed_in("plumber").get(address).content.decode()
    assert "Joint meetings" in html
    assert "二楼会议室" in html
    with clock.at(TOMORROW):
        assert "to be recorded" in signed_in("handler").get(address).content.decode()
        city.do(opened, "hold_meeting", "handler", came=units(city, "light"), words="再商量")
        assert "not there: water" in signed_in("handler").get(address).content.decode()


def test_the_forms_ask_for_day_and_hour_and_tick_the_units_on_the_case(city: City) -> None:
    opened = helped(city)
    client, address = signed_in("handler"), f"/desk/cases/{case_of(opened).number}/"
    assert 'type="datetime-local"' in client.get(address).content.decode()
    sent = {"at": "2026-11-17T10:00", "place": "二楼", "op": str(uuid7())}
    assert client.post(f"{address}do/call_meeting/", sent).status_code == 302
    assert case_of(opened).facts["meeting"] == {"at": "2026-11-17T02:00:00+00:00"}
    with clock.at(TOMORROW):
        boxes = re.findall(
            r'type="checkbox" name="came" value="(\d+)"', client.get(address).content.decode()
        )
        assert [int(one) for one in boxes] == units(city, "light", "water")


def test_who_is_called_is_told_when(city: City) -> None:
    give_email(city, "plumber")
    actions.choose(
        city.staff["plumber"].id, actor=city.staff["plumber"], wanted=[("to_do", "email")]
    )
    called(city)
    deliver()
    send()
    assert "Please come to a meeting" in mail.outbox[-1].body
    assert "17 November 10:00" in mail.outbox[-1].body


def test_whoever_helps_nobody_has_nobody_to_meet(city: City) -> None:
    opened = city.at("handling")
    with refusal("nothing_asked"):
        city.do(opened, "call_meeting", "handler", at=TOMORROW.isoformat(), place="这里")


def test_a_meeting_lies_ahead_when_it_is_called_and_behind_when_it_is_recorded(city: City) -> None:
    with problem("past"):
        called(city, at=(MONDAY - timedelta(hours=1)).isoformat())
    opened = called(city)
    with refusal("too_early"):
        city.do(opened, "hold_meeting", "handler", came=units(city, "light"), words="好")


def test_only_units_that_are_on_the_case_can_have_come(city: City) -> None:
    opened = called(city)
    with clock.at(TOMORROW), problem("helper"):
        city.do(opened, "hold_meeting", "handler", came=units(city, "office"), words="好")


def test_the_lead_does_not_report_past_a_meeting_and_may_call_it_off_with_a_reason(
    city: City,
) -> None:
    opened = called(city)
    city.do(opened, "co_report", "plumber", words="管子好了")
    with refusal("meeting"):
        city.do(opened, "report_back", "handler", words="都好了")
    city.do(opened, "call_off_meeting", "handler", words="不用商量了，已经修好")
    city.do(opened, "report_back", "handler", words="都好了")
    assert case_of(opened).state == "reported"


def test_who_helps_calls_no_meeting(city: City) -> None:
    opened = helped(city)
    with refusal("relation"):
        city.do(opened, "call_meeting", "plumber", at=TOMORROW.isoformat(), place="这里")
