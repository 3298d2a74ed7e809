"""What sponsors are told: rows that add up, and nothing that few did, whatever is subtracted."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.core import clock, listings
from lingka.core.actors import SYSTEM
from lingka.points import actions, sponsors
from lingka.points.models import Good
from lingka.points.sponsors import Sponsored
from tests.cases.city import MONDAY, City
from tests.cases.conftest import city, monday
from tests.points.bank import joined
from tests.points.test_mine import desk, said
from tests.points.test_shops import offered, opened, reserve

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db
YEAR = MONDAY.year


@pytest.fixture
def shop(city: City, monday: Any) -> UUID:
    return opened(city)


def at(year: int) -> datetime:
    return MONDAY.replace(year=year)


def fetch(good: UUID, times: int, year: int = YEAR) -> UUID:
    with clock.at(at(year)):
        for _ in range(times):
            made = reserve(good, joined(10))
            actions.hand_over(made.uuid, actor=SYSTEM)
    return made.uuid


def row(shop: UUID, year: int = YEAR) -> Sponsored:
    [one] = sponsors.report(shop, year)
    return one


def adds_up(one: Sponsored) -> bool:
    assert one.fetched is not None
    return one.before + one.delivered - one.fetched + one.counted == one.left


def given(shop: UUID, city: City, stock: int = 60) -> UUID:
    return offered(shop, stock, sponsor=city.units["water"].pk)


def test_a_row_adds_up_with_what_counting_found_and_what_came_back(shop: UUID, city: City) -> None:
    good = given(shop, city, 63)
    last = fetch(good, 9)
    actions.count(good, 52, actor=SYSTEM)  # two fewer than the books say
    actions.take_back(last, actor=SYSTEM)
    one = row(shop)
    assert (one.before, one.delivered, one.fetched, one.counted, one.left) == (0, 63, 8, -2, 53)
    assert adds_up(one)
    assert one.left == Good.objects.get(uuid=good).stock


def test_what_few_fetched_is_not_told_nor_what_is_left(shop: UUID, city: City) -> None:
    good = given(shop, city)
    fetch(good, 4)
    one = row(shop)
    assert (one.delivered, one.fetched, one.left) == (60, None, None)
    fetch(good, 1)
    assert (row(shop).fetched, row(shop).left) == (5, 55)


def test_five_fetched_of_which_one_came_back_are_few(shop: UUID, city: City) -> None:
    good = given(shop, city)
    actions.take_back(fetch(good, 5), actor=SYSTEM)
    assert row(shop).fetched is None


def test_a_year_begins_with_what_the_one_before_left(shop: UUID, city: City) -> None:
    good = given(shop, city)
    fetch(good, 6)
    fetch(good, 7, YEAR + 1)
    first, second = row(shop), row(shop, YEAR + 1)
    assert (first.left, second.before, second.since) == (54, 54, YEAR + 1)
    assert (second.fetched, second.left) == (7, 47)
    assert adds_up(second)


def test_what_few_fetched_in_a_year_is_told_with_the_next_and_found_from_no_row(
    shop: UUID, city: City
) -> None:
    good = given(shop, city)
    for many, year in ((6, YEAR), (3, YEAR + 1), (4, YEAR + 2)):
        fetch(good, many, year)
    first, few, both = (row(shop, YEAR + one) for one in range(3))
    assert (few.before, few.fetched, few.left) == (54, None, None)
    assert (both.since, both.before, both.fetched, both.left) == (YEAR + 1, 54, 7, 47)
    assert adds_up(first)
    assert adds_up(both)


def test_a_year_before_the_goods_came_has_no_row(shop: UUID, city: City) -> None:
    given(shop, city)
    assert sponsors.report(shop, YEAR - 1) == []


def test_the_page_is_for_printing_and_says_how_it_adds_up(shop: UUID, city: City) -> None:
    good = given(shop, city)
    fetch(good, 9)
    actions.count(good, 50, actor=SYSTEM)
    html = said(desk("handler").get(f"/desk/points/at/{shop}/sponsors/{YEAR}"))
    for cell in (">60<", ">9<", ">-1<", ">50<", "data-print", "less what was fetched"):
        assert cell in html


def test_the_file_holds_what_the_page_shows_and_nothing_for_others(shop: UUID, city: City) -> None:
    fetch(given(shop, city), 4)
    found, asked = listings.of_page("points:report"), {"uuid": str(shop), "year": str(YEAR)}
    assert found is not None
    [taken] = found.keys(city.staff["handler"], _posts(city, "handler"), asked)
    assert taken[3:] == [0, 60, "领取不到 5 件", 0, ""]
    assert found.keys(city.staff["verifier"], _posts(city, "verifier"), asked) == []


@pytest.mark.parametrize("asked", [{}, {"uuid": "x", "year": "2026"}, {"year": "1"}, {"year": "x"}])
def test_a_file_of_no_counter_and_no_year_is_empty(
    shop: UUID, city: City, asked: dict[str, str]
) -> None:
    fetch(given(shop, city), 9)
    found, sent = listings.of_page("points:report"), {"uuid": str(shop)} | asked
    assert found is not None
    assert found.keys(city.staff["handler"], _posts(city, "handler"), sent) == []


def _posts(city: City, who: str) -> Any:
    return accounts.posts_of(city.staff[who].id or 0)


def test_nobody_reads_on_the_public_page_how_many_are_there(shop: UUID, city: City) -> None:
    good = given(shop, city, 37)
    fetch(good, 3)
    html = said(Client(headers={"accept-language": "en"}).get("/points/"))
    assert "in stock" in html
    for number in ("34", "37"):
        assert f"{number} there" not in html
        assert f">{number}<" not in html
    fetch(good, 34)
    assert "none left" in said(Client(headers={"accept-language": "en"}).get("/points/"))
