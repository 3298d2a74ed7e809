"""A merging by mistake is undone: the case stands as before, its reporters follow it again."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import actions, clocks, replay
from lingka.cases.actions import ContactData
from lingka.cases.models import Case, Contact, Rating, Receipt
from lingka.cases.receipts import Opened
from lingka.cases.selectors import receipt_by_token
from lingka.cases.selectors.kin import family
from lingka.cases.selectors.receipts import ReceiptView
from lingka.core import clock, events, verify
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from tests.cases.city import MONDAY, City, case_of, problem, refusal
from tests.cases.test_concurrency import at_once, live

__all__ = ["live"]  # a fixture
WHY = {"words": "是两盏灯，分开办"}


class Joined:
    """Two lamps: the second case was taken for the first, and merged into it."""

    def __init__(self, city: City, second: str = "received") -> None:
        self.city = city
        self.one = city.at("handling", words="门口的灯坏了两天")
        contact = ContactData(phone="13900000001")
        self.two = city.at(second, words="我家门口灯坏了", contact=contact)
        self.before = case_of(self.two)

    def merge(self) -> "Joined":
        self.city.do(self.two, "merge", "dispatcher", into=self.one.case_number)
        return self

    def undo(self, who: str = "dispatcher") -> None:
        self.city.do(self.two, "part_again", who, **WHY)

    def page(self, opened: Opened) -> ReceiptView:
        found = receipt_by_token(opened.token)
        assert found
        return found


@pytest.fixture
def joined(city: City) -> Joined:
    return Joined(city).merge()


def test_it_stands_as_it_stood_and_whoever_worked_on_it_has_it_again(city: City) -> None:
    joined = Joined(city, "handling")
    city.do(joined.two, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    before = case_of(joined.two)
    joined.merge().undo()
    after = case_of(joined.two)
    for name in ("state", "stage", "owner", "lead_unit_id", "desk_area_id", "helpers"):
        assert getattr(after, name) == getattr(before, name), name
    assert [one["ended"] for one in after.assignments] == [None, None]
    assert after.closed_at is None


def test_its_reporter_follows_it_again_and_reads_why(joined: Joined) -> None:
    joined.undo()
    page = joined.page(joined.two)
    assert (page.case_uuid, page.is_reporter, page.joined) == (joined.two.case_uuid, True, False)
    assert page.own_words == ["我家门口灯坏了"]
    assert [one.words for one in page.replies] == ["是两盏灯，分开办"]
    assert joined.page(joined.one).case_uuid == joined.one.case_uuid


def test_who_followed_each_follows_it_again_and_who_came_later_stays(city: City) -> None:
    joined = Joined(city)
    mine = actions.follow_case(
        joined.two.case_uuid, actor=Actor("resident"), language="bo", idempotency_key=uuid7()
    )
    joined.merge()
    later = actions.follow_case(
        joined.one.case_uuid, actor=Actor("resident"), language="bo", idempotency_key=uuid7()
    )
    joined.undo()
    assert joined.page(mine).case_uuid == joined.two.case_uuid
    assert not joined.page(mine).is_reporter
    assert joined.page(later).case_uuid == joined.one.case_uuid
    assert case_of(joined.one).facts["followers"] == 1
    assert not family(case_of(joined.one)).merged


def test_what_was_promised_counts_on_and_the_desk_begins_anew(joined: Joined) -> None:
    later = MONDAY + timedelta(hours=3)
    with clock.at(later):
        joined.undo()
    after = case_of(joined.two).clocks
    for name in ("respond", "resolve"):
        assert after[name] == joined.before.clocks[name], name
    assert clocks.moment(after["accept"]["started"]) == later
    assert after["accept"]["stopped"] is None


def test_a_question_that_was_open_is_open_again_and_waited_for_all_along(city: City) -> None:
    joined = Joined(city, "handling")
    city.do(joined.two, "ask", "handler", words="哪一盏？")
    before = case_of(joined.two)
    with clock.at(MONDAY + timedelta(hours=2)):
        joined.merge()
        joined.undo()
    case = case_of(joined.two)
    assert case.facts["asked"] == before.facts["asked"]
    assert case.clocks["resolve"] == before.clocks["resolve"]
    city.do(joined.two, "answer", city.reporter(joined.two), words="门口那盏")
    assert case_of(joined.two).clocks["resolve"]["paused"] is None


@pytest.mark.parametrize(("days", "waits"), [(0, True), (9, False)])
def test_more_time_that_was_asked_for_is_still_to_be_decided_unless_it_has_passed(
    city: City, days: int, *, waits: bool
) -> None:
    joined = Joined(city, "handling")
    until = (MONDAY + timedelta(days=8)).isoformat()
    city.do(joined.two, "extend_ask", "handler", until=until, note="等灯泡")
    joined.merge()
    with clock.at(MONDAY + timedelta(days=days, hours=1)):
        joined.undo()
        case = case_of(joined.two)
        assert ("extension" in case.facts) is waits
        if waits:
            city.do(joined.two, "extend_grant", "dispatcher")
            assert clocks.moment(case_of(joined.two).clocks["resolve"]["due"]) > MONDAY


def test_what_became_late_meanwhile_is_told_at_once(city: City) -> None:
    joined = Joined(city, "handling").merge()
    due = clocks.moment(joined.before.clocks["resolve"]["due"])
    with clock.at(due + timedelta(hours=1)):
        joined.undo()
        while actions.due_now():
            pass
    assert case_of(joined.two).clocks["resolve"]["breached"]
    assert case_of(joined.two).facts["graded"] == "late"


def test_every_rating_is_kept_and_its_own_result_can_be_rated(joined: Joined) -> None:
    city = joined.city
    for step, who, more in (
        ("report_back", "handler", {"words": "修好了"}),
        ("verify", "verifier", {"how": "visit"}),
        ("call_back_done", "verifier", {}),
    ):
        city.do(joined.one, step, who, **more)
    holder = Actor("resident", joined.two.receipt_id)
    city.do(joined.one, "rate_along", holder, solved=False, satisfied="no")
    city.do(joined.one, "rate", city.reporter(joined.one), solved=True)
    assert Contact.objects.get().erase_at is not None
    joined.undo()
    assert Contact.objects.get().erase_at is None
    assert case_of(joined.one).facts["answers"] == {"solved": 1, "not_solved": 1}
    assert joined.page(joined.two).rating is None
    city.walk(joined.two, "resolved")
    assert joined.page(joined.two).can_rate
    city.do(joined.two, "rate", holder, solved=True)
    assert Rating.objects.count() == 3


def test_history_explains_both(joined: Joined) -> None:
    joined.undo()
    for opened in (joined.one, joined.two):
        assert replay.differences(case_of(opened), events.history(opened.case_uuid)) == []
    assert verify.run() == []


def test_it_can_be_merged_and_parted_again(joined: Joined) -> None:
    joined.undo()
    joined.merge().undo()
    assert case_of(joined.two).state == "received"
    assert joined.page(joined.two).case_uuid == joined.two.case_uuid


# -- what is refused ------------------------------------------------------------------------------


def still_merged(joined: Joined) -> None:
    assert case_of(joined.two).state == "merged"
    assert Receipt.objects.get(pk=joined.two.receipt_id).case.uuid != joined.two.case_uuid


def test_only_the_desk_and_supervisors_undo_it(joined: Joined) -> None:
    with refusal("relation"):
        joined.undo("verifier")
    still_merged(joined)


def test_nobody_undoes_it_to_whom_the_other_case_is_not_open(joined: Joined) -> None:
    joined.city.do(joined.one, "escalate", "supervisor", note="要上级定")
    with problem("unknown_other"):
        joined.undo()
    still_merged(joined)


def test_after_some_days_it_stays_merged(joined: Joined) -> None:
    with clock.at(MONDAY + timedelta(days=16)), refusal("too_late"):
        joined.undo()


def test_the_later_merging_is_undone_first(joined: Joined) -> None:
    third = joined.city.open(words="路灯又灭了")
    joined.city.do(joined.one, "merge", "dispatcher", into=third.case_number)
    with problem("merged_on"):
        joined.undo()
    joined.city.do(joined.one, "part_again", "dispatcher", **WHY)
    joined.undo()
    assert joined.page(joined.two).case_uuid == joined.two.case_uuid
    assert joined.page(third).case_uuid == third.case_uuid


def test_the_page_of_a_merged_case_offers_it(joined: Joined) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="dispatcher"))
    number = joined.two.case_number
    assert "Undo the joining" in client.get(f"/desk/cases/{number}/").content.decode()
    sent = {**WHY, "version": case_of(joined.two).version, "op": ""}
    client.post(f"/desk/cases/{number}/do/part_again/", sent)
    assert case_of(joined.two).state == "received"


# -- at once --------------------------------------------------------------------------------------


def test_of_two_who_undo_it_at_once_one_does_and_the_other_is_told(live: City) -> None:
    joined = Joined(live).merge()
    results = at_once(joined.undo, lambda: joined.undo("chief"))
    assert [type(one) for one in results if one is not None] == [PermissionRefused]
    assert verify.run() == []


def test_while_somebody_changes_the_other_case_it_is_refused_and_afterwards_done(
    live: City,
) -> None:
    joined = Joined(live).merge()

    def elsewhere() -> None:
        with problem("busy"):
            joined.undo()

    with transaction.atomic():
        Case.objects.select_for_update().get(uuid=joined.one.case_uuid)
        (told,) = at_once(elsewhere)
    assert told is None
    still_merged(joined)
    joined.undo()  # the control: nobody holds it
    assert case_of(joined.two).state == "received"
