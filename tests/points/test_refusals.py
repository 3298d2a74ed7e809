"""What exchange points, awards and holds refuse, each by its own code, and what stays as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lingka.core import clock, rulebooks
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.points import actions, drawn, goods, rules
from lingka.points.actions import Occasion, Offer, awarding, expiring
from lingka.points.models import Award, ExpiryNotice, Good, Hold, Shop
from tests.cases.city import MONDAY, RESIDENT, City, names
from tests.cases.conftest import city, monday
from tests.points.bank import has, joined, keep
from tests.points.test_rules import body
from tests.points.test_shops import lies, offered, opened, shop

__all__ = ["city", "monday", "shop"]
pytestmark = pytest.mark.django_db
DAY = MONDAY.date()
TEA = names("酥油茶一壶")
HALF = {"zh-hans": "酥油茶一壶", "bo": " ", "en": "tea"}


@contextmanager
def refused(code: str, status: int, field: str | None = None) -> Iterator[None]:
    """The body is a problem of this code and status, said beside this field."""
    with pytest.raises(Problem) as caught:
        yield
    assert (caught.value.code, caught.value.status, caught.value.field) == (code, status, field)


# -- exchange points ------------------------------------------------------------------------


def test_an_exchange_point_that_is_not_there_is_not_changed(city: City) -> None:
    with refused("no_shop", 404):
        actions.set_shop(
            uuid4(), actor=SYSTEM, unit=city.units["light"].pk, area=city.street.pk,
            name=names("甲"), where=names("乙"),
        )  # fmt: skip
    assert not Shop.objects.exists()


@pytest.mark.parametrize("field", ["name", "where"])
def test_an_exchange_point_is_named_in_every_language(city: City, field: str) -> None:
    words: dict[str, Any] = {"name": names("甲"), "where": names("乙")} | {field: HALF}
    with refused("words", 422, f"{field}_bo"):
        actions.set_shop(
            None, actor=SYSTEM, unit=city.units["light"].pk, area=city.street.pk, **words
        )
    assert not Shop.objects.exists()


def test_nothing_is_offered_at_an_exchange_point_that_is_not_there(city: City) -> None:
    with refused("no_shop", 404):
        actions.set_good(uuid4(), None, Offer(TEA, 10), actor=SYSTEM)
    assert not Good.objects.exists()


def test_what_another_exchange_point_offers_is_not_changed_from_here(
    shop: UUID, city: City
) -> None:
    theirs = offered(opened(city))
    with refused("no_good", 404):
        actions.set_good(shop, theirs, Offer(TEA, 1), actor=SYSTEM)
    assert Good.objects.get(uuid=theirs).points == 10


def test_what_is_offered_is_named_in_every_language(shop: UUID) -> None:
    with refused("words", 422, "name_bo"):
        actions.set_good(shop, None, Offer(HALF, 10), actor=SYSTEM)
    assert not Good.objects.exists()


@pytest.mark.parametrize("number", [-1, 0, goods.MOST_STOCK + 1])
@pytest.mark.parametrize("field", ["points", "most"])
def test_a_price_and_a_limit_are_at_least_one_and_not_endless(
    shop: UUID, field: str, number: int
) -> None:
    given: dict[str, Any] = {"name": TEA, "points": 10} | {field: number}
    with refused("amount", 422, field):
        actions.set_good(shop, None, Offer(**given), actor=SYSTEM)
    assert not Good.objects.exists()


@pytest.mark.parametrize("number", [-3, 0])
def test_a_delivery_of_nothing_or_less_is_none(shop: UUID, number: int) -> None:
    good = offered(shop, 2)
    with refused("amount", 422, "number"):
        actions.deliver(good, number, actor=SYSTEM)
    assert lies(good) == (2, 0)


def test_no_more_is_delivered_than_can_lie_there(shop: UUID) -> None:
    good = offered(shop, 2)
    with refused("amount", 422, "number"):
        actions.deliver(good, goods.MOST_STOCK - 1, actor=SYSTEM)
    assert lies(good) == (2, 0)
    actions.deliver(good, goods.MOST_STOCK - 2, actor=SYSTEM)
    assert lies(good) == (goods.MOST_STOCK, 0)


def test_a_count_is_never_below_nothing_and_may_be_nothing(shop: UUID) -> None:
    good = offered(shop, 2)
    with refused("amount", 422, "counted"):
        actions.count(good, -1, actor=SYSTEM)
    assert lies(good) == (2, 0)
    assert actions.count(good, 0, actor=SYSTEM) == -2


def test_what_is_not_there_is_neither_delivered_nor_counted_nor_reserved(shop: UUID) -> None:
    account = joined(10)
    with refused("no_good", 404):
        actions.deliver(uuid4(), 1, actor=SYSTEM)
    with refused("no_good", 404):
        actions.count(uuid4(), 1, actor=SYSTEM)
    with refused("no_good", 404):
        actions.reserve(uuid4(), account, actor=RESIDENT, key=uuid4())
    assert has(account) == (10, 0)


def test_a_reservation_that_is_not_there_is_not_given_out(shop: UUID) -> None:
    with refused("no_reservation", 404):
        actions.hand_over(uuid4(), actor=SYSTEM)
    with refused("no_reservation", 404):
        actions.cancel(uuid4(), joined(10))


# -- holds ----------------------------------------------------------------------------------


def test_the_same_hold_asked_for_twice_is_one(monday: Any) -> None:
    account, key = joined(10), uuid4()
    assert keep(account, 4, key=key) == keep(account, 4, key=key)
    assert has(account) == (10, 4)
    assert Hold.objects.count() == 1


def test_a_hold_that_is_not_there_is_neither_spent_nor_given_back(monday: Any) -> None:
    with refused("no_hold", 404):
        actions.post_hold(uuid4(), actor=SYSTEM)
    with refused("no_hold", 404):
        actions.void_hold(uuid4(), actor=SYSTEM)


# -- awards ---------------------------------------------------------------------------------


@pytest.fixture
def own_rules(db: None, monday: Any) -> None:
    """An hour of service gives 5 points, 20 a day, all together 8; everything is drawn."""
    made = body(caps={"day": 20, "all_day": 8})
    made["review"]["percent"] = 100
    rulebooks.put(rules.BOOK, made, actor=SYSTEM)


def served(source: str, day: date = DAY) -> tuple[UUID, list[UUID]]:
    """A new member's account, and what one hour gave them."""
    member = uuid4()
    account = joined(member=member)
    occasion = Occasion(f"served:{source}", day)
    served = {"minutes": 60}
    made = actions.award_event("volunteering.HoursConfirmed", served, occasion, member=member)
    return account, made


