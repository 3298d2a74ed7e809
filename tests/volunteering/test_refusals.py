"""What activities, lists and needs refuse, each by its own code, and what stays as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lingka.core import clock
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.volunteering import actions, rules, selectors
from lingka.volunteering.models import Activity, Need, Service, Shift
from tests.cases.city import City, names, refusal
from tests.volunteering.helping import Town, wanted
from tests.volunteering.test_needs import home, published
from tests.volunteering.test_organising import drafted

MINUTE = timedelta(minutes=1)


@contextmanager
def refused(code: str, status: int, field: str | None = None) -> Iterator[None]:
    """The body is a problem of this code and status, said beside this field."""
    with pytest.raises(Problem) as caught:
        yield
    assert (caught.value.code, caught.value.status, caught.value.field) == (code, status, field)


def told(name: str) -> list[dict[str, Any]]:
    return [one.data for one in Event.objects.filter(type=f"volunteering.{name}")]


# -- preparing ------------------------------------------------------------------------------


def test_an_activity_of_a_kind_that_nobody_knows_is_not_drafted(city: City) -> None:
    with refused("kind", 422, "kind"):
        actions.draft(home(city), wanted("spying"), actor=city.staff["dispatcher"])
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("field", "most"), [("title", rules.TITLE), ("text", rules.TEXT), ("where", rules.WHERE)]
)
def test_words_are_there_in_every_language_and_not_too_long(
    city: City, field: str, most: int
) -> None:
    desk = city.staff["dispatcher"]
    for language, words in (("bo", "  "), ("en", "x" * (most + 1))):
        said: Any = {field: names("灯") | {language: words}}
        with refused(field, 422, f"{field}_{language}"):
            actions.draft(home(city), replace(wanted(), **said), actor=desk)
    assert not Activity.objects.exists()
    longest: Any = {field: names("x" * most)}
    actions.draft(home(city), replace(wanted(), **longest), actor=desk)


def test_what_was_not_approved_yet_stays_a_draft_with_other_words(city: City) -> None:
    code = drafted(city)
    actions.change(code, wanted("care"), actor=city.staff["dispatcher"])
    found = selectors.prepared(code)
    assert found is not None
    assert (found.state, found.kind) == ("draft", "care")


def test_nobody_approves_what_takes_place_at_no_time(city: City) -> None:
    code = actions.draft(home(city), wanted(), actor=city.staff["dispatcher"])
    with refused("shifts", 409):
        actions.approve(code, actor=city.staff["supervisor"])
    assert Activity.objects.get().state == "draft"


def test_what_has_begun_is_not_cancelled(town: Town) -> None:
    one, desk = town.member(), town.city.staff["dispatcher"]
    actions.sign_up(town.shift, actor=one.actor)
    with clock.at(town.begins), refused("begun", 409):
        actions.cancel(town.code, "weather", actor=desk)
    assert (Activity.objects.get().state, town.state(one)) == ("published", "going")
    with clock.at(town.begins - MINUTE):
        actions.cancel(town.code, "weather", actor=desk)
    assert town.state(one) == "off"


def test_an_activity_that_is_not_there_is_not_prepared(city: City) -> None:
    with refused("no_activity", 404):
        actions.publish("NOTHERE", actor=city.staff["dispatcher"])


def test_nothing_more_is_done_with_what_was_cancelled(town: Town) -> None:
    desk = town.city.staff["dispatcher"]
    actions.cancel(town.code, "weather", actor=desk)
    with refused("cancelled", 409):
        actions.add_shift(town.code, town.begins, town.ends, 3, actor=desk)
    with refused("cancelled", 409):
        actions.change(town.code, wanted(), actor=desk)
    with refused("cancelled", 409):
        actions.cancel(town.code, "weather", actor=desk)
    assert (Shift.objects.count(), len(told("ActivityCancelled"))) == (1, 1)


# -- coming and going -----------------------------------------------------------------------


def listed(town: Town) -> UUID:
    """Somebody on the list with a place."""
    actions.sign_up(town.shift, actor=town.member().actor)
    return Service.objects.get().uuid


def test_whoever_did_not_come_cannot_leave(town: Town) -> None:
    one, other = town.member(), town.member(1)
    actions.sign_up(town.shift, actor=one.actor)
    with clock.at(town.begins):
        for who in (one, other):
            with refused("not_here", 409):
                actions.check_out(town.shift, actor=who.actor)
    assert [row.state for row in Service.objects.all()] == ["going"]


def test_of_leaving_twice_the_first_counts(town: Town) -> None:
    one = town.member()
    with clock.at(town.begins):
        actions.check_in(town.shift, actor=one.actor)
    for minutes in (30, 50):
        with clock.at(town.begins + minutes * MINUTE):
            assert actions.check_out(town.shift, actor=one.actor) == "gone"
    assert Service.objects.get().out_at == town.begins + 30 * MINUTE
    assert len(told("CheckedOut")) == 1


def test_the_list_enters_a_coming_once(town: Town) -> None:
    mine, desk = listed(town), town.city.staff["dispatcher"]
    with clock.at(town.begins):
        actions.put_here(mine, actor=desk)
        with refused("moved_on", 409):
            actions.put_here(mine, actor=desk)
    assert (Service.objects.get().state, len(told("CheckedIn"))) == ("here", 1)


def test_the_list_lets_nobody_go_who_did_not_come(town: Town) -> None:
    mine = listed(town)
    with clock.at(town.begins), refused("moved_on", 409):
        actions.put_gone(mine, actor=town.city.staff["dispatcher"])
    assert (Service.objects.get().state, told("CheckedOut")) == ("going", [])


def test_the_list_is_kept_by_the_areas_desk_alone(town: Town) -> None:
    mine = listed(town)
    for moment in (town.begins, town.begins - timedelta(days=1)):  # nor do others hear when
        with clock.at(moment), refusal("not_organiser"):
            actions.put_here(mine, actor=town.city.staff["handler"])
    assert Service.objects.get().state == "going"


def test_whoever_is_not_on_the_list_is_neither_entered_nor_settled(town: Town) -> None:
    desk = town.city.staff["dispatcher"]
    with clock.at(town.begins):
        for enter in (actions.put_here, actions.put_gone):
            with refused("no_service", 404):
                enter(uuid4(), actor=desk)
    with refused("no_service", 404):
        actions.settle(uuid4(), None, actor=desk)


def test_nobody_is_told_of_as_gone_who_left_lingka_while_there(town: Town) -> None:
    one = town.member()
    with clock.at(town.begins):
        actions.check_in(town.shift, actor=one.actor)
        actions.let_go(one.uuid)
        with refused("no_service", 404):
            actions.put_gone(Service.objects.get().uuid, actor=town.city.staff["dispatcher"])
    assert told("CheckedOut") == []


def test_hours_of_whoever_left_lingka_meanwhile_are_nobodys(town: Town) -> None:
    one = town.member()
    with clock.at(town.begins):
        actions.check_in(town.shift, actor=one.actor)
    with clock.at(town.begins + 60 * MINUTE):
        actions.check_out(town.shift, actor=one.actor)
        actions.let_go(one.uuid)
    with clock.at(town.ends):
        desk = town.city.staff["dispatcher"]
        assert actions.close_shift(town.shift, actor=desk) == (1, 0)
    row = Service.objects.get()
    assert (row.member, row.state, row.minutes) == (None, "served", 60)
    assert told("HoursConfirmed") == []


def test_there_is_no_place_at_a_time_that_is_not_there(town: Town) -> None:
    one = town.member()
    with refused("no_shift", 404):
        actions.sign_up(uuid4(), actor=one.actor)
    assert not Service.objects.exists()


def test_whoever_signs_off_while_reminders_go_out_is_not_reminded(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = town.member()
    actions.sign_up(town.shift, actor=one.actor)
    real = selectors.due_reminders

    def meanwhile(now: Any) -> list[UUID]:
        due = list(real(now))
        actions.give_back(town.shift, actor=one.actor)
        return due

    monkeypatch.setattr(selectors, "due_reminders", meanwhile)
    with clock.at(town.begins - 60 * MINUTE):
        assert actions.remind_due() == 1
    assert (Service.objects.get().reminded, told("PlaceNear")) == (False, [])


# -- needs ----------------------------------------------------------------------------------


def test_a_need_that_nobody_took_is_declined_but_not_done(city: City) -> None:
    need, desk = published(city), city.staff["dispatcher"]
    with refused("moved_on", 409):
        actions.end_need(need, "done", actor=desk)
    actions.end_need(need, "declined", actor=desk, why="不需要了")
    assert Need.objects.get().state == "declined"
    with refused("moved_on", 409):
        actions.end_need(need, "declined", actor=desk, why="不需要了")


def test_a_need_that_is_not_there_is_neither_picked_up_nor_ended(city: City) -> None:
    desk = city.staff["dispatcher"]
    with refused("no_need", 404):
        actions.pick_up(uuid4(), city.units["light"].pk, actor=desk)
    with refused("no_need", 404):
        actions.end_need(uuid4(), "declined", actor=desk, why="不需要了")
