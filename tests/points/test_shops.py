"""Exchange points: what lies there, reserving it, handing it over, counting it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from lingka.accounts.models import User
from lingka.core import clock, verify
from lingka.core.actors import SYSTEM
from lingka.points import actions, goods, selectors, showing
from lingka.points.actions import Offer
from lingka.points.models import Good, Move
from tests.cases.city import MONDAY, RESIDENT, City, names, posted, problem, refusal
from tests.cases.conftest import city, monday
from tests.points.bank import has, joined

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db


def opened(city: City) -> UUID:
    """The tea shop, served by the light team, under the street's desk."""
    return actions.set_shop(
        None, actor=SYSTEM, unit=city.units["light"].pk, area=city.street.pk,
        name=names("甜茶馆兑换点"), where=names("北京中路 3 号，每天 10 点到 18 点"),
    )  # fmt: skip


def offered(shop: UUID, stock: int = 2, **more: Any) -> UUID:
    offer = Offer(**({"name": names("酥油茶一壶"), "points": 10} | more))
    made = actions.set_good(shop, None, offer, actor=SYSTEM)
    if stock:
        actions.deliver(made, stock, actor=SYSTEM)
    return made


@pytest.fixture
def shop(city: City, monday: Any) -> UUID:
    return opened(city)


def reserve(good: UUID, account: UUID, key: UUID | None = None) -> actions.Reserved:
    return actions.reserve(good, account, actor=RESIDENT, key=key or uuid4())


def lies(good: UUID) -> tuple[int, int]:
    """(stock, of which reserved)"""
    found = showing.good(good)
    assert found is not None
    return found.stock, found.kept


def test_reserving_keeps_the_good_and_the_points_together(shop: UUID) -> None:
    good, account = offered(shop), joined(25)
    made = reserve(good, account)
    assert (lies(good), has(account)) == ((2, 1), (25, 10))
    assert [one.code for one in showing.reservations_of(account)] == [made.code]


def test_handing_over_spends_the_points_and_the_good_once(shop: UUID, city: City) -> None:
    good, account = offered(shop), joined(25)
    made = reserve(good, account)
    actions.hand_over(made.uuid, actor=city.staff["handler"])
    actions.hand_over(made.uuid, actor=city.staff["handler"])
    assert (lies(good), has(account)) == ((1, 0), (15, 0))
    assert [one.change for one in showing.moves(good)] == [-1, 2]
    assert verify.run() == []


def test_of_the_last_one_the_second_is_told_and_keeps_the_points(shop: UUID) -> None:
    good, first, second = offered(shop, 1), joined(10), joined(10)
    reserve(good, first)
    with problem("gone"):
        reserve(good, second)
    assert has(second) == (10, 0)


def test_too_few_points_keep_nothing(shop: UUID) -> None:
    good, account = offered(shop), joined(9)
    with problem("too_few"):
        reserve(good, account)
    assert lies(good) == (2, 0)


def test_the_same_form_sent_twice_is_one_reservation(shop: UUID) -> None:
    good, account, key = offered(shop), joined(25), uuid4()
    assert reserve(good, account, key) == reserve(good, account, key)
    assert lies(good) == (2, 1)
    with problem("key_reused"):
        reserve(offered(shop), account, key)


def test_one_person_gets_so_many_in_a_year(shop: UUID) -> None:
    good, account = offered(shop, 5, most=1), joined(50)
    first = reserve(good, account)
    with problem("most"):
        reserve(good, account)
    actions.cancel(first.uuid, account)
    reserve(good, account)
    with clock.at(MONDAY + timedelta(days=366)):
        actions.expire_holds()
        reserve(good, account)


def test_what_is_given_back_is_free_for_others(shop: UUID) -> None:
    good, account = offered(shop), joined(10)
    made = reserve(good, account)
    assert actions.cancel(made.uuid, account)
    assert (lies(good), has(account)) == ((2, 0), (10, 0))
    with problem("over"):
        actions.hand_over(made.uuid, actor=SYSTEM)


def test_nobody_gives_back_what_others_reserved(shop: UUID) -> None:
    made = reserve(offered(shop), joined(10))
    with problem("no_reservation"):
        actions.cancel(made.uuid, joined(10))


def test_a_reservation_whose_days_are_over_is_free_again(shop: UUID) -> None:
    good, account = offered(shop), joined(10)
    reserve(good, account)
    with clock.at(MONDAY + goods.KEPT_FOR):
        assert actions.expire_holds() == 1
    assert (lies(good), has(account)) == ((2, 0), (10, 0))


def test_leaving_gives_reservations_back(shop: UUID) -> None:
    good, member = offered(shop), uuid4()
    reserve(good, joined(10, member=member))
    actions.leave("points", member, actor=RESIDENT)
    assert lies(good) == (2, 0)


def test_what_comes_back_is_there_again_with_its_points(shop: UUID, city: City) -> None:
    good, account = offered(shop), joined(10)
    made = reserve(good, account)
    actions.hand_over(made.uuid, actor=SYSTEM)
    actions.take_back(made.uuid, actor=city.staff["supervisor"])
    with problem("reversed"):
        actions.reverse(selectors.statement(account)[1].uuid, "returned", actor=SYSTEM, key=uuid4())
    assert (lies(good), has(account)) == ((2, 0), (10, 0))


