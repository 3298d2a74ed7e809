"""Hours in their ledger: what was confirmed, corrected by a linked entry, and held against what
volunteering keeps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lingka.core import clock
from lingka.core.models import Cursor
from lingka.members import actions as members
from lingka.members.models import Member
from lingka.points import actions as points
from lingka.points import balancing, selectors
from lingka.points.models import Owner, Transfer
from lingka.volunteering import actions
from lingka.volunteering import selectors as volunteering
from lingka.volunteering.models import Certificate, Service
from tests.cases import city as cities
from tests.cases.city import problem, refusal
from tests.members.people import hear
from tests.points.bank import has
from tests.volunteering.helping import Town, open_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Any:
    with clock.at(cities.MONDAY):
        begins = cities.MONDAY + timedelta(days=1)
        yield open_activity(cities.build(), begins, begins + timedelta(hours=2), places=2)


@pytest.fixture
def served(town: Town) -> Any:
    """Somebody came for two hours, which are confirmed and booked; the clock stands there."""
    one = town.member()
    with clock.at(town.begins):
        actions.check_in(town.shift, actor=one.actor)
    with clock.at(town.ends):
        actions.check_out(town.shift, actor=one.actor)
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])
        hear("points.hours")
        yield one


def minutes(one: Any) -> int:
    account = selectors.account_of("hours", member=one.uuid)
    return has(account)[0] if account else 0


def corrected(town: Town, right: int) -> None:
    actions.correct_hours(Service.objects.get().uuid, right, actor=town.city.staff["dispatcher"])
    hear("points.hours")


def heard_all() -> None:
    """As after a night without anything: both receivers stand behind the last event."""
    for name in ("points.hours", "volunteering.let-go"):
        Cursor.objects.update_or_create(
            receiver=name, defaults={"order_key": 2**62, "position": 2**62}
        )


def test_confirmed_hours_are_booked_once_for_whoever_served(town: Town, served: Any) -> None:
    hear("points.hours")
    assert minutes(served) == volunteering.minutes_of(served.uuid) == 120
    assert Transfer.objects.get().ground == "service"
    assert selectors.account_of("points", member=served.uuid) is None, "points are chosen"


def test_a_correction_is_a_linked_entry_and_the_first_one_stays(town: Town, served: Any) -> None:
    with clock.at(town.ends):
        actions.certify(actor=served.actor)
    corrected(town, 45)
    assert minutes(served) == volunteering.minutes_of(served.uuid) == 45
    kinds = list(Transfer.objects.order_by("id").values_list("kind", "reverses__kind"))
    assert kinds == [("earn", None), ("reverse", "earn"), ("earn", None)]
    assert not Certificate.objects.exists(), "the paper said something else"


def test_what_is_corrected_to_nothing_can_be_corrected_again(town: Town, served: Any) -> None:
    corrected(town, 0)
    assert minutes(served) == 0
    corrected(town, 30)
    assert minutes(served) == 30
    assert Transfer.objects.filter(kind="reverse").count() == 1


def test_only_confirmed_hours_are_corrected_within_what_was_planned(
    town: Town, served: Any
) -> None:
    mine, desk = Service.objects.get().uuid, town.city.staff["dispatcher"]
    for right, code in ((121, "minutes"), (-1, "minutes"), (120, "same")):
        with problem(code):
            actions.correct_hours(mine, right, actor=desk)
    with refusal("not_organiser"):
        actions.correct_hours(mine, 10, actor=town.city.staff["handler"])
    with problem("no_service"):
        actions.correct_hours(town.shift, 10, actor=desk)
    Service.objects.update(state="missed", minutes=None)
    with problem("not_served"):
        actions.correct_hours(mine, 10, actor=desk)


def test_who_left_before_it_was_told_has_no_account(town: Town, served: Any) -> None:
    members.leave(actor=served.actor)
    hear("points.hours")
    assert not Owner.objects.exists()
    with clock.at(town.ends):
        hear("points.hours")
    assert not Owner.objects.exists()


def lose_an_hour() -> None:
    Service.objects.update(minutes=60)


def lose_the_account() -> None:
    Owner.objects.all().delete()


@pytest.mark.parametrize(
    ("forged", "found"),
    [(lose_an_hour, "120 minutes, 60 confirmed"), (lose_the_account, "120 confirmed minutes")],
)
def test_the_nightly_look_finds_hours_that_were_not_confirmed_or_not_booked(
    town: Town, served: Any, forged: Callable[[], None], found: str
) -> None:
    heard_all()
    assert balancing.hours_differences() == []
    forged()
    assert found in balancing.balance().first
    Cursor.objects.all().delete()
    assert balancing.hours_differences() == [], "what is on its way is no difference yet"


def test_a_correction_of_hours_takes_no_points_away(town: Town, served: Any) -> None:
    points.open_account("points", actor=served.actor, member=served.uuid)
    hear("points.earned")
    account = selectors.account_of("points", member=served.uuid)
    before = has(account) if account else None
    corrected(town, 10)
    hear("points.earned")
    assert account
    assert has(account) == before == (10, 0)
    assert Member.objects.count() == 1
