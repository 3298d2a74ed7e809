"""Calls that a leader takes in person: each a case whose caller is owed an answer by name."""

import datetime as dt
from typing import Any

import pytest

from lingka.cases.models import Case
from lingka.cases.selectors import who_may_lead
from lingka.core import clock, events
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.intake import actions, drafts, selectors
from lingka.intake.models import CallDay, LiveCall
from tests.cases.city import MONDAY, City, problem
from tests.intake.test_calls import browser, desk, said

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def set_day(city: City, **changes: Any) -> Any:
    given = {
        "leader": city.staff["leader"].id, "starts_at": MONDAY - HOUR, "ends_at": MONDAY + HOUR,
        "actor": city.staff["dispatcher"],
    }  # fmt: skip
    return actions.set_call_day(**(given | changes))


def live(city: City, **changes: Any) -> dict[str, Any]:
    return said(channel="leader", leader=str(city.staff["leader"].id), **changes)


def test_what_a_leader_is_told_becomes_a_case_whose_answer_is_owed(desk: City) -> None:
    set_day(desk)
    browser("dispatcher").post("/desk/call/", live(desk))
    case = Case.objects.get()
    assert (case.channel, case.facts["leader"]) == ("leader", desk.staff["leader"].id)
    assert not case.clocks["lead_answer"]["stopped"]
    assert LiveCall.objects.get().case_uuid == case.uuid


def test_even_a_wish_that_a_leader_hears_is_followed_up_by_name(desk: City) -> None:
    browser("dispatcher").post("/desk/call/", live(desk, case_type="wish.small"))
    assert Case.objects.get().facts["leader"] == desk.staff["leader"].id


def test_who_was_named_answers_and_the_day_shows_it(desk: City) -> None:
    set_day(desk)
    browser("dispatcher").post("/desk/call/", live(desk))
    page = browser("dispatcher").get("/desk/call/days/").content.decode()
    assert ("answer owed" in page, ">answered<" in page) == (True, False)
    from lingka.cases.actions import perform

    uuid = Case.objects.get().uuid
    perform(uuid, "lead_answer", actor=desk.staff["leader"], data={"words": "三天内修好"})
    page = browser("dispatcher").get("/desk/call/days/").content.decode()
    assert "answer owed" not in page