def test_all_together_get_no_more_in_a_day_than_the_rule_says(own_rules: None) -> None:
    (first, _), (second, _), (third, made) = served("a"), served("b"), served("c")
    assert [has(one) for one in (first, second, third)] == [(5, 0), (3, 0), (0, 0)]
    assert made == []
    later, _made = served("d", DAY + timedelta(days=1))
    assert has(later) == (5, 0)


def test_an_award_that_is_not_there_is_not_looked_at(city: City) -> None:
    with refused("no_award", 404):
        actions.review(uuid4(), right=True, actor=city.staff["supervisor"])


def test_a_review_is_not_written_where_taking_back_fails_for_another_reason(
    own_rules: None, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: Any, **_more: Any) -> UUID:
        raise Problem("busy", "busy", status=503)

    account, [award] = served("a")
    monkeypatch.setattr(awarding, "reverse", busy)
    with refused("busy", 503):
        actions.review(award, right=False, actor=city.staff["supervisor"])
    assert Award.objects.get().review == "open"
    assert [one.uuid for one in drawn.to_review(("/",))] == [award]
    assert has(account) == (5, 0)


# -- growing old ----------------------------------------------------------------------------


@pytest.fixture
def growing_old(own_rules: None) -> Iterator[UUID]:
    """An account with 5 points, on the first day on which their end is told of."""
    account, _made = served("a")
    with clock.at(MONDAY + (date(2027, 11, 1) - DAY)):
        yield account


def test_nobody_is_told_that_points_go_which_are_all_kept_for_goods(growing_old: UUID) -> None:
    hold = keep(growing_old, 5)
    assert actions.announce_expiry() == 0
    assert not ExpiryNotice.objects.exists()
    actions.void_hold(hold, actor=RESIDENT)
    assert actions.announce_expiry() == 1


def test_two_jobs_at_once_tell_of_points_once_and_take_them_once(growing_old: UUID) -> None:
    assert actions.announce_expiry() == 1
    told = ExpiryNotice.objects.get()
    assert not expiring._announce(growing_old, told.until, told.expires_on, told.told_on)
    today = told.expires_on + timedelta(days=1)
    assert expiring._expire(told.pk, growing_old, today)
    assert not expiring._expire(told.pk, growing_old, today)
    assert has(growing_old) == (0, 0)
