"""Times at a counter: no more than it holds, without an account, and erasable."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.core import clock, events
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.counter import actions, rules, selectors
from lingka.counter.models import Appointment, Window
from lingka.counter.selectors import WindowInfo
from lingka.guides import selectors as guides
from tests.cases import city as cities
from tests.cases.city import MONDAY, RESIDENT, City, names, problem
from tests.cases.test_concurrency import at_once
from tests.counter.conftest import set_up

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"
HALF = dt.timedelta(minutes=30)


def book(window: WindowInfo, at: dt.datetime, **more: Any) -> actions.Booked:
    given = {"actor": RESIDENT, "idempotency_key": uuid7(), "guide": "residence-permit"}
    return actions.book(window.uuid, at, **(given | more))


def first(window: WindowInfo) -> dt.datetime:
    return selectors.free_days(window)[0][1][0]


def test_whole_slots_only_fit_into_the_hours() -> None:
    day = dt.date(2026, 11, 16)
    hours = [("09:30", "10:40"), ("15:30", "16:00")]
    found = rules.slots(day, hours, 30, ZONE)
    assert [f"{at:%H:%M}" for at in found] == ["09:30", "10:00", "15:30"]


def test_times_lie_ahead_in_the_unit_s_hours(office: WindowInfo) -> None:
    day, times = selectors.free_days(office)[0]
    assert (day, f"{times[0]:%H:%M}", f"{times[-1]:%H:%M}") == (
        dt.date(2026, 11, 16), "10:00", "18:00",
    )  # fmt: skip
    assert dt.date(2026, 11, 21) not in dict(selectors.free_days(office))  # a Saturday


def test_a_taken_time_is_offered_no_more(office: WindowInfo) -> None:
    at = first(office)
    book(office, at)
    assert first(office) == at + HALF
    with problem("slot_full") as _:
        book(office, at)


def test_who_comes_second_is_offered_the_next(office: WindowInfo) -> None:
    at = first(office)
    book(office, at)
    with pytest.raises(actions.Problem) as refused:
        book(office, at)
    assert refused.value.extra["next"] == at + HALF


def test_a_window_for_two_takes_two(city: City) -> None:
    wide = set_up(city, capacity=2)
    at = first(wide)
    book(wide, at)
    book(wide, at)
    with problem("slot_full"):
        book(wide, at)


def resize(city: City, window: WindowInfo, minutes: int, capacity: int = 1) -> WindowInfo:
    kept = {"name": names("窗口"), "unit": city.units["office"].pk}
    actions.set_window(window.uuid, actor=SYSTEM, slot_minutes=minutes, capacity=capacity, **kept)
    found = selectors.window(window.uuid)
    assert found is not None
    return found


@pytest.mark.parametrize(("old", "new"), [(30, 20), (20, 30), (60, 15), (15, 60)])
def test_after_the_minutes_changed_no_time_lies_across_one_already_given(
    city: City, old: int, new: int
) -> None:
    window = set_up(city, slot_minutes=old)
    for at in selectors.free_days(window)[0][1][1:4:2]:
        book(window, at)
    window = resize(city, window, new)
    for at in selectors.times(window, MONDAY.date()):
        with suppress(actions.Problem):
            book(window, at)
    given = list(Appointment.objects.order_by("starts_at").values_list("starts_at", "ends_at"))
    assert all(ends <= begins for (_, ends), (begins, _) in pairwise(given))
    lasts = dt.timedelta(minutes=new)
    left = [at for at in selectors.times(window, MONDAY.date())
            if not any(at < ends and at + lasts > begins for begins, ends in given)]  # fmt: skip
    assert left == []  # and whatever fits between was given out


def test_times_that_follow_each_other_take_one_place_of_a_longer_one(city: City) -> None:
    window = set_up(city, slot_minutes=15, capacity=2)
    for at in selectors.free_days(window)[0][1][:4]:
        book(window, at)
    longer = resize(city, window, 60, capacity=2)
    at = first(longer)
    book(longer, at)
    with problem("slot_full"):
        book(longer, at)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=12),
    st.integers(1, 8), st.integers(1, 3),
)  # fmt: skip
@settings(max_examples=25)
def test_a_time_is_free_exactly_where_no_moment_of_it_is_full(
    taken: list[tuple[int, int]], minutes: int, capacity: int
) -> None:
    def at(minute: int) -> dt.datetime:
        return MONDAY + dt.timedelta(minutes=minute)

    times = [at(minute) for minute in range(25)]
    spans = sorted((at(begins), at(begins + lasts)) for begins, lasts in taken)
    full = {
        minute for minute in range(40)
        if sum(begins <= minute < begins + lasts for begins, lasts in taken) >= capacity
    }  # fmt: skip
    free = [at(one) for one in range(25) if not full & set(range(one, one + minutes))]
    assert rules.free(times, minutes, spans, capacity) == free


def test_the_same_form_sent_twice_is_one_place(office: WindowInfo) -> None:
    key, at = uuid7(), first(office)
    assert book(office, at, idempotency_key=key) == book(office, at, idempotency_key=key)
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("shift", [dt.timedelta(minutes=7), dt.timedelta(days=-1),
                                   dt.timedelta(days=40), dt.timedelta(hours=12)])  # fmt: skip
def test_a_time_that_is_not_offered_is_not_given(office: WindowInfo, shift: dt.timedelta) -> None:
    with problem("no_slot"):
        book(office, first(office) + shift)


def test_an_unknown_guide_and_a_closed_window_give_no_time(city: City, office: WindowInfo) -> None:
    at = first(office)
    with problem("unknown_guide"):
        book(office, at, guide="nothing")
    kept = {"name": names("窗口"), "unit": city.units["office"].pk, "slot_minutes": 30}
    actions.set_window(office.uuid, actor=SYSTEM, capacity=1, is_open=False, **kept)
    with problem("unknown_window"):
        book(office, at)
    with problem("unknown_window"):
        actions.set_window(uuid7(), actor=SYSTEM, capacity=1, **kept)


def test_taken_back_nothing_is_kept_and_the_time_is_free(office: WindowInfo) -> None:
    at = first(office)
    booked = book(office, at)
    actions.take_back(booked.token, actor=RESIDENT)
    actions.take_back(booked.token, actor=RESIDENT)  # once more does no harm
    assert not Appointment.objects.exists()
    assert first(office) == at


def test_what_was_used_cannot_be_taken_back(city: City, office: WindowInfo) -> None:
    booked = book(office, first(office))
    actions.move(booked.uuid, "arrived", actor=city.staff["dispatcher"])
    with problem("used"):
        actions.take_back(booked.token, actor=RESIDENT)


def test_an_appointment_is_found_by_token_and_by_code_only(office: WindowInfo) -> None:
    booked = book(office, first(office))
    found = selectors.visit_by_token(booked.token)
    assert found is not None
    assert found == selectors.visit_by_code(booked.code) == selectors.visit(booked.uuid)
    assert selectors.visit_by_token("a" * 32) is None


def test_the_log_says_when_and_never_who_or_what_for(office: WindowInfo) -> None:
    booked = book(office, first(office))
    (told,) = events.history(booked.uuid)
    assert set(vars(told.data)) == {"state", "window", "starts_at"}


def test_the_counter_says_who_arrived_and_who_did_not(city: City, office: WindowInfo) -> None:
    booked = book(office, first(office))
    actions.move(booked.uuid, "missed", actor=city.staff["dispatcher"])
    actions.move(booked.uuid, "arrived", actor=city.staff["dispatcher"])  # late after all
    with problem("stale"):
        actions.move(booked.uuid, "missed", actor=city.staff["dispatcher"])
    with problem("unknown_state"):
        actions.move(booked.uuid, "booked", actor=city.staff["dispatcher"])
    with problem("unknown_appointment"):
        actions.move(uuid7(), "arrived", actor=city.staff["dispatcher"])


def test_nobody_is_missed_before_their_time(city: City, office: WindowInfo) -> None:
    booked = book(office, first(office) + HALF)
    with problem("too_early"):
        actions.move(booked.uuid, "missed", actor=city.staff["dispatcher"])


def test_one_form_sent_for_two_times_gets_the_first(office: WindowInfo) -> None:
    key, at = uuid7(), first(office)
    book(office, at, idempotency_key=key)
    with problem("key_reused"):
        book(office, at + HALF, idempotency_key=key)


def test_only_a_desk_serves_and_only_administrators_set_up(city: City, office: WindowInfo) -> None:
    booked = book(office, first(office))
    for who in (city.staff["handler"], RESIDENT):
        with pytest.raises(PermissionRefused):
            actions.move(booked.uuid, "arrived", actor=who)
    for who in (city.staff["dispatcher"], Actor("resident")):
        with pytest.raises(PermissionRefused):
            actions.set_window(
                None, actor=who, name=names("窗口"), unit=office.unit_id, slot_minutes=30,
                capacity=1,
            )  # fmt: skip


def test_a_week_later_nobody_knows_that_somebody_came(office: WindowInfo) -> None:
    book(office, first(office))
    assert actions.forget_past() == 0
    with clock.at(MONDAY + dt.timedelta(days=8)):
        assert actions.forget_past() == 1


def test_a_desk_sees_its_own_windows_or_those_around_it(city: City, office: WindowInfo) -> None:
    from lingka.accounts.selectors import posts_of

    def seen(who: str) -> list[WindowInfo]:
        return selectors.windows_of(posts_of(city.staff[who].id or 0))

    hall = set_up(city, unit=city.units["hall"].pk)
    assert seen("dispatcher") == [office]
    assert seen("chief") == [hall, office]
    Window.objects.filter(uuid=office.uuid).delete()
    assert seen("dispatcher") == [hall]


def test_without_a_free_time_none_is_next(office: WindowInfo, monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "AHEAD", dt.timedelta(minutes=-1))
    assert selectors.next_free(office, MONDAY) is None


class TestTwoAtOnce:
    @pytest.fixture
    def last(self, transactional_db: None) -> Iterator[tuple[WindowInfo, dt.datetime]]:
        """A window committed, and a time that holds one more."""
        guides.forget()
        with clock.at(MONDAY):
            window = set_up(cities.build())
            guides.guides()  # read before the race, that both begin alike
            yield window, first(window)

    def race(self, last: tuple[WindowInfo, dt.datetime]) -> list[Any]:
        return at_once(*[lambda: book(*last, guide="")] * 2)

    def test_one_gets_the_last_place_and_the_other_the_next_time(
        self, last: tuple[WindowInfo, dt.datetime]
    ) -> None:
        results = self.race(last)
        (got,) = [one for one in results if isinstance(one, actions.Booked)]
        (told,) = [one for one in results if isinstance(one, actions.Problem)]
        assert selectors.visit(got.uuid) is not None
        assert (told.code, told.extra["next"]) == ("slot_full", last[1] + HALF)

    def test_without_the_lock_both_get_it(
        self, last: tuple[WindowInfo, dt.datetime], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: the same without the lock, both having counted before either takes."""
        both = threading.Barrier(2)
        checked = actions._must_be_free

        def counted(row: Window, at: dt.datetime) -> None:
            checked(row, at)
            both.wait(10)

        monkeypatch.setattr(actions, "_locked", lambda uuid: Window.objects.get(uuid=uuid))
        monkeypatch.setattr(actions, "_must_be_free", counted)
        results = self.race(last)
        assert [type(one) for one in results] == [actions.Booked] * 2
