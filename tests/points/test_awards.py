"""Points given by the rules: once, up to the caps, to those who take part; looked at by others."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from lingka.core import clock, rulebooks, verify
from lingka.core.actors import SYSTEM, Actor
from lingka.points import actions, drawn, rules, selectors
from lingka.points.actions import Occasion
from lingka.points.models import Award, ExpiryNotice
from tests.cases.city import MONDAY, RESIDENT, City, problem, refusal
from tests.cases.conftest import city, monday
from tests.points.bank import has, joined, keep, settle
from tests.points.test_rules import body

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db
DAY = MONDAY.date()


@pytest.fixture(autouse=True)
def own_rules(db: None, monday: Any) -> None:
    """The shipped rules and an hour of service: 5 points, 20 a day, everything drawn."""
    made = body(unit=True)
    made["review"]["percent"] = 100
    rulebooks.put(rules.BOOK, made, actor=SYSTEM)


def serve(member: UUID, source: str = "a", *, minutes: int = 60, unit: int | None = None,
          day: date = DAY, area: int | None = None) -> list[UUID]:  # fmt: skip
    occasion = Occasion(f"served:{source}", day, area, unit)
    return actions.award_event(
        "volunteering.HoursConfirmed", {"minutes": minutes}, occasion, member=member
    )  # fmt: skip


def taking_part() -> tuple[UUID, UUID]:
    member = uuid4()
    return member, joined(member=member)


def test_an_event_told_twice_earns_once() -> None:
    member, account = taking_part()
    assert serve(member) == serve(member)
    assert has(account) == (5, 0)
    assert verify.run() == []


def test_who_takes_no_part_earns_nothing_and_nothing_is_kept() -> None:
    assert serve(uuid4()) == []
    assert not Award.objects.exists()


def test_a_day_gives_no_more_than_its_cap_and_the_last_occasion_the_rest() -> None:
    member, account = taking_part()
    for one in range(3):
        serve(member, str(one), minutes=120)
    assert has(account) == (20, 0)
    serve(member, "tomorrow", day=DAY + timedelta(days=1))
    assert has(account) == (25, 0)


def test_the_workplace_earns_the_same_where_it_takes_part(city: City) -> None:
    unit = city.units["light"].pk
    theirs = actions.open_account("points", actor=SYSTEM, unit=unit)
    member, account = taking_part()
    serve(member, unit=unit)
    serve(member, unit=unit)
    other, _theirs = taking_part()
    serve(other, unit=unit)
    assert (has(account), has(theirs)) == ((5, 0), (10, 0))


def test_what_was_earned_expires_as_the_rules_say() -> None:
    member, account = taking_part()
    serve(member)
    assert [one.expires_on for one in selectors.statement(account)] == [date(2027, 12, 31)]


def by_hand(member: UUID, who: Actor, **more: Any) -> UUID:
    given = {"occasion": Occasion(f"hand:{uuid4()}", DAY, more.pop("area", None))}
    return actions.award_by_hand("clean-up", member=member, actor=who, **(given | more))


def test_a_desk_enters_in_its_own_area_what_no_event_tells_of(city: City) -> None:
    member, account = taking_part()
    by_hand(member, city.staff["dispatcher"], area=city.street.pk)
    assert has(account) == (10, 0)
    with refusal("not_desk"):
        by_hand(member, city.staff["handler"], area=city.street.pk)
    with refusal("not_desk"):
        by_hand(member, RESIDENT, area=city.street.pk)


def test_by_hand_only_what_the_rules_leave_to_desks_and_up_to_their_caps(city: City) -> None:
    member, _account = taking_part()
    with problem("rule"):
        actions.award_by_hand("hour", Occasion("x", DAY), member=member, actor=SYSTEM)
    with problem("day"):
        actions.award_by_hand(
            "clean-up", Occasion("x", DAY + timedelta(days=1)), member=member, actor=SYSTEM
        )
    with problem("no_account"):
        by_hand(uuid4(), SYSTEM)
    by_hand(member, SYSTEM)
    by_hand(member, SYSTEM)
    with problem("cap"):
        by_hand(member, SYSTEM)


def test_what_was_entered_by_mistake_and_taken_back_leaves_its_place_under_the_cap(
    city: City,
) -> None:
    member, account = taking_part()
    first = by_hand(member, SYSTEM, area=city.street.pk)
    by_hand(member, SYSTEM)
    actions.correct_award(first, "mistake", actor=city.staff["supervisor"])
    by_hand(member, SYSTEM)
    assert has(account) == (20, 0)
    with problem("cap"):
        by_hand(member, SYSTEM)


def test_what_took_place_stays_and_what_did_not_is_taken_back(city: City) -> None:
    member, account = taking_part()
    boss = city.staff["supervisor"]
    right, wrong = serve(member, "a")[0], serve(member, "b")[0]
    assert not actions.review(right, right=True, actor=boss)
    assert actions.review(wrong, right=False, actor=boss)
    assert has(account) == (5, 0)
    assert drawn.to_review(("/",)) == []
    with problem("reviewed"):
        actions.review(wrong, right=True, actor=boss)
    assert verify.run() == []


def test_what_is_spent_stays_spent_however_the_review_ends(city: City) -> None:
    member, account = taking_part()
    award = serve(member)[0]
    actions.post_hold(keep(account, 5), actor=SYSTEM)
    assert not actions.review(award, right=False, actor=city.staff["supervisor"])
    assert has(account) == (0, 0)


def test_nobody_looks_at_what_they_entered_or_earned_themselves(city: City) -> None:
    member, _account = taking_part()
    boss = city.staff["supervisor"]
    entered = by_hand(member, boss, area=city.street.pk)
    with refusal("own_entry"):
        actions.review(entered, right=True, actor=boss)
    earned = serve(member)[0]
    with refusal("own_points"):
        actions.review(earned, right=True, actor=boss, own=member)
    with refusal("not_reviewer"):
        actions.review(earned, right=True, actor=city.staff["handler"])


def test_the_database_lets_nobody_look_at_their_own_entry(city: City) -> None:
    member, _account = taking_part()
    entered = by_hand(member, city.staff["dispatcher"], area=city.street.pk)
    row = Award.objects.filter(uuid=entered)
    with pytest.raises(IntegrityError, match="reviewed_by_another"), transaction.atomic():
        row.update(review="right", reviewed_by=row.get().given_by)


def test_who_leaves_takes_along_what_points_were_given_for(city: City) -> None:
    member, _account = taking_part()
    serve(member)
    actions.leave("points", member, actor=RESIDENT)
    assert not Award.objects.exists()
    settle()


# -- growing old ----------------------------------------------------------------------------


def on(day: date) -> Any:
    return clock.at(MONDAY + (day - DAY))


def test_what_grows_old_is_told_of_long_before_and_goes_after_its_day() -> None:
    member, account = taking_part()
    serve(member)
    with on(date(2027, 10, 31)):
        assert actions.announce_expiry() == 0
    with on(date(2027, 11, 1)):
        assert (actions.announce_expiry(), actions.announce_expiry()) == (1, 0)
    with on(date(2027, 12, 31)):
        assert actions.expire_points() == 0
    with on(date(2028, 1, 1)):
        assert (actions.expire_points(), actions.expire_points()) == (1, 0)
    assert has(account) == (0, 0)
    assert selectors.own_total("points", "expired") == 5
    assert verify.run() == []


def test_nothing_goes_that_was_not_told_of_and_told_late_it_goes_later() -> None:
    member, account = taking_part()
    serve(member)
    with on(date(2028, 1, 1)):
        assert actions.expire_points() == 0
        assert actions.announce_expiry() == 1
    assert ExpiryNotice.objects.get().expires_on == date(2028, 3, 1)
    with on(date(2028, 3, 1)):
        assert actions.expire_points() == 0
    with on(date(2028, 3, 2)):
        assert actions.expire_points() == 1
    assert has(account) == (0, 0)


def test_the_oldest_points_are_spent_first() -> None:
    member, account = taking_part()
    serve(member)
    with on(date(2027, 6, 1)):
        serve(member, "later", day=date(2027, 6, 1))
        actions.post_hold(keep(account, 4), actor=SYSTEM)
    with on(date(2027, 11, 1)):
        actions.announce_expiry()
    assert ExpiryNotice.objects.get().points == 1
    with on(date(2028, 1, 1)):
        actions.expire_points()
    assert has(account) == (5, 0)


def test_what_is_kept_for_goods_does_not_grow_old_meanwhile() -> None:
    member, account = taking_part()
    serve(member)
    with on(date(2027, 11, 1)):
        actions.announce_expiry()
    with on(date(2028, 1, 1)):
        hold = keep(account, 5)
        assert actions.expire_points() == 0
        actions.void_hold(hold, actor=RESIDENT)
        assert actions.expire_points() == 1
    assert has(account) == (0, 0)
