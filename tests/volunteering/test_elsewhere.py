"""Nobody has two places at one time, and an hour on two lists counts once."""

from datetime import timedelta
from typing import Any

import pytest

from lingka.core import clock, locks
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, selectors
from lingka.volunteering.actions import serving, taking_part
from lingka.volunteering.models import Service
from tests.cases import city as cities
from tests.cases.city import problem
from tests.cases.test_concurrency import at_once
from tests.volunteering.helping import Town, open_activity
from tests.volunteering.test_serving import served
from tests.volunteering.test_twice import at, meeting

HOUR = timedelta(hours=1)


def beside(town: Town, *, later: timedelta, places: int = 5) -> Town:
    """Another activity of the same town, as long, that begins so much later."""
    with clock.at(cities.MONDAY):
        return open_activity(town.city, town.begins + later, town.ends + later, places=places)


def test_whoever_has_a_place_gets_no_second_at_the_same_time(town: Town) -> None:
    other = beside(town, later=HOUR)
    with clock.at(cities.MONDAY):
        me = town.member()
        actions.sign_up(town.shift, actor=me.actor)
        with problem("elsewhere"):
            actions.sign_up(other.shift, actor=me.actor)
        actions.give_back(town.shift, actor=me.actor)
        assert actions.sign_up(other.shift, actor=me.actor) == "going"


def test_one_right_after_the_other_is_no_second_at_the_same_time(town: Town) -> None:
    other = beside(town, later=town.ends - town.begins)
    with clock.at(cities.MONDAY):
        me = town.member()
        for one in (town, other):
            assert actions.sign_up(one.shift, actor=me.actor) == "going"


def test_whoever_waits_and_has_a_place_elsewhere_by_then_goes_on_waiting(town: Town) -> None:
    full = beside(town, later=HOUR, places=1)
    with clock.at(cities.MONDAY):
        first, busy, last = (town.member(number) for number in range(3))
        for one in (first, busy, last):
            actions.sign_up(full.shift, actor=one.actor)
        actions.sign_up(town.shift, actor=busy.actor)
        actions.give_back(full.shift, actor=first.actor)
        assert [full.state(one) for one in (busy, last)] == ["waiting", "going"]


def test_an_hour_on_two_lists_counts_once(town: Town) -> None:
    """They signed up for the first, and walked on to the other while it went on."""
    other, me, desk = beside(town, later=HOUR), town.member(), town.city.staff["dispatcher"]
    served(town, me, town.begins, town.ends)
    with clock.at(other.begins):
        actions.check_in(other.shift, actor=me.actor)
    with clock.at(other.ends):
        actions.check_out(other.shift, actor=me.actor)
        for one in (town, other):
            actions.close_shift(one.shift, actor=desk)
    assert selectors.minutes_of(me.uuid) == (other.ends - town.begins).total_seconds() / 60


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two colleagues confirm the lists on which one person stands."""

    @pytest.fixture
    def confirmed(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> Any:
        other, me = beside(town, later=timedelta()), town.member()
        desk = town.city.staff["dispatcher"]
        for one in (town, other):
            with clock.at(one.begins):
                actions.check_in(one.shift, actor=me.actor)
            with clock.at(one.ends):
                actions.check_out(one.shift, actor=me.actor)
        meeting(monkeypatch, (serving, "_counted"))

        def both() -> list[int]:
            at_once(*(
                at(town.ends, lambda one=one: actions.close_shift(one.shift, actor=desk))
                for one in (town, other)
            ))  # fmt: skip
            return sorted(Service.objects.values_list("minutes", flat=True))

        return both

    def test_of_one_hour_only_one_counts(self, confirmed: Any) -> None:
        assert confirmed() == [0, 120]

    def test_without_the_lock_both_would(
        self, confirmed: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(locks, "hold", lambda _name: None)
        assert confirmed() == [120, 120]

    @pytest.fixture
    def wanted_both(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> Any:
        other = beside(town, later=HOUR)
        with clock.at(cities.MONDAY):
            me: MemberInfo = town.member()
        meeting(monkeypatch, (taking_part, "_is_elsewhere"))

        def both() -> int:
            at_once(*(
                at(cities.MONDAY, lambda one=one: actions.sign_up(one.shift, actor=me.actor))
                for one in (town, other)
            ))  # fmt: skip
            return Service.objects.filter(state="going").count()

        return both

    def test_who_signs_up_for_two_at_one_time_has_one(self, wanted_both: Any) -> None:
        assert wanted_both() == 1

    def test_without_the_lock_they_would_have_two(
        self, wanted_both: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(locks, "hold", lambda _name: None)
        assert wanted_both() == 2