def test_without_anybody_named_it_is_not_taken_in_and_nothing_is_lost(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", live(desk) | {"leader": ""})
    assert "leader" in page.context["form"].errors
    assert "路灯不亮" in page.content.decode()
    assert not Case.objects.exists()


def test_only_who_may_lead_there_is_named(desk: City) -> None:
    given = live(desk) | {"leader": str(desk.staff["handler"].id)}
    assert browser("dispatcher").post("/desk/call/", given).status_code == 422
    assert not Case.objects.exists()


def test_a_question_answered_on_the_spot_is_owed_nothing_more(desk: City) -> None:
    set_day(desk)
    answered = live(desk) | {"answered": "heating-hours"}
    assert browser("dispatcher").post("/desk/call/", answered).status_code == 302
    page = browser("dispatcher").get("/desk/call/days/").content.decode()
    assert ("answered on the spot" in page, "answer owed" in page) == (True, False)


def test_a_danger_told_a_leader_goes_out_at_once_whoever_follows_it_up(desk: City) -> None:
    given = live(desk) | {"leader": "", "danger": "water.burst", "case_type": ""}
    browser("dispatcher").post("/desk/call/", given)
    case = Case.objects.get()
    assert case.urgent
    assert case.facts["leader"] in {one for one, _name in who_may_lead(case.area_path)}
    assert not case.clocks["lead_answer"]["stopped"]


def test_a_danger_told_during_a_leader_s_hours_is_followed_up_by_that_leader(desk: City) -> None:
    set_day(desk)
    given = live(desk) | {"leader": "", "danger": "water.burst", "case_type": ""}
    browser("dispatcher").post("/desk/call/", given)
    assert Case.objects.get().facts["leader"] == desk.staff["leader"].id
    page = browser("dispatcher").get("/desk/call/days/").content.decode()
    assert "answer owed" in page


def joining(desk: City, **more: Any) -> dict[str, Any]:
    """Somebody tells a leader of what is open already."""
    opened = desk.open("light.out")
    return live(desk) | {"joins": drafts.offer_for(opened.case_uuid), "case_type": ""} | more


def test_what_a_leader_hears_of_an_open_case_is_followed_up_by_name_and_on_the_day(
    desk: City,
) -> None:
    set_day(desk)
    assert browser("dispatcher").post("/desk/call/", joining(desk)).status_code == 302
    case = Case.objects.get()
    assert (case.facts["leader"], case.facts["followers"]) == (desk.staff["leader"].id, 1)
    assert LiveCall.objects.get().case_uuid == case.uuid
    page = browser("dispatcher").get("/desk/call/days/").content.decode()
    assert "answer owed" in page


def test_joined_without_anybody_named_it_is_not_taken_in(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", joining(desk, leader=""))
    assert "leader" in page.context["form"].errors
    assert "followers" not in Case.objects.get().facts


def test_whoever_owes_the_answer_already_goes_on_owing_it(desk: City) -> None:
    set_day(desk)
    client, given = browser("dispatcher"), joining(desk)
    for _one in range(2):
        assert client.post("/desk/call/", given).status_code == 302
        given |= {"idempotency_key": str(uuid7())}
    case = Case.objects.get()
    named = [one for one in events.history(case.uuid) if "name_lead" in repr(one.data)]
    assert (case.facts["followers"], len(named), LiveCall.objects.count()) == (2, 1, 1)


def test_what_came_another_way_names_nobody(desk: City) -> None:
    browser("dispatcher").post("/desk/call/", live(desk) | {"channel": "hotline"})
    assert "leader" not in Case.objects.get().facts
    with pytest.raises(PermissionRefused):
        desk.do(_opened(), "name_lead", "dispatcher", leader=desk.staff["leader"].id)


def _opened() -> Any:
    return type("Opened", (), {"case_uuid": Case.objects.get().uuid})


def test_while_a_day_lasts_calls_are_the_leader_s(desk: City) -> None:
    client = browser("dispatcher")
    assert client.get("/desk/call/").context["form"].initial["channel"] == "hotline"
    set_day(desk)
    page = client.get("/desk/call/")
    assert page.context["form"].initial["leader"] == desk.staff["leader"].id
    assert "takes calls in person until" in page.content.decode()
    with clock.at(MONDAY + 2 * HOUR):
        assert selectors.live_day(_posts(desk)) is None


def _posts(city: City) -> Any:
    from lingka.accounts.selectors import posts_of

    return posts_of(city.staff["dispatcher"].id or 0)


def test_a_day_is_written_down_and_called_off(desk: City) -> None:
    client = browser("dispatcher")
    given = {
        "leader": str(desk.staff["leader"].id), "starts_at": "2026-11-18T10:00",
        "ends_at": "2026-11-18T12:00",
    }  # fmt: skip
    assert client.post("/desk/call/days/", given).status_code == 302
    day = CallDay.objects.get()
    assert b"Call it off" in client.get("/desk/call/days/").content
    client.post(f"/desk/call/days/{day.uuid}/off")
    assert not CallDay.objects.exists()
    assert client.post(f"/desk/call/days/{day.uuid}/off").status_code == 404


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2026-11-18T12:00", "2026-11-18T10:00"),
        ("2020-11-18T10:00", "2020-11-18T12:00"),
        ("2026-11-18T10:00", "2026-11-20T10:00"),
        ("9999-12-31T20:00", "9999-12-31T10:00"),
    ],
)
def test_hours_that_cannot_be_are_said_beside_them(
    desk: City, starts_at: str, ends_at: str
) -> None:
    given = {"leader": str(desk.staff["leader"].id), "starts_at": starts_at, "ends_at": ends_at}
    page = browser("dispatcher").post("/desk/call/days/", given)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["ends_at"])


def test_a_day_on_which_somebody_called_stays(desk: City) -> None:
    day = set_day(desk)
    browser("dispatcher").post("/desk/call/", live(desk))
    with problem("called"):
        actions.call_off(day, actor=desk.staff["dispatcher"])


def test_a_day_to_come_is_handed_over_to_another_leader(desk: City) -> None:
    day, heir = set_day(desk), desk.staff["supervisor"].id
    client = browser("dispatcher")
    assert "Somebody else takes these calls" in client.get("/desk/call/days/").content.decode()
    assert client.post(f"/desk/call/days/{day}/leader", {"leader": str(heir)}).status_code == 302
    assert CallDay.objects.get().leader == heir
    told = [event.data for event in events.history(day)]
    assert [one.leader for one in told] == [desk.staff["leader"].id, heir]  # type: ignore[attr-defined]
    for odd in ("", "x", str(desk.staff["handler"].id)):
        client.post(f"/desk/call/days/{day}/leader", {"leader": odd})
    assert CallDay.objects.get().leader == heir
    with clock.at(MONDAY + 2 * HOUR), problem("over"):
        actions.hand_over_day(day, desk.staff["leader"].id or 0, actor=desk.staff["dispatcher"])
    assert client.post(f"/desk/call/days/{uuid7()}/leader", {"leader": "1"}).status_code == 404


def test_only_desks_write_days_down_and_only_for_who_may_lead(desk: City) -> None:
    for act in (set_day, lambda _city, **who: actions.call_off(uuid7(), **who)):
        with pytest.raises(PermissionRefused):
            act(desk, actor=desk.staff["handler"])
    with problem("person"):
        set_day(desk, leader=desk.staff["handler"].id)
    assert browser("handler").get("/desk/call/days/").status_code == 404
