"""Papers are handed in once: one receipt with one code, missing ones named, any counter goes on."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from lingka.cases.models import Case, Contact, Receipt
from lingka.cases.selectors import receipt_by_token
from lingka.core import clock, events
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.counter import actions, selectors
from lingka.counter.models import Appointment, HandIn
from lingka.counter.selectors import WindowInfo
from lingka.guides import actions as guide_actions
from lingka.guides import selectors as guides
from lingka.intake.presenting import context
from tests.cases.city import MONDAY, RESIDENT, City, problem
from tests.security.stage import _give

pytestmark = pytest.mark.django_db
GUIDE = "residence-permit"
HERE, MISSING, UNNEEDED = "here", "missing", "unneeded"


def hand_in(city: City, papers: list[str] | None = None, **more: Any) -> Any:
    given = {"actor": city.staff["dispatcher"], "idempotency_key": uuid7(), "language": "en"}
    return actions.hand_in(GUIDE, papers or [HERE] * 4, **(given | more))


def test_papers_become_a_case_at_the_desk_that_took_them(city: City) -> None:
    hand_in(city, words="两个人合租")
    case = Case.objects.get()
    assert (case.case_type, case.channel, case.desk_area_id, case.state) == (
        "help.handin", "counter", city.street.pk, "received",
    )  # fmt: skip


def test_the_same_form_sent_twice_is_one_receipt(city: City) -> None:
    key = uuid7()
    assert hand_in(city, idempotency_key=key).token == hand_in(city, idempotency_key=key).token
    assert HandIn.objects.count() == 1


def test_what_is_missing_is_asked_for_in_their_language_and_the_clock_waits(city: City) -> None:
    opened = hand_in(city, [HERE, HERE, MISSING, UNNEEDED], language="bo")
    view = receipt_by_token(opened.token)
    assert view is not None
    assert "ཁང་གླའི་གན་རྒྱ" in view.question
    running = [one for one in Case.objects.get().clocks.values() if one["stopped"] is None]
    assert running
    assert all(one["paused"] for one in running)


def test_papers_are_named_in_the_reader_s_language_as_the_version_said(city: City) -> None:
    _give(city, "administrator", "administrator", "hall", city.root)
    opened = hand_in(city, [HERE, MISSING, HERE, UNNEEDED])
    body = dict(guides.body(GUIDE) or {}) | {"papers": []}
    guide_actions.publish(GUIDE, body, actor=city.staff["administrator"])
    held = selectors.papers(opened.case_uuid)
    assert held is not None
    assert held.missing == ["近期照片一张"]
    assert held.here == ["居民身份证", "租房合同、房产证明或单位住宿证明，任一样"]


def test_any_other_counter_takes_what_was_missing_and_the_case_goes_on(city: City) -> None:
    opened = hand_in(city, [HERE, MISSING, MISSING, HERE])
    far = city.staff["chief"]
    assert not actions.bring(opened.case_uuid, [HERE, HERE, MISSING, HERE], actor=far)
    assert actions.bring(opened.case_uuid, [HERE, HERE, UNNEEDED, HERE], actor=far)
    case = Case.objects.get()
    assert not case.facts.get("asked")
    assert not any(one["paused"] for one in case.clocks.values())


def test_bringing_nothing_new_leaves_no_trace(city: City) -> None:
    opened = hand_in(city, [HERE, MISSING, HERE, HERE])
    told = len(events.history(HandIn.objects.get().uuid))
    assert not actions.bring(
        opened.case_uuid, [HERE, MISSING, HERE, HERE], actor=city.staff["dispatcher"]
    )
    assert len(events.history(HandIn.objects.get().uuid)) == told == 1


def test_what_the_resident_answered_in_words_does_not_stop_the_papers(city: City) -> None:
    opened = hand_in(city, [HERE, MISSING, HERE, HERE])
    city.do(opened, "answer", city.reporter(opened), words="明天带来")
    assert actions.bring(opened.case_uuid, [HERE] * 4, actor=city.staff["dispatcher"])


def test_another_question_stays_open_when_the_papers_come(city: City) -> None:
    opened = hand_in(city, [HERE, MISSING, HERE, HERE])
    with clock.at(MONDAY + dt.timedelta(minutes=5)):
        city.do(opened, "answer", city.reporter(opened), words="明天带来")
        city.do(opened, "ask", "dispatcher", words="几号房间？")
        assert actions.bring(opened.case_uuid, [HERE] * 4, actor=city.staff["dispatcher"])
    assert Case.objects.get().facts["asked"]


def test_with_what_is_over_nothing_more_is_taken_in(city: City) -> None:
    opened = hand_in(city, [HERE, MISSING, HERE, HERE])
    city.do(opened, "withdraw", city.reporter(opened))
    with problem("over"):
        actions.bring(opened.case_uuid, [HERE] * 4, actor=city.staff["dispatcher"])
    assert HandIn.objects.get().papers[1] == MISSING


def test_nothing_becomes_missing_that_nobody_asked_for(city: City) -> None:
    opened = hand_in(city, [HERE, UNNEEDED, MISSING, HERE])
    with problem("handed_in"):
        actions.bring(opened.case_uuid, [HERE, MISSING, HERE, HERE], actor=city.staff["dispatcher"])


def test_after_a_merge_each_keeps_their_own_papers_and_brings_the_rest(city: City) -> None:
    first, second = hand_in(city), hand_in(city, [HERE, MISSING, HERE, HERE])
    Receipt.objects.filter(id=second.receipt_id).update(
        case=Case.objects.get(uuid=first.case_uuid), kind="follower"
    )
    view = receipt_by_token(second.token)
    assert view is not None
    with translation.override("en"):
        assert context(view)["papers"].missing == ["One recent photograph"]
    assert actions.bring(second.case_uuid, [HERE] * 4, actor=city.staff["dispatcher"])


def test_a_list_that_changed_meanwhile_is_ticked_anew(city: City) -> None:
    found = guides.guide(GUIDE)
    assert found is not None
    with problem("list_changed"):
        hand_in(city, number=found.number + 1)
    assert not Case.objects.exists()


def test_what_stands_on_a_receipt_is_not_taken_off_it(city: City) -> None:
    opened = hand_in(city)
    with problem("handed_in"):
        actions.bring(opened.case_uuid, [MISSING] * 4, actor=city.staff["dispatcher"])


@pytest.mark.parametrize("papers", [[], [HERE] * 3, [HERE, HERE, HERE, "lost"]])
def test_each_paper_of_the_list_is_answered(city: City, papers: list[str]) -> None:
    with problem("papers"):
        actions.hand_in(
            GUIDE, papers, actor=city.staff["dispatcher"], idempotency_key=uuid7(), language="en"
        )
    assert not Case.objects.exists()


def test_answers_and_unknown_guides_take_no_papers(city: City) -> None:
    for guide in ("heating-hours", "nothing"):
        with problem("unknown_guide"):
            actions.hand_in(guide, [], actor=city.staff["dispatcher"], idempotency_key=uuid7())
    with problem("unknown_papers"):
        actions.bring(uuid7(), [], actor=city.staff["dispatcher"])


def test_only_a_desk_takes_papers(city: City) -> None:
    for who in (city.staff["handler"], RESIDENT):
        with pytest.raises(PermissionRefused):
            hand_in(city, actor=who)


def test_a_number_is_kept_only_where_one_is_left(city: City) -> None:
    hand_in(city)
    assert not Contact.objects.exists()
    hand_in(city, phone="13900001234")
    assert Contact.objects.count() == 1


def test_handing_in_ends_the_appointment_wherever_it_was(city: City, office: WindowInfo) -> None:
    at = selectors.free_days(office)[0][1][0]
    booked = actions.book(office.uuid, at, actor=RESIDENT, idempotency_key=uuid7(), guide=GUIDE)
    hand_in(city, actor=city.staff["chief"], appointment=booked.uuid)
    assert Appointment.objects.get().state == "handed_in"
