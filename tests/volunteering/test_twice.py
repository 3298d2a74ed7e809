"""The last place and one code, by two at one moment; and what would happen without the lock."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from lingka.core import clock
from lingka.core.models import Event
from lingka.volunteering import actions, campaigns
from lingka.volunteering.actions import campaigning, serving, taking_part, ticking
from lingka.volunteering.models import Campaign, Service, Shift
from tests.cases import city as cities
from tests.cases.test_concurrency import at_once
from tests.volunteering.helping import Town, open_activity
from tests.volunteering.test_campaigns import shops
from tests.volunteering.test_campaigns import wanted as run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_place(db: None) -> Town:
    with clock.at(cities.MONDAY):
        begins = cities.MONDAY + timedelta(days=1)
        return open_activity(cities.build(), begins, begins + timedelta(hours=2), places=1)


def meeting(monkeypatch: pytest.MonkeyPatch, *where: tuple[Any, str]) -> None:
    """Each is held up just before deciding until the other is there, or waits for the lock."""
    both = Barrier(2)

    def held_up(real: Callable[..., Any], *given: Any) -> Any:
        found = real(*given)
        try:
            both.wait(0.5)
        except BrokenBarrierError:
            return found  # the other waits for the lock
        return found

    for module, name in where:
        monkeypatch.setattr(module, name, partial(held_up, getattr(module, name)))


def unlocked(uuid: Any) -> Shift:
    return Shift.objects.select_related("activity__area").get(uuid=uuid)


def at(moment: Any, done: Callable[[], Any]) -> Callable[[], Any]:
    def then() -> Any:
        with clock.at(moment):
            return done()

    return then


@pytest.fixture
def two_for_one(one_place: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    with clock.at(cities.MONDAY):
        people = [one_place.member(number) for number in range(2)]
    meeting(monkeypatch, (taking_part, "_left"))

    def both() -> list[str]:
        at_once(*(
            at(cities.MONDAY, lambda one=one: actions.sign_up(one_place.shift, actor=one.actor))
            for one in people
        ))  # fmt: skip
        return sorted(one_place.state(one) for one in people)

    return both


def test_one_gets_the_last_place_and_the_other_waits(two_for_one: Any) -> None:
    assert two_for_one() == ["going", "waiting"]


def test_without_the_lock_both_would_have_it(
    two_for_one: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_part, "locked", unlocked)
    assert two_for_one() == ["going", "going"]


@pytest.fixture
def marked_twice(one_place: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    with clock.at(cities.MONDAY):
        desk, one = one_place.city.staff["dispatcher"], one_place.member()
        actions.sign_up(one_place.shift, actor=one.actor)
        place = shops(one_place, 1)[0].pk
        code = actions.begin_campaign(one_place.home, run(), actor=desk)
        found = campaigns.campaign(code)
        assert found is not None
        actions.take_on(found.uuid, one_place.code, actor=desk)
    with clock.at(one_place.begins):
        actions.check_in(one_place.shift, actor=one.actor)
    meeting(monkeypatch, (campaigning, "_place"))

    def both() -> int:
        done = at(
            one_place.begins,
            lambda: actions.mark(found.uuid, place, "done", actor=one.actor),
        )
        at_once(done, done)
        return Event.objects.filter(type="volunteering.CampaignPlaceMarked").count()

    return both


def test_a_place_that_two_mark_at_once_is_done_once(marked_twice: Any) -> None:
    assert marked_twice() == 1


def test_without_the_lock_it_would_be_done_twice(
    marked_twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        campaigning, "_running", lambda uuid: Campaign.objects.select_related("area").get(uuid=uuid)
    )
    assert marked_twice() == 2


@pytest.fixture
def scanned(one_place: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], int]:
    with clock.at(cities.MONDAY):
        one = one_place.member()
        actions.sign_up(one_place.shift, actor=one.actor)
    meeting(monkeypatch, (serving, "placed"))

    def at_one_moment(times: int) -> int:
        scan = at(one_place.begins, lambda: actions.check_in(one_place.shift, actor=one.actor))
        answers = at_once(*[scan] * times)
        assert not [one for one in answers if isinstance(one, Exception)]
        assert Service.objects.get().state == "here"
        return Event.objects.filter(type="volunteering.CheckedIn").count()

    return at_one_moment


@pytest.mark.usefixtures("connections_for_all")
def test_fifty_scans_of_one_code_are_one_check_in(scanned: Any) -> None:
    assert scanned(50) == 1


def test_without_the_lock_one_would_have_come_twice(
    scanned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "locked", unlocked)
    assert scanned(2) == 2


@pytest.fixture
def scanned_and_ticked(one_place: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    with clock.at(cities.MONDAY):
        one, desk = one_place.member(), one_place.city.staff["dispatcher"]
        actions.sign_up(one_place.shift, actor=one.actor)
    shift, begins, place = one_place.shift, one_place.begins, Service.objects.get().uuid
    meeting(monkeypatch, (serving, "placed"), (ticking, "of_service"))

    def both() -> int:
        answers = at_once(
            at(begins, lambda: actions.check_in(shift, actor=one.actor)),
            at(begins, lambda: actions.tick(shift, place, begins, left=False, actor=desk)),
        )
        assert not [one for one in answers if isinstance(one, Exception)]
        assert Service.objects.get().in_at == begins
        return Event.objects.filter(type="volunteering.CheckedIn").count()

    return both


def test_a_scan_and_a_tick_on_the_list_are_one_presence(scanned_and_ticked: Any) -> None:
    assert scanned_and_ticked() == 1


def test_without_the_lock_a_scan_and_a_tick_would_be_two(
    scanned_and_ticked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "locked", unlocked)
    assert scanned_and_ticked() == 2
