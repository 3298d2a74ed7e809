"""Cases that the engine cannot attend to are put aside, seen, and tried again; others go on."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import actions
from lingka.cases.actions import waking
from lingka.cases.models import Unattended
from lingka.cases.selectors import unattended
from lingka.core import clock, events
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, case_of


class Clumsy:
    """What attends to cases, but for some."""

    def __init__(self) -> None:
        self.fails: set[UUID] = set()
        self.tried: list[UUID] = []
        self.attend = waking._attend

    def __call__(self, uuid: UUID, now: datetime) -> bool:
        self.tried.append(uuid)
        if uuid in self.fails:
            raise ValueError("out of hand")
        return self.attend(uuid, now)


@pytest.fixture
def clumsy(monkeypatch: pytest.MonkeyPatch) -> Clumsy:
    made = Clumsy()
    monkeypatch.setattr(waking, "_attend", made)
    return made


def wake(minutes: float, limit: int = 200) -> int:
    with clock.at(MONDAY + timedelta(minutes=minutes)):
        return actions.due_now(limit)


def test_cases_that_fail_starve_none_behind_them(city: City, clumsy: Clumsy) -> None:
    broken = [city.open("water.burst") for _number in range(3)]
    sound = city.open("water.burst")
    clumsy.fails = {one.case_uuid for one in broken}
    assert wake(31, limit=2) == 1
    assert events.history(sound.case_uuid)[-1].type == "cases.ClockWarned"


def test_a_case_that_failed_is_seen_with_its_reason_and_left_alone_for_a_while(
    city: City, clumsy: Clumsy
) -> None:
    opened = city.open("water.burst")
    clumsy.fails = {opened.case_uuid}
    assert wake(31) == wake(32) == 0
    assert len(clumsy.tried) == 1
    with clock.at(MONDAY + timedelta(minutes=33)):
        (seen,) = unattended()
    assert (seen.number, seen.error) == (case_of(opened).number, "ValueError: out of hand")
    wake(36)
    held = Unattended.objects.get()
    assert (held.attempts, held.next_try_at) == (2, MONDAY + timedelta(minutes=36 + 60))


def test_a_case_that_could_be_attended_to_again_is_forgotten(city: City, clumsy: Clumsy) -> None:
    opened = city.open("water.burst")
    clumsy.fails = {opened.case_uuid}
    wake(31)
    clumsy.fails = set()
    assert wake(37) == 1
    assert not Unattended.objects.exists()


def test_a_case_that_somebody_ended_meanwhile_is_forgotten(city: City, clumsy: Clumsy) -> None:
    opened = city.open("water.burst")
    clumsy.fails = {opened.case_uuid}
    wake(31)
    city.do(opened, "withdraw", city.reporter(opened))
    assert wake(37) == 0
    assert not Unattended.objects.exists()


def test_a_case_that_another_worker_has_in_hand_is_not_waited_for(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.open("water.burst")
    monkeypatch.setattr(waking, "_attend", lambda _uuid, _now: False)
    assert wake(31) == 0
    assert not Unattended.objects.exists()


def test_the_administrator_reads_which_case_fails_and_why(
    city: City, clumsy: Clumsy, client: Client
) -> None:
    opened = city.open("water.burst")
    clumsy.fails = {opened.case_uuid}
    boss = cities._post("boss", "administrator", city.units["hall"], city.root)
    client.force_login(User.objects.get(id=boss.id))
    with clock.at(MONDAY + timedelta(minutes=31)):
        actions.due_now()
        page = client.get("/desk/deliveries/").content.decode()
    assert "ValueError: out of hand" in page
