"""Thanks of a year: by thresholds, frozen once, and by name only for those who wish it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lingka.accounts.models import Post, User
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.points import actions, recognised, thanks
from lingka.points.models import Recognised, Recognition
from lingka.volunteering import documents, records
from lingka.volunteering.models import Activity, Service, Shift
from lingka.volunteering.selectors import Paper
from tests.cases.city import MONDAY, City, problem, refusal
from tests.cases.conftest import city, monday
from tests.members.people import Joined, joined
from tests.points.bank import give

__all__ = ["city", "monday"]
YEAR = MONDAY.year
LATER = MONDAY + timedelta(days=60)
BODY = {"key": "points_recognition", "name": dict.fromkeys(("zh-hans", "bo", "en"), "x")}
LEVEL = {"ledger": "hours", "at_least": 20, "name": BODY["name"]}


def test_the_shipped_thresholds_have_no_fault() -> None:
    assert thanks.BOOK.faults({"recognition": {"a": LEVEL}, **BODY}) == []
    assert [one.at_least for one in thanks.BOOK.now()] == [20, 60, 300]


@pytest.mark.parametrize(
    "changes",
    [
        {"top": 10},
        {"at_least": 0},
        {"at_least": "many"},
        {"ledger": "reports"},
        {"ledger": "money"},
    ],
)
def test_there_is_no_number_of_places_and_no_other_ground(changes: dict[str, Any]) -> None:
    assert thanks.BOOK.faults({"recognition": {"a": LEVEL | changes}, **BODY}) != []


@pytest.mark.parametrize(
    ("ledger", "amount", "level"),
    [("hours", 1199, None), ("hours", 1200, "hours-20"), ("hours", 9000, "hours-60"),
     ("points", 299, None), ("points", 300, "points-300")],
)  # fmt: skip
def test_a_threshold_is_reached_or_not(ledger: str, amount: int, level: str | None) -> None:
    found = thanks.reached(thanks.BOOK.now(), ledger, amount)
    assert (found.key if found else None) == level


@pytest.fixture
def people(db: None, city: City, monday: Any) -> list[tuple[Joined, UUID]]:
    """Three who served 25, 70 and 5 hours."""
    made = []
    for number, hours in enumerate((25, 70, 5)):
        one = joined(city.grid.parent_id or 0, f"1390000111{number}", f"{'丙乙甲'[number]}某")
        account = actions.open_account("hours", actor=SYSTEM, member=one.info.uuid)
        served(city, one.info.uuid, hours)
        made.append((one, account))
    return made


def served(city: City, member: UUID, hours: int, on: datetime = MONDAY) -> None:
    """Confirmed in volunteering, which says on which day."""
    activity, _new = Activity.objects.get_or_create(
        code="5KX87MV", area_id=city.grid.parent_id, kind="care", title={}, text={}, where={},
        drafted_by=1,
    )  # fmt: skip
    shift, _new = Shift.objects.get_or_create(
        activity=activity, starts_at=on, ends_at=on + timedelta(hours=2), places=9
    )
    Service.objects.create(
        shift=shift, member=member, state="served", minutes=hours * 60, asked_at=on
    )


def freeze(at: datetime = LATER, year: int = YEAR) -> None:
    with clock.at(at):
        actions.freeze_year(year, actor=SYSTEM)


def levels() -> dict[str, str]:
    rows = Recognised.objects.values_list("account", "level")
    return {str(account): level for account, level in rows}


def test_who_reached_a_threshold_is_kept_and_points_taken_back_count_nothing(
    people: list[tuple[Joined, UUID]], city: City
) -> None:
    points = actions.open_account("points", actor=SYSTEM, member=people[2][0].info.uuid)
    actions.reverse(give(points, 300), "mistake", actor=SYSTEM, key=UUID(int=1))
    freeze()
    assert levels() == {str(people[0][1]): "hours-20", str(people[1][1]): "hours-60"}
    served(city, people[2][0].info.uuid, 100, MONDAY + timedelta(days=1))
    assert len(levels()) == 2, "frozen"


def test_hours_count_in_the_year_of_their_day_whenever_they_are_entered(
    people: list[tuple[Joined, UUID]], city: City
) -> None:
    new_year = datetime(YEAR, 12, 31, 17, tzinfo=UTC)  # in the town it is January by then
    served(city, people[2][0].info.uuid, 100, new_year)
    with clock.at(LATER):  # as an upgrade or a correction in January enters them
        give(people[2][1], 6000)
        give(people[0][1], 1500)
    freeze()
    assert levels() == {str(people[0][1]): "hours-20", str(people[1][1]): "hours-60"}
    freeze(at=LATER + timedelta(days=366), year=YEAR + 1)
    found = Recognised.objects.filter(recognition__year=YEAR + 1)
    assert list(found.values_list("account", flat=True)) == [people[2][1]]


def test_a_year_is_frozen_once_and_not_before_it_is_over(
    people: list[tuple[Joined, UUID]], city: City
) -> None:
    with problem("not_over"):
        freeze(at=MONDAY)
    freeze()
    with problem("frozen"):
        freeze()
    with refusal("not_whole_town"), clock.at(LATER):
        actions.freeze_year(YEAR, actor=city.staff["dispatcher"])


@pytest.mark.parametrize("change", [{"level": "hours-60"}, {"account_id": None}])
def test_the_database_keeps_what_is_frozen(
    people: list[tuple[Joined, UUID]], change: dict[str, Any]
) -> None:
    freeze()
    with pytest.raises(DatabaseError), transaction.atomic():
        Recognised.objects.filter(account=people[0][1]).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Recognition.objects.update(levels=[])


def test_only_who_wishes_is_named_in_the_order_of_letters_and_without_amounts(
    people: list[tuple[Joined, UUID]],
) -> None:
    freeze()
    everybody = Client(headers={"accept-language": "en"})
    page = everybody.get("/points/thanks/").content.decode()
    assert "fewer than 5 people" in page
    assert "某" not in page
    phone = Client(headers={"accept-language": "en"})
    phone.cookies["member"] = people[1][0].key
    assert "Name me there" in phone.get("/me/").content.decode()
    phone.post(f"/me/points/thanks/{YEAR}", {"do": "name", "level": "hours-60"})
    page = everybody.get(f"/points/thanks/{YEAR}").content.decode()
    assert "乙某" in page
    assert "丙某" not in page
    assert "70 h" not in page
    phone.post(f"/me/points/thanks/{YEAR}", {"do": "hide", "level": "hours-60"})
    assert "乙某" not in everybody.get("/points/thanks/").content.decode()


def test_who_wishes_to_be_named_for_one_threshold_stands_under_that_one_alone(
    people: list[tuple[Joined, UUID]],
) -> None:
    both = people[1][0]
    give(actions.open_account("points", actor=SYSTEM, member=both.info.uuid), 300)
    freeze()
    phone, page = Client(), f"/me/points/thanks/{YEAR}"
    phone.cookies["member"] = both.key
    assert phone.post(page, {"do": "name", "level": "points-300"}).status_code == 302
    named = Recognised.objects.filter(named=True).values_list("level", flat=True)
    assert list(named) == ["points-300"]
    for odd in ("hours-20", "\0", ""):
        assert phone.post(page, {"do": "name", "level": odd}).status_code == 404


def test_names_of_one_threshold_stand_in_no_order_of_merit(
    people: list[tuple[Joined, UUID]], city: City
) -> None:
    # 35 hours: more than the first one's 25
    served(city, people[2][0].info.uuid, 30, MONDAY + timedelta(days=1))
    freeze()
    Recognised.objects.update(named=True)
    [twenty, *_rest] = recognised.thanked(YEAR) or []
    assert twenty.names == sorted(["丙某", "甲某"])


def test_who_leaves_is_thanked_by_name_no_more(people: list[tuple[Joined, UUID]]) -> None:
    freeze()
    Recognised.objects.update(named=True)
    actions.leave("hours", people[1][0].info.uuid, actor=SYSTEM)
    assert "乙某" not in Client().get("/points/thanks/").content.decode()
    assert len(levels()) == 1


def test_a_service_record_holds_what_somebody_agreed_to_be_named_for_and_no_more(
    people: list[tuple[Joined, UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze()
    me, account = people[1][0], people[1][1]
    phone = Client(headers={"accept-language": "en"})
    phone.cookies["member"] = me.key
    assert "Thanked by the town" not in phone.get("/me/service/").content.decode()
    assert records.as_json(me.info)["commendation"] == []
    assert actions.name_me(YEAR, account, "hours-60", named=True)
    assert f"Thanked by the town for {YEAR}" in phone.get("/me/service/").content.decode()
    [kept] = records.as_json(me.info)["commendation"]
    assert kept["year"] == YEAR
    printed: list[dict[str, Any]] = []
    monkeypatch.setattr(documents, "_made", lambda _sheet, said: printed.append(said) or b"")
    paper = Paper("5KX87MV", MONDAY.date(), MONDAY.date(), 1, 60, MONDAY.date())
    documents.certificate(paper, me.info)
    assert [len(printed[0]["parts"][code]["thanks"]) for code in ("bo", "zh-hans", "en")] == [1] * 3


def test_nobody_is_named_for_what_they_did_not_reach(people: list[tuple[Joined, UUID]]) -> None:
    freeze()
    assert not actions.name_me(YEAR, people[2][1], "hours-20", named=True)
    assert not actions.name_me(YEAR, people[1][1], "hours-20", named=True)
    assert Client().get(f"/points/thanks/{YEAR - 1}").status_code == 404


def administrator(city: City) -> Client:
    User.objects.filter(username="chief").update(username="town")
    user = User.objects.get(username="town")
    Post.objects.filter(user=user).update(role="administrator", area=city.root)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def test_a_year_is_frozen_after_its_counts_were_seen(
    people: list[tuple[Joined, UUID]], city: City
) -> None:
    for number in range(4):
        one = joined(city.grid.parent_id or 0, f"1390000222{number}", f"{number}某")
        actions.open_account("hours", actor=SYSTEM, member=one.info.uuid)
        served(city, one.info.uuid, 30)
    browser = administrator(city)
    with clock.at(LATER):
        assert 'value="freeze"' not in read(browser, "/desk/points/thanks")
        seen = read(browser, f"/desk/points/thanks?year={YEAR}")
        assert f"{YEAR} would be frozen like this" in seen
        assert "5 people" in seen
        assert seen.count("fewer than 5 people") == 2
        assert not Recognition.objects.exists()
        sent = {"do": "freeze", "freeze-year": str(YEAR)}
        assert browser.post("/desk/points/thanks", sent).status_code == 302
        assert Recognition.objects.get().year == YEAR
        again = read(browser, f"/desk/points/thanks?year={YEAR}")
    assert "This year is frozen already." in again


def test_a_year_that_is_not_over_shows_no_counts(
    people: list[tuple[Joined, UUID]], city: City
) -> None:
    seen = read(administrator(city), f"/desk/points/thanks?year={YEAR}")
    assert "This year is not over yet." in seen
    assert 'value="freeze"' not in seen


def test_who_supervises_the_whole_town_does_not_freeze_its_year(city: City, monday: Any) -> None:
    browser = administrator(city)
    Post.objects.filter(user__username="town").update(role="supervisor")
    assert browser.get("/desk/points/thanks").status_code == 404


def read(browser: Client, page: str) -> str:
    answer = browser.get(page)
    assert answer.status_code == 200
    return answer.content.decode()
