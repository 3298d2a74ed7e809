"""What a workplace has beside its people, goods that came back, and what was entered wrongly."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from lingka.core import clock, rulebooks, verify
from lingka.core.actors import SYSTEM
from lingka.members.models import Member
from lingka.points import actions, goods, rules, selectors
from lingka.points.models import Award, Transfer
from tests.cases.city import MONDAY, City, grid_elsewhere, posted, problem, refusal
from tests.cases.conftest import city, monday
from tests.members.people import joined
from tests.points.bank import give, has, keep
from tests.points.test_mine import desk, person, reserve, said, shop
from tests.points.test_rules import body
from tests.points.test_shops import lies, offered

__all__ = ["city", "monday", "shop"]
pytestmark = pytest.mark.django_db


def test_a_workplace_takes_part_when_somebody_who_works_there_says_so(city: City) -> None:
    unit = city.units["light"].pk
    with refusal("not_ours"):
        actions.take_part(unit, actor=city.staff["dispatcher"])
    ours = desk("handler")
    assert "collects no points yet" in said(ours.get("/desk/points/ours"))
    ours.post("/desk/points/ours", {"do": f"join-{unit}"})
    account = selectors.account_of("points", unit=unit)
    assert account is not None
    colleagues(city, unit, goods.FEW)
    for _entry in range(goods.FEW - 1):
        give(account, 7)
    assert "fewer than 5 entries" in said(ours.get("/desk/points/ours"))
    give(account, 7)
    assert "+35" in said(ours.get("/desk/points/ours"))
    assert desk("dispatcher").get("/desk/points/ours").status_code == 404


def colleagues(city: City, unit: int, many: int) -> None:
    """So many members say that they work there."""
    for number in range(many):
        joined(city.grid.parent_id or 0, f"1390000222{number}")
    Member.objects.update(workplace=unit)


def test_a_workplace_of_few_members_is_told_no_sum_of_its_points(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = city.units["light"].pk
    account = actions.open_account("points", actor=SYSTEM, unit=unit)
    monkeypatch.setattr(goods, "FEW", 2)
    for _entry in range(2):
        give(account, 7)
    colleagues(city, unit, 1)
    page = said(desk("handler").get("/desk/points/ours"))
    assert "too few to tell" in page
    assert "points-big" not in page
    assert "+14" not in page


def test_what_comes_back_whole_is_entered_by_its_code_once(shop: UUID, city: City) -> None:
    good = offered(shop, 1)
    phone, account = person(city, points=10)
    reserve(phone, good)
    code = str(actions_code(account))
    boss, page = desk("supervisor"), f"/desk/points/at/{shop}/back"
    assert "Nothing was handed over here" in said(boss.get(page, {"code": code}))
    actions.hand_over(_reservation(account), actor=city.staff["handler"])
    assert "It came back whole" in said(boss.get(page, {"code": code}))
    boss.post(f"{page}?code={code}", {"do": "back"})
    assert (lies(good), has(account)) == ((1, 0), (10, 0))
    again = boss.post(f"{page}?code={code}", {"do": "back"})
    assert (again.status_code, has(account)) in {(302, (10, 0)), (400, (10, 0))}
    assert desk("handler").get(page).status_code == 404


def _reservation(account: UUID) -> UUID:
    from lingka.points.models import Reservation

    return Reservation.objects.get(hold__account=account).uuid


def actions_code(account: UUID) -> str:
    from lingka.points.models import Reservation

    return Reservation.objects.get(hold__account=account).code


@pytest.fixture
def award(city: City, monday: Any) -> Award:
    _phone, account = person(city)
    member = selectors.member_of(account)
    assert member is not None
    occasion = actions.Occasion("hand:1", MONDAY.date(), city.grid.parent_id)
    actions.award_by_hand("clean-up", occasion, member=member, actor=city.staff["dispatcher"])
    return Award.objects.get()


def test_what_was_entered_wrongly_is_taken_back_once_by_who_sees_the_square(
    award: Award, city: City
) -> None:
    page = f"/desk/points/entered/{goods.card_of(award.account_id, MONDAY)}"
    boss = desk("supervisor")
    assert "Take it back" in said(boss.get(page))
    boss.post(page, {"do": "back", "back-award": award.uuid, "back-reason": "twice"})
    assert has(award.account_id) == (0, 0)
    assert Transfer.objects.get(kind="reverse").reverses_id == award.transfer_id
    assert "Nothing was entered here lately" in said(boss.get(page))
    with problem("reversed"):
        actions.correct_award(award.uuid, "twice", actor=city.staff["supervisor"])
    assert desk("dispatcher").get(page).status_code == 404


def test_a_correction_has_a_reason_and_an_entry_and_is_no_resident_s(
    award: Award, city: City
) -> None:
    with problem("reason"):
        actions.correct_award(award.uuid, "returned", actor=city.staff["supervisor"])
    with problem("no_award"):
        actions.correct_award(uuid4(), "twice", actor=city.staff["supervisor"])
    with refusal("not_corrector"):
        actions.correct_award(award.uuid, "twice", actor=city.staff["dispatcher"])


def test_who_is_over_another_area_corrects_nothing_here(
    award: Award, city: City, shop: UUID
) -> None:
    strange = posted(city, "stranger", "supervisor", grid_elsewhere())
    with refusal("not_corrector"):
        actions.correct_award(award.uuid, "twice", actor=strange)
    with refusal("not_corrector"):
        actions.reverse(award.transfer.uuid, "twice", actor=strange, key=uuid4())
    spent = actions.reserve(offered(shop, 1), award.account_id, actor=SYSTEM, key=uuid4())
    actions.hand_over(spent.uuid, actor=SYSTEM)
    hold = Transfer.objects.get(kind="redeem")
    with refusal("not_corrector"):
        actions.reverse(hold.uuid, "returned", actor=strange, key=uuid4())
    assert not Transfer.objects.filter(kind="reverse").exists()


def test_what_names_no_area_is_corrected_by_those_over_the_whole_town(city: City) -> None:
    given = give(actions.open_account("points", actor=SYSTEM, member=uuid4()), 5)
    with refusal("not_corrector"):
        street = posted(city, "street", "supervisor", city.street)
        actions.reverse(given, "mistake", actor=street, key=uuid4())
    actions.reverse(given, "mistake", actor=city.staff["supervisor"], key=uuid4())


# -- a person's award and their workplace's -------------------------------------------------


@pytest.fixture
def double(city: City, monday: Any) -> tuple[Award, UUID]:
    """What somebody was given, and the account of their workplace, which was given the same."""
    made = body(unit=True)
    made["review"]["percent"] = 100
    rulebooks.put(rules.BOOK, made, actor=SYSTEM)
    theirs = actions.open_account("points", actor=SYSTEM, unit=city.units["light"].pk)
    member = uuid4()
    account = actions.open_account("points", actor=SYSTEM, member=member)
    serve(city, member)
    return Award.objects.get(account=account), theirs


def serve(city: City, member: UUID) -> None:
    occasion = actions.Occasion("served:1", MONDAY.date(), city.street.pk, city.units["light"].pk)
    actions.award_event("volunteering.HoursConfirmed", {"minutes": 60}, occasion, member=member)


def test_a_correction_takes_what_the_workplace_was_given_beside_with_it(
    double: tuple[Award, UUID], city: City
) -> None:
    award, theirs = double
    assert (has(award.account_id), has(theirs)) == ((5, 0), (5, 0))
    given = set(Transfer.objects.filter(kind="earn").values_list("pk", flat=True))
    actions.correct_award(award.uuid, "twice", actor=city.staff["supervisor"])
    assert (has(award.account_id), has(theirs)) == ((0, 0), (0, 0))
    taken = Transfer.objects.filter(kind="reverse", reason="twice")
    assert set(taken.values_list("reverses", flat=True)) == given
    with problem("reversed"):
        actions.correct_award(award.uuid, "twice", actor=city.staff["supervisor"])
    assert verify.run() == []


def test_where_a_workplace_has_spent_its_part_both_stay(
    double: tuple[Award, UUID], city: City
) -> None:
    award, theirs = double
    keep(theirs, 1)
    with problem("spent"):
        actions.correct_award(award.uuid, "twice", actor=city.staff["supervisor"])
    assert (has(award.account_id), has(theirs)) == ((5, 0), (5, 1))


def test_a_workplace_s_part_is_neither_looked_at_nor_taken_back_alone(
    double: tuple[Award, UUID], city: City
) -> None:
    award, theirs = double
    part = Award.objects.get(account=theirs)
    assert (award.review, part.review) == ("open", "")
    with problem("beside"):
        actions.correct_award(part.uuid, "twice", actor=city.staff["supervisor"])
    assert actions.review(award.uuid, right=False, actor=city.staff["supervisor"])
    assert (has(award.account_id), has(theirs)) == ((0, 0), (0, 0))


def test_told_again_after_a_correction_nothing_is_given_to_either(
    double: tuple[Award, UUID], city: City
) -> None:
    award, theirs = double
    member = selectors.member_of(award.account_id)
    assert member is not None
    actions.correct_award(award.uuid, "twice", actor=city.staff["supervisor"])
    Award.objects.filter(account=theirs).delete()  # as if it had come to take part since
    serve(city, member)
    assert (has(award.account_id), has(theirs)) == ((0, 0), (0, 0))


def test_an_old_square_opens_nothing(award: Award) -> None:
    old = goods.card_of(award.account_id, MONDAY - 3 * goods.STEP)
    with clock.at(MONDAY):
        assert desk("supervisor").get(f"/desk/points/entered/{old}").status_code == 410
    assert Client().get(f"/desk/points/entered/{old}").status_code == 302
