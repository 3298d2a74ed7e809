"""The ledger as its callers see it: what is given, kept, spent, taken back and left behind."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from lingka.core import clock, events, verify
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.points import actions, balancing, book, selectors
from lingka.points.models import Balancing, Owner
from lingka.points.selectors import own_total
from tests.cases.city import MONDAY, RESIDENT, problem, refusal
from tests.points.bank import give, has, joined, keep, settle

pytestmark = pytest.mark.django_db


def undo(transfer: UUID, reason: str = "mistake", key: UUID | None = None) -> UUID:
    return actions.reverse(transfer, reason, actor=SYSTEM, key=key or uuid4())


def test_what_is_earned_stands_on_the_statement_and_against_the_ledgers_own_account() -> None:
    account = joined()
    give(account, 20)
    give(account, 5, ground="sharing")
    assert has(account) == (25, 0)
    assert own_total("points", "issued") == -25
    lines = [(one.amount, one.label, one.detail) for one in selectors.statement(account)]
    assert lines == [(5, "获得", "共享"), (20, "获得", "志愿服务")]


def test_the_same_key_again_gives_the_first_result_and_nothing_more() -> None:
    account, key = joined(), uuid4()
    assert give(account, 20, key=key) == give(account, 20, key=key)
    assert has(account) == (20, 0)


@pytest.mark.parametrize("other", [{"points": 21}, {"ground": "sharing"}])
def test_the_same_key_with_other_content_is_refused(other: dict[str, object]) -> None:
    account, key = joined(), uuid4()
    give(account, 20, key=key)
    with problem("key_reused") as _:
        give(account, **({"points": 20, "key": key} | other))  # type: ignore[arg-type]
    assert has(account) == (20, 0)


def test_a_key_that_gave_points_cannot_keep_some() -> None:
    account, key = joined(20), uuid4()
    give(account, 20, key=key)
    with problem("key_reused"):
        keep(account, 20, key=key)


@pytest.mark.parametrize("points", [0, -1, book.LARGEST + 1])
def test_an_amount_is_more_than_nothing_and_less_than_too_much(points: int) -> None:
    account = joined()
    with problem("amount"):
        give(account, points)


@pytest.mark.parametrize("ground", ["report", "loyalty", "", "payment"])
def test_nothing_is_earned_on_a_ground_outside_the_closed_list(ground: str) -> None:
    account = joined()
    with problem("ground"):
        give(account, 5, ground=ground)


def test_the_closed_list_is_the_published_one() -> None:
    assert set(book.GROUNDS) == {"service", "environment", "proposal", "sharing", "attendance"}


def test_what_is_kept_can_be_kept_by_nobody_else() -> None:
    account = joined(20)
    keep(account, 15)
    assert has(account) == (20, 15)
    with pytest.raises(Problem) as refused:
        keep(account, 6)
    assert (refused.value.code, refused.value.extra["free"]) == ("too_few", 5)


def test_a_hold_is_posted_once_and_its_points_are_spent() -> None:
    account = joined(20)
    hold = keep(account, 15)
    first = actions.post_hold(hold, actor=SYSTEM)
    assert actions.post_hold(hold, actor=SYSTEM) == first == hold
    assert has(account) == (5, 0)
    assert own_total("points", "spent") == 15
    with problem("over"):
        actions.void_hold(hold, actor=SYSTEM)


def test_a_hold_is_voided_once_and_its_points_are_free_again() -> None:
    account = joined(20)
    hold = keep(account, 15)
    assert actions.void_hold(hold, actor=RESIDENT)
    assert not actions.void_hold(hold, actor=RESIDENT)
    assert has(account) == (20, 0)
    with problem("over"):
        actions.post_hold(hold, actor=SYSTEM)


def test_a_hold_whose_time_is_up_can_not_be_posted_even_before_the_job_has_seen_it() -> None:
    with clock.at(MONDAY):
        account = joined(20)
        hold = keep(account, 15, until=MONDAY + timedelta(hours=1))
    with clock.at(MONDAY + timedelta(hours=1)), problem("over"):
        actions.post_hold(hold, actor=SYSTEM)


def test_the_job_ends_what_ran_out_and_nothing_else() -> None:
    with clock.at(MONDAY):
        account = joined(20)
        short = keep(account, 5, until=MONDAY + timedelta(hours=1))
        keep(account, 6, until=MONDAY + timedelta(hours=3))
    with clock.at(MONDAY + timedelta(hours=2)):
        assert actions.expire_holds() == 1
        assert actions.expire_holds() == 0
    assert has(account) == (20, 6)
    assert [one.type for one in events.history(short)] == ["points.HoldPlaced", "points.HoldEnded"]


def test_what_ran_out_is_free_for_the_next_at_once() -> None:
    with clock.at(MONDAY):
        account = joined(20)
        keep(account, 20, until=MONDAY + timedelta(hours=1))
    with clock.at(MONDAY + timedelta(hours=2)):
        keep(account, 20)
    assert has(account) == (20, 20)


def test_a_hold_lasts_until_a_moment_ahead() -> None:
    account = joined(20)
    with problem("until"):
        keep(account, 5, until=clock.now())


def test_a_correction_is_the_mirror_of_what_it_corrects_and_made_once() -> None:
    account, key = joined(), uuid4()
    given = give(account, 20)
    assert undo(given, key=key) == undo(given, key=key)
    assert has(account) == (0, 0)
    assert own_total("points", "issued") == 0
    with problem("reversed"):
        undo(given)


def test_a_correction_is_not_corrected() -> None:
    account = joined()
    with problem("no_transfer"):
        undo(undo(give(account, 20)))


def test_nobody_falls_below_what_they_have_by_a_correction() -> None:
    account = joined()
    given = give(account, 20)
    keep(account, 1)
    with problem("spent"):
        undo(given)


def test_goods_that_come_back_give_their_points_back() -> None:
    account = joined(20)
    undo(actions.post_hold(keep(account, 15), actor=SYSTEM), "returned")
    assert has(account) == (20, 0)
    assert own_total("points", "spent") == 0


@pytest.mark.parametrize("reason", ["", "bad_conduct", "complaint"])
def test_points_are_taken_back_for_no_reason_outside_the_closed_list(reason: str) -> None:
    given = give(joined(), 20)
    with problem("reason"):
        undo(given, reason)


def test_residents_correct_nothing() -> None:
    given = give(joined(), 20)
    with refusal("not_corrector"):
        actions.reverse(given, "mistake", actor=RESIDENT, key=uuid4())


def test_hours_are_a_ledger_of_their_own() -> None:
    member = uuid4()
    points, hours = joined(20, member=member), joined(90, ledger="hours", member=member)
    assert points != hours
    assert (has(points), has(hours)) == ((20, 0), (90, 0))
    assert (own_total("points", "issued"), own_total("hours", "issued")) == (-20, -90)


def test_who_takes_part_again_in_the_same_ledger_has_the_same_account() -> None:
    member = uuid4()
    assert joined(member=member) == joined(member=member)


def test_an_account_has_exactly_one_owner() -> None:
    with problem("owner"):
        actions.open_account("points", actor=RESIDENT)


def test_leaving_gives_everything_up_and_leads_nowhere() -> None:
    member = uuid4()
    account = joined(20, member=member)
    hold = keep(account, 5)
    assert actions.leave("points", member, actor=RESIDENT)
    assert not actions.leave("points", member, actor=RESIDENT)
    assert has(account) == (0, 0)
    assert own_total("points", "left") == 20
    assert selectors.account_of("points", member=member) is None
    found = selectors.hold(hold)
    assert found
    assert found.state == "voided"
    settle()


def test_nothing_of_the_ledger_names_the_member_once_they_left() -> None:
    member = uuid4()
    joined(20, member=member)
    actions.leave("points", member, actor=RESIDENT)
    said = " ".join(str(row) for row in Event.objects.values_list("actor", "data", "stream_id"))
    assert str(member) not in said
    assert not Owner.objects.exists()


def test_an_account_that_was_left_takes_part_in_nothing_more() -> None:
    member = uuid4()
    account = joined(20, member=member)
    spent = actions.post_hold(keep(account, 20), actor=SYSTEM)
    actions.leave("points", member, actor=RESIDENT)
    for deed in (lambda: give(account, 5), lambda: keep(account, 1), lambda: undo(spent)):
        with problem("left"):
            deed()


def test_who_comes_back_begins_anew() -> None:
    member = uuid4()
    old = joined(20, member=member)
    actions.leave("points", member, actor=RESIDENT)
    new = joined(member=member)
    assert new != old
    assert has(new) == (0, 0)


def test_every_change_has_one_event_that_verify_finds_true() -> None:
    account = joined()
    given = give(account, 20)
    keep(account, 3)
    actions.post_hold(keep(account, 5), actor=SYSTEM)
    actions.void_hold(keep(account, 5), actor=RESIDENT)
    undo(actions.post_hold(keep(account, 5), actor=SYSTEM), "returned")
    assert verify.run() == []
    assert [one.type for one in events.history(given)] == ["points.Transferred"]


def test_verify_names_an_entry_that_no_event_tells_of() -> None:
    given = give(joined(), 20)
    settle()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM core_event WHERE stream_id = %s", [given])
        settle()
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
    assert [one.what for one in verify.run()] == ["no event tells of this transfer"]


def test_the_nightly_look_finds_the_books_balanced() -> None:
    account = joined(20)
    keep(account, 5)
    found = balancing.balance()
    assert (found.differences, found.accounts, found.legs) == (0, 2, 2)
    assert Balancing.objects.count() == 1
