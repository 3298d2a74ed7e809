"""Notices: put up, prolonged, withdrawn, ended by their case or their own time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from lingka.areas.models import Area, Place
from lingka.areas.selectors import area, place
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import history
from lingka.core.ids import uuid7
from lingka.notices import actions, selectors
from lingka.notices.models import Notice
from lingka.notices.selectors import NoticeInfo
from lingka.notifications.models import Message
from tests.cases.city import City, problem, refusal
from tests.notices.conftest import deliver
from tests.notifications.post import EMAIL

pytestmark = pytest.mark.django_db
PutUp = Callable[..., NoticeInfo]


def reread(notice: NoticeInfo) -> NoticeInfo:
    found = selectors.notice(notice.code)
    assert found is not None
    return found


def test_a_notice_stands_on_the_doors_it_is_for_and_on_no_other(
    put_up: PutUp, doors: list[Place], city: City
) -> None:
    put_up(places=[doors[0].id])
    assert len(selectors.at_place(place(doors[0].id))) == 1
    assert selectors.at_place(place(doors[1].id)) == []


def test_a_notice_for_an_area_stands_on_every_door_below_it(
    put_up: PutUp, doors: list[Place], city: City
) -> None:
    put_up(places=[], areas=[city.street.id])
    assert len(selectors.at_place(place(doors[2].id))) == 1


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_its_words_name_the_places_the_unit_and_the_end(put_up: PutUp, language: str) -> None:
    notice = put_up()
    with translation.override(language):
        said = reread(notice)
    assert "1 号楼" in said.text
    assert "water" in said.text
    assert "18:00" in said.text or "16:00" in said.text
    assert "{" not in said.title + said.text


def test_nobody_puts_up_a_notice_outside_their_area(put_up: PutUp, city: City) -> None:
    with refusal("other_area"):
        put_up(places=[], areas=[city.root.id])


@pytest.mark.parametrize("who", ["handler", "walker", "verifier"])
def test_only_desks_and_supervisors_put_up_notices(put_up: PutUp, who: str) -> None:
    with refusal("not_desk"):
        put_up(who)


def test_a_resident_puts_up_none(put_up: PutUp) -> None:
    with refusal("not_desk"):
        put_up(Actor("resident", 1))


def test_the_same_key_again_gives_the_first_notice(put_up: PutUp) -> None:
    key = uuid7()
    assert put_up(key=key).code == put_up(key=key).code
    assert Notice.objects.count() == 1


def test_a_language_left_out_is_said_beside_its_field(put_up: PutUp) -> None:
    with problem("words") as _caught:
        put_up(title={"zh-hans": "停水", "en": "No water"})


def test_a_variable_that_nobody_fills_in_is_refused(put_up: PutUp) -> None:
    with problem("words"):
        put_up(title=dict.fromkeys(("zh-hans", "bo", "en"), "{who} 停水"))


def test_no_language_may_say_less_than_another(put_up: PutUp) -> None:
    with problem("words"):
        put_up(text={"zh-hans": "{where}停水", "bo": "{where} ཆུ་མེད།", "en": "No water"})


def test_it_ends_at_its_own_time_and_says_so(put_up: PutUp) -> None:
    notice = put_up()
    with clock.at(notice.ends_at + timedelta(minutes=1)):
        after = reread(notice)
        assert (after.state, after.over_at) == ("over", notice.ends_at)
        assert len(selectors.turns(notice.code)) == 2


def test_it_is_prolonged_and_its_words_follow(put_up: PutUp, city: City) -> None:
    notice = put_up()
    actions.prolong(
        notice.code, notice.ends_at + timedelta(hours=3), actor=city.staff["dispatcher"]
    )
    assert reread(notice).text != notice.text
    with problem("ends"):
        actions.prolong(notice.code, notice.ends_at, actor=city.staff["dispatcher"])


def test_what_is_over_is_not_prolonged(put_up: PutUp, city: City) -> None:
    notice = put_up()
    actions.withdraw(notice.code, "mistake", actor=city.staff["dispatcher"])
    with problem("over"):
        actions.prolong(
            notice.code, notice.ends_at + timedelta(hours=3), actor=city.staff["dispatcher"]
        )


def test_it_is_withdrawn_with_a_reason_that_is_kept(put_up: PutUp, city: City) -> None:
    notice = put_up()
    actions.withdraw(notice.code, "sooner", actor=city.staff["dispatcher"])
    with translation.override("en"):
        assert reread(notice).over_why == "It is over sooner than planned."
    row = Notice.objects.get(code=notice.code)
    assert [one.type for one in history(row.uuid)] == [
        "notices.NoticePublished", "notices.NoticeEnded",
    ]  # fmt: skip


def test_another_street_s_desk_does_not_withdraw_it(put_up: PutUp, city: City) -> None:
    notice = put_up()
    with refusal("not_desk"):
        actions.withdraw(notice.code, "sooner", actor=city.staff["walker"])


def test_a_notice_ends_when_somebody_else_found_its_case_repaired(
    put_up: PutUp, city: City
) -> None:
    opened = city.at("handling")
    notice = put_up(case_uuid=opened.case_uuid)
    city.do(opened, "report_back", "handler", words="修好了")
    deliver()
    assert reread(notice).state == "now"  # the unit says so; nobody has checked
    city.do(opened, "verify", "verifier", how="visit")
    deliver()
    assert (reread(notice).state, Notice.objects.get().ended_by) == ("over", "case")


def test_a_notice_ends_when_its_case_is_taken_back(put_up: PutUp, city: City) -> None:
    opened = city.open()
    notice = put_up(case_uuid=opened.case_uuid)
    city.do(opened, "withdraw", city.reporter(opened))
    deliver()
    assert reread(notice).state == "over"
    assert reread(notice).over_why == "报的人撤回了这件事。"


def test_a_notice_says_that_its_case_was_not_taken_up_instead_of_checked(
    put_up: PutUp, city: City
) -> None:
    opened = city.open()
    notice = put_up(case_uuid=opened.case_uuid, kind="danger")
    city.do(opened, "decline", "dispatcher", reason="untrue", words="去看过，没有")
    deliver()
    assert reread(notice).over_why == "这件事没有受理。"


def test_no_reporter_takes_the_warning_of_a_danger_down(put_up: PutUp, city: City) -> None:
    opened = city.open()
    notice = put_up(case_uuid=opened.case_uuid, kind="danger")
    city.do(opened, "withdraw", city.reporter(opened))
    deliver()
    assert reread(notice).state == "now"
    actions.withdraw(notice.code, "mistake", actor=city.staff["dispatcher"])
    assert Notice.objects.get().ended_by == "mistake"


def test_a_notice_of_a_merged_case_stands_until_the_other_case_is_over(
    put_up: PutUp, city: City
) -> None:
    first, again = city.open(), city.open()
    notice = put_up(case_uuid=again.case_uuid)
    city.do(again, "merge", "dispatcher", into=first.case_number)
    deliver()
    assert reread(notice).state == "now"
    city.do(first, "decline", "dispatcher", reason="untrue", words="去看过，没有")
    deliver()
    assert reread(notice).state == "over"


def test_merging_and_the_end_of_the_other_case_may_be_heard_of_at_once(
    put_up: PutUp, city: City
) -> None:
    first, again = city.open(), city.open()
    notice = put_up(case_uuid=again.case_uuid)
    city.do(again, "merge", "dispatcher", into=first.case_number)
    city.do(first, "decline", "dispatcher", reason="untrue", words="去看过，没有")
    deliver()
    assert reread(notice).state == "over"


def test_a_notice_goes_back_with_its_case_when_a_merging_is_undone(
    put_up: PutUp, city: City
) -> None:
    first, again = city.open(), city.open()
    own, other = put_up(case_uuid=first.case_uuid), put_up(case_uuid=again.case_uuid)
    city.do(again, "merge", "dispatcher", into=first.case_number)
    deliver()
    city.do(again, "part_again", "dispatcher", words="是两件")
    deliver()
    city.do(first, "withdraw", city.reporter(first))
    deliver()
    assert (reread(own).state, reread(other).state) == ("over", "now")


def test_what_is_told_late_of_a_case_that_was_opened_again_ends_nothing(
    put_up: PutUp, city: City
) -> None:
    opened = city.at("resolved")
    city.do(opened, "reopen", city.reporter(opened), words="又灭了")
    notice = put_up(case_uuid=opened.case_uuid)
    deliver()
    assert reread(notice).state == "now"


def test_a_full_board_leaves_out_no_danger(put_up: PutUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST", 2)
    long_ago = clock.now() - timedelta(days=3)
    danger = put_up(kind="danger", begins_at=long_ago)
    for _number in range(3):
        put_up()
    assert selectors.board()["now"][0].code == danger.code


def test_a_full_board_leaves_out_nothing_of_the_area_asked_for(
    put_up: PutUp, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST", 2)
    here = put_up(begins_at=clock.now() - timedelta(days=3))
    elsewhere = Area.objects.create(
        uuid=uuid7(), code="999", name=city.street.name, level="street", parent=city.root,
        path="/999/", valid_from=city.street.valid_from,
    )  # fmt: skip
    for _number in range(3):
        Notice.objects.filter(code=put_up().code).update(area=elsewhere)
    found = selectors.board(area=area(city.street.id))["now"]
    assert [one.code for one in found] == [here.code]


def test_a_case_that_is_over_makes_no_notice(put_up: PutUp, city: City) -> None:
    opened = city.at("resolved")
    with problem("case"):
        put_up(case_uuid=opened.case_uuid)


def test_nothing_is_said_in_public_of_a_case_that_public_lists_leave_out(
    put_up: PutUp, city: City
) -> None:
    opened = city.open("help.papers")
    with problem("case"):
        put_up(case_uuid=opened.case_uuid)


def test_those_who_follow_the_case_and_left_a_contact_are_told(put_up: PutUp, city: City) -> None:
    opened = city.at("handling", contact=EMAIL)
    city.at("handling")
    notice = put_up(case_uuid=opened.case_uuid)
    actions.prolong(
        notice.code, notice.ends_at + timedelta(hours=3), actor=city.staff["dispatcher"]
    )
    deliver()
    told = Message.objects.filter(key__startswith="notice").values_list("key", flat=True)
    assert sorted(told) == ["notice", "notice_later"]


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_what_is_read_out_says_twice_what_matters(put_up: PutUp, language: str) -> None:
    notice = put_up(phone="0891 12345")
    said = selectors.spoken(notice.code, language)
    assert said.count("1 号楼") == 2
    assert "0 8 9 1 1 2" in said
    assert "16:00" not in said  # nobody stumbles over a colon


def test_only_an_administrator_of_the_whole_town_changes_templates(city: City) -> None:
    with refusal("not_administrator"):
        actions.publish_template("water_off", {}, actor=city.staff["supervisor"])
