"""What joining, workplaces and codes refuse, each by its own code, and what stays as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.members import actions, rules, selectors
from lingka.members.actions import joining
from lingka.members.models import Code, Member, Reach, Workplace
from lingka.units import selectors as units
from lingka.units.models import Unit
from tests.cases.city import MONDAY, City
from tests.members.people import OFFER, joined, proved

PHONE, MAIL = "13900001111", "pema@example.org"


@contextmanager
def refused(code: str, status: int, field: str | None = None) -> Iterator[None]:
    """The body is a problem of this code and status, said beside this field."""
    with pytest.raises(Problem) as caught:
        yield
    assert (caught.value.code, caught.value.status, caught.value.field) == (code, status, field)


# -- workplaces -----------------------------------------------------------------------------


def test_a_workplace_checks_in_with_communities_alone(city: City) -> None:
    with refused("area", 422, "area"):
        actions.check_in(city.units["light"].pk, city.street.pk, actor=SYSTEM, **OFFER)
    assert not Workplace.objects.exists()


def test_a_unit_that_is_no_longer_at_work_checks_in_nowhere(city: City, home: int) -> None:
    bank = city.units["light"].pk
    Unit.objects.filter(pk=bank).update(active=False)
    units.forget()
    with refused("unit", 422, "unit"):
        actions.check_in(bank, home, actor=city.staff["dispatcher"], **OFFER)
    assert not Workplace.objects.exists()


def test_a_check_in_by_the_system_counts_at_once(city: City, home: int) -> None:
    bank = city.units["light"].pk
    actions.check_in(bank, home, actor=SYSTEM, **OFFER)
    assert selectors.workplace_choices(home) == [(bank, "light")]


def test_what_is_off_the_list_is_neither_confirmed_nor_ended_again(city: City, home: int) -> None:
    desk = city.staff["dispatcher"]
    made = actions.check_in(city.units["light"].pk, home, actor=desk, **OFFER)
    actions.end(made, actor=desk)
    for do in (actions.confirm, actions.end):
        for uuid in (made, uuid4()):
            with refused("no_workplace", 404):
                do(uuid, actor=desk)


# -- joining and what is kept ---------------------------------------------------------------


def test_whoever_takes_too_long_to_join_begins_again(home: int) -> None:
    token, _key = proved(PHONE)
    with clock.at(MONDAY + rules.to_join()), refused("over", 409):
        actions.join(token, name="云雀", area=home, language="en")
    assert not Member.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * (rules.NAME_LENGTH + 1)])
def test_a_name_has_some_signs_and_not_too_many(home: int, name: str) -> None:
    token, _key = proved(PHONE)
    with refused("name", 422, "name"):
        actions.join(token, name=name, area=home, language="en")
    assert not Member.objects.exists()


def test_a_correction_that_corrects_nothing_is_none(home: int) -> None:
    one = joined(home, PHONE, name="云雀")
    before = Event.objects.count()
    assert actions.correct(actor=one.info.actor, name="云雀", area=home) == []
    assert Event.objects.count() == before


def test_another_language_leaves_the_name_as_it_is_kept(home: int) -> None:
    one = joined(home, PHONE, name="云雀")
    assert actions.correct(actor=one.info.actor, language="bo") == ["language"]
    after = selectors.member(one.info.uuid)
    assert after is not None
    assert (after.name_id, after.language) == (one.info.name_id, "bo")


class Meanwhile:
    """In place of `transaction`: something happens just before one begins."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self.do = do

    def atomic(self) -> Any:
        self.do()
        return transaction.atomic()


def test_whoever_leaves_while_warnings_go_out_is_not_warned(
    home: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = joined(home, PHONE)
    leaving = Meanwhile(lambda: actions.leave(actor=one.info.actor))
    with clock.at(MONDAY + rules.inactive()):
        monkeypatch.setattr(joining, "transaction", leaving)
        actions.warn_inactive()
    assert not Event.objects.filter(type="members.MemberWarned").exists()
    assert Member.objects.get().warned_on is None


def test_whoever_comes_by_at_the_last_moment_stays(
    home: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = joined(home, PHONE)
    later = MONDAY + rules.inactive()
    with clock.at(later):
        actions.warn_inactive()
    number = Member.objects.get().pk
    monkeypatch.setattr(joining, "transaction", Meanwhile(lambda: actions.visited(number)))
    with clock.at(later + rules.notice() + timedelta(days=1)):
        actions.lapse()
    assert selectors.member(one.info.uuid) is not None


# -- codes and addresses --------------------------------------------------------------------


def test_a_code_is_sent_once_and_never_when_it_is_too_old(city: City) -> None:
    actions.ask(MAIL, language="en", source="a")
    code = Code.objects.get().pk
    with clock.at(MONDAY + rules.code_lives()):
        assert not actions.send(code)
    assert actions.send(code)
    assert not actions.send(code)
    assert len(mail.outbox) == 1


def test_an_address_sealed_anew_is_read_as_before(home: int) -> None:
    one = joined(home, PHONE)
    sealed, before = bytes(Reach.objects.get().sealed), actions.read_for_sending(one.info.uuid)
    assert before is not None
    assert actions.reseal_reaches() == 1
    assert bytes(Reach.objects.get().sealed) != sealed
    assert actions.read_for_sending(one.info.uuid) == before