def test_what_is_offered_no_more_is_not_reserved_and_reservations_stay(shop: UUID) -> None:
    good, account = offered(shop), joined(20)
    made = reserve(good, account)
    offer = Offer(names("酥油茶一壶"), 15, offered=False)
    actions.set_good(shop, good, offer, actor=SYSTEM)
    with problem("closed"):
        reserve(good, account)
    actions.hand_over(made.uuid, actor=SYSTEM)
    assert has(account) == (10, 0)


def test_of_a_unit_s_people_handlers_and_dispatchers_serve_at_its_counter(
    shop: UUID, city: City
) -> None:
    good = offered(shop, 1)
    actions.deliver(good, 1, actor=city.staff["handler"])
    for role in ("grid_worker", "verifier", "leader"):
        other = posted(city, f"other-{role}", role, city.street, "light")
        with refusal("not_counter"):
            actions.deliver(good, 1, actor=other)
        page = desk_of(f"other-{role}").get(f"/desk/points/at/{shop}/")
        assert page.status_code == 404
    assert lies(good) == (2, 0)


def test_who_serves_at_a_counter_finds_it_in_the_menu(shop: UUID, city: City) -> None:
    menu = 'href="/desk/points/"'
    assert menu in desk_of("handler").get("/desk/points/ours").content.decode()
    assert menu not in desk_of("plumber").get("/desk/points/ours").content.decode()
    actions.set_shop(
        shop, actor=SYSTEM, unit=city.units["light"].pk, area=city.street.pk, name=names("甲"),
        where=names("乙"), is_open=False,
    )  # fmt: skip
    assert menu not in desk_of("handler").get("/desk/points/ours").content.decode()


def desk_of(name: str) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(username=name))
    return browser


def test_a_count_corrects_the_stock_by_its_difference(shop: UUID) -> None:
    good = offered(shop, 5)
    assert actions.count(good, 3, actor=SYSTEM) == -2
    assert actions.count(good, 3, actor=SYSTEM) == 0
    assert lies(good) == (3, 0)
    assert [(one.change, one.counted) for one in showing.moves(good)] == [
        (0, 3),
        (-2, 3),
        (5, None),
    ]


def test_a_count_below_what_is_reserved_is_looked_at_first(shop: UUID) -> None:
    good = offered(shop, 2)
    reserve(good, joined(10))
    with problem("kept"):
        actions.count(good, 0, actor=SYSTEM)


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE points_good SET stock = stock + 1",
        "UPDATE points_good SET kept = 0",
        "UPDATE points_move SET change = 9",
        "DELETE FROM points_move",
        "DELETE FROM points_reservation",
        "DELETE FROM points_good",
    ],
)
def test_stock_follows_what_came_and_went_and_nothing_else(shop: UUID, forged: str) -> None:
    reserve(offered(shop), joined(10))
    refused = pytest.raises(DatabaseError, match="annot")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged)


def test_stock_does_not_fall_below_what_is_reserved(shop: UUID) -> None:
    good = offered(shop, 1)
    reserve(good, joined(10))
    with pytest.raises(IntegrityError, match="never_below_zero"), transaction.atomic():
        Move.objects.create(good=Good.objects.get(uuid=good), change=-1, why="handed", at=MONDAY)


def test_who_works_there_or_looks_after_the_area_serves(shop: UUID, city: City) -> None:
    good, account = offered(shop), joined(30)
    made = reserve(good, account)
    with refusal("not_counter"):
        actions.hand_over(made.uuid, actor=city.staff["verifier"])
    with refusal("not_counter"):
        actions.hand_over(made.uuid, actor=RESIDENT)
    actions.hand_over(made.uuid, actor=city.staff["dispatcher"])
    with refusal("not_desk"):
        actions.set_shop(
            shop, actor=city.staff["handler"], unit=city.units["light"].pk, area=city.street.pk,
            name=names("x"), where=names("x"),
        )  # fmt: skip


def test_a_code_at_the_counter_is_good_for_some_minutes_and_signed(shop: UUID) -> None:
    made = reserve(offered(shop), joined(10))
    code = goods.code_of(made.uuid, MONDAY)
    assert goods.read_code(code, MONDAY) == made.uuid
    assert goods.read_code(code, MONDAY + goods.STEP) == made.uuid
    assert goods.read_code(code, MONDAY + 2 * goods.STEP) is None
    for forged in (
        code[:-1] + "x",
        code.replace(made.uuid.hex, uuid4().hex),
        "",
        "1.2.3",
        "x" * 99,
    ):
        assert goods.read_code(forged, MONDAY) is None


def test_a_code_that_is_read_out_counts_at_its_own_exchange_point_only(
    shop: UUID, city: City
) -> None:
    made = reserve(offered(shop), joined(10))
    assert showing.by_short_code(made.code.lower(), shop)
    assert showing.by_short_code(made.code, opened(city)) is None
    actions.hand_over(made.uuid, actor=SYSTEM)
    assert showing.by_short_code(made.code, shop) is None
