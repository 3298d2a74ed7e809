"""A member's own points: from the phone to the counter, and the way out."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.core import clock, receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import history, record
from lingka.core.ids import uuid7
from lingka.members import actions as members
from lingka.points import actions, goods, selectors, showing
from lingka.points.models import Award, ExpiryNotice, Owner
from lingka.volunteering.events import HoursConfirmed
from tests.cases.city import MONDAY, City, refusal
from tests.cases.conftest import city, monday
from tests.members.people import Joined, joined
from tests.points.bank import give, has
from tests.points.test_shops import lies, offered, opened

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(city: City, monday: Any) -> UUID:
    return opened(city)


def person(city: City, to: str = "13900001111", points: int = 0) -> tuple[Client, UUID]:
    """Somebody with a phone who collects points, and their account."""
    found = joined(city.grid.parent_id or 0, to)
    phone = browser_of(found)
    phone.post("/me/points/", {"do": "join"})
    account = selectors.account_of("points", member=found.info.uuid)
    assert account is not None
    if points:
        give(account, points)
    return phone, account


def browser_of(found: Joined) -> Client:
    phone = Client(headers={"accept-language": "en"})
    phone.cookies["member"] = found.key
    return phone


def desk(name: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(_user(name))
    return browser


def _user(name: str) -> Any:
    from lingka.accounts.models import User

    return User.objects.get(username=name)


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def reserve(phone: Client, good: UUID) -> Any:
    page = said(phone.get("/me/points/"))
    key = re.findall(r'name="key" value="([^"]+)"', page) or [
        "0190aaaa-0000-7000-8000-000000000001"
    ]
    return phone.post("/me/points/", {"do": "reserve", "good": str(good), "key": key[0]})


def test_taking_part_is_chosen(city: City) -> None:
    found = joined(city.grid.parent_id or 0)
    phone = browser_of(found)
    assert "Collect points" in said(phone.get("/me/points/"))
    assert selectors.account_of("points", member=found.info.uuid) is None
    phone.post("/me/points/", {"do": "join"})
    assert "Leave the points bank" in said(phone.get("/me/points/"))


def test_a_code_on_the_phone_leads_the_counter_to_handing_over(shop: UUID, city: City) -> None:
    good = offered(shop, 1)
    phone, account = person(city, points=10)
    shown = phone.get(reserve(phone, good)["Location"])
    assert 'class="qr"' in said(shown)
    made = showing.reservations_of(account)[0]
    counter = desk("handler")
    scanned = counter.get(f"/desk/points/scan/{goods.code_of(made.uuid, MONDAY)}")
    assert scanned["Location"].endswith(f"/fetch/{made.code}")
    counter.post(scanned["Location"], {"do": "hand"})
    assert (lies(good), has(account)) == ((0, 0), (0, 0))
    assert "You have fetched this" in said(phone.get(f"/me/points/{made.uuid}"))


def test_without_a_network_the_code_that_is_read_out_does(shop: UUID, city: City) -> None:
    phone, account = person(city, points=10)
    reserve(phone, offered(shop, 1))
    code = showing.reservations_of(account)[0].code
    counter = desk("handler")
    found = counter.get(f"/desk/points/at/{shop}/", {"code": f"{code[:4]}-{code[4:]}".lower()})
    assert found["Location"].endswith(f"/fetch/{code}")
    wrong = counter.get(f"/desk/points/at/{shop}/", {"code": "NOPE"})
    assert "Nothing is kept here under this code" in said(wrong)


def test_an_old_square_says_what_to_do(shop: UUID, city: City) -> None:
    phone, account = person(city, points=10)
    reserve(phone, offered(shop, 1))
    made = showing.reservations_of(account)[0]
    old = goods.code_of(made.uuid, MONDAY - 3 * goods.STEP)
    answer = desk("handler").get(f"/desk/points/scan/{old}")
    assert answer.status_code == 410
    assert "read the code out" in said(answer)


def test_what_is_given_back_frees_the_points(shop: UUID, city: City) -> None:
    good = offered(shop, 1)
    phone, account = person(city, points=10)
    page = reserve(phone, good)["Location"]
    phone.post(page)
    assert (lies(good), has(account)) == ((1, 0), (10, 0))
    other, _theirs = person(city, "13900002222")
    assert other.get(page).status_code == 404


def test_who_leaves_altogether_leaves_the_ledgers_too(city: City) -> None:
    found = joined(city.grid.parent_id or 0)
    for ledger in ("points", "hours"):
        account = actions.open_account(ledger, actor=SYSTEM, member=found.info.uuid)
        give(account, 5)
    members.leave(actor=found.info.actor)
    receivers.discover()
    for _twice in range(2):
        receivers.RECEIVERS["points.left"].handle(history(found.info.uuid)[-1:])
    assert not Owner.objects.exists()


def test_what_goes_soon_stands_on_one_s_own_page(city: City) -> None:
    phone, account = person(city)
    day = date(2026, 12, 31)
    ExpiryNotice.objects.create(
        account_id=account, until=day, points=3, told_on=MONDAY.date(), expires_on=day
    )
    assert "3 points go after" in said(phone.get("/me/"))


def test_a_desk_enters_points_for_whoever_shows_their_square(city: City) -> None:
    _phone, account = person(city)
    page = f"/desk/points/give/{goods.card_of(account, clock.now())}"
    counter = desk("dispatcher")
    shown = said(counter.get(page))
    assert "云雀" not in shown
    chinese = said(counter.get(page, headers={"accept-language": "zh-hans"}))
    assert 'value="2026-11-16"' in chinese, "today, as browsers read a day"
    sent = {"do": "give", "give-rule": "clean-up", "give-area": str(city.street.pk),
            "give-day": "2026-11-16"}  # fmt: skip
    assert counter.post(page, sent).status_code == 302
    again = counter.post(page, sent)
    assert again.status_code == 400
    assert "You entered this for them and this day before" in said(again)
    assert has(account) == (10, 0)
    assert Award.objects.count() == 1
    future = counter.post(page, sent | {"give-day": "2026-11-17"})
    assert "This day has not come yet" in said(future)
    assert desk("handler").get(page).status_code == 404


def test_an_old_square_of_a_member_says_that_it_is_and_what_to_do(city: City) -> None:
    _phone, account = person(city)
    old = goods.card_of(account, MONDAY - 3 * goods.STEP)
    for page, who in (("give", "dispatcher"), ("entered", "supervisor")):
        answer = desk(who).get(f"/desk/points/{page}/{old}")
        assert answer.status_code == 410
        assert "This square is too old" in said(answer)
        assert "Nothing to hand over" not in said(answer)


def test_one_more_of_the_same_is_reserved_only_by_whoever_says_so(shop: UUID, city: City) -> None:
    good = offered(shop, 3)
    phone, account = person(city, points=30)
    reserve(phone, good)
    asked = reserve(phone, good)  # gone back to, with a page that is new
    assert asked.status_code == 409
    assert "One of these is kept for you already. Do you want another one?" in said(asked)
    assert has(account) == (30, 10)
    key = re.findall(r'name="key" value="([^"]+)"', said(asked))[0]
    sent = {"do": "reserve", "good": str(good), "key": key, "another": "yes"}
    for _twice in range(2):
        assert phone.post("/me/points/", sent).status_code == 302
    assert has(account) == (30, 20)


def test_whoever_gave_one_back_is_not_asked(shop: UUID, city: City) -> None:
    good = offered(shop, 1)
    phone, _account = person(city, points=30)
    phone.post(reserve(phone, good)["Location"])
    assert reserve(phone, good).status_code == 302


def test_a_statement_says_what_was_fetched_where_and_what_came_back(shop: UUID, city: City) -> None:
    phone, account = person(city, points=10)
    reserve(phone, offered(shop, 1))
    made = showing.reservations_of(account)[0]
    actions.hand_over(made.uuid, actor=SYSTEM)
    actions.take_back(made.uuid, actor=SYSTEM)
    goods_at = "酥油茶一壶 · 甜茶馆兑换点"
    kept = said(phone.get("/me/kept/"))
    assert f"Redeemed {goods_at}: -10" in kept
    assert f"The goods came back. · {goods_at}: +10" in kept
    taken = phone.get("/me/kept.json").json()["points"]["points"]
    assert [one["goods"] for one in taken] == ["酥油茶一壶", "酥油茶一壶", ""]


def test_only_what_was_given_lasts_until_a_day(city: City) -> None:
    phone, account = person(city)
    given = give(account, 5, until=date(2027, 12, 31))
    assert "lasts until" in said(phone.get("/me/points/"))
    actions.reverse(given, "mistake", actor=SYSTEM, key=uuid7())
    lines = [(one.kind, one.lasts_until) for one in selectors.statement(account)]
    assert lines == [("reverse", None), ("earn", date(2027, 12, 31))]
    assert said(phone.get("/me/points/")).count("lasts until") == 1


def test_what_is_kept_is_listed_and_taken_along(city: City) -> None:
    phone, _account = person(city, points=7)
    assert "Voluntary service: +7" in said(phone.get("/me/kept/"))
    taken = phone.get("/me/kept.json").json()
    assert [one["amount"] for one in taken["points"]["points"]] == [7]


def test_strangers_are_asked_to_sign_in(city: City) -> None:
    assert "/me/in/" in Client().get("/me/points/")["Location"]


@pytest.mark.parametrize(
    "sent", [{}, {"do": "reserve"}, {"do": "reserve", "good": "x", "key": "y"}]
)
def test_what_means_nothing_changes_nothing(city: City, sent: dict[str, str]) -> None:
    phone, account = person(city, points=7)
    assert phone.post("/me/points/", sent).status_code in {302, 409}
    assert has(account) == (7, 0)


def test_confirmed_hours_earn_once_and_are_not_reviewed_by_who_confirmed_them(city: City) -> None:
    found = joined(city.grid.parent_id or 0)
    account = actions.open_account("points", actor=SYSTEM, member=found.info.uuid)
    boss, service = city.staff["supervisor"], uuid7()
    told = HoursConfirmed(
        activity="a", shift="s", member=str(found.info.uuid), kind="care", training=False,
        minutes=150, confirmed_by=boss.id or 0,
    )  # fmt: skip
    record(told, stream_id=service, actor=boss)
    receivers.discover()
    for _twice in range(2):
        receivers.RECEIVERS["points.earned"].handle(history(service))
    assert has(account) == (10, 0)
    award = Award.objects.get()
    Award.objects.update(review="open")
    with refusal("own_entry"):
        actions.review(award.uuid, right=True, actor=boss)
    said_after = str(award.source) + str(award.transfer_id)
    assert str(service) not in said_after


def test_whoever_takes_no_part_earns_nothing(city: City) -> None:
    found, service = joined(city.grid.parent_id or 0), uuid7()
    told = HoursConfirmed("a", "s", str(found.info.uuid), "care", False, 60, 1)
    record(told, stream_id=service, actor=SYSTEM)
    receivers.discover()
    receivers.RECEIVERS["points.earned"].handle(history(service))
    assert not Award.objects.exists()
