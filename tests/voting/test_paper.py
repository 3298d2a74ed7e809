"""Paper that is handed out, entered, missing; and a vote that cannot be counted."""

from decimal import Decimal
from typing import Any

import pytest

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.voting import actions, selectors
from lingka.voting.actions import running
from tests.cases.city import City, problem, refusal
from tests.cases.conftest import city, monday
from tests.voting.hall import AFTER, AGAINST, FOR, close, counted, opened, people, seen

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db
TOLD = ("voting.PaperEntered", "voting.PaperCompared")


def test_ballots_that_are_missing_are_left_out_by_two(city: City) -> None:
    one, other = city.staff["dispatcher"], city.staff["supervisor"]
    vote = opened(city, rule="owners", members=False, sizes=[Decimal(90), Decimal(80)])
    with problem("state"):
        actions.leave_out(vote, actor=one)
    actions.hand_paper(vote, 1, actor=one)
    close(vote)
    for who in (one, SYSTEM):
        with problem("papers"):
            actions.count(vote, actor=who)
    with refusal("no_person"):
        actions.leave_out(vote, actor=SYSTEM)
    actions.leave_out(vote, actor=one)
    for who in (one, SYSTEM):
        with problem("papers"):
            actions.count(vote, actor=who)
    actions.count(vote, actor=other)
    assert seen(vote).state == "counted"
    told = Event.objects.filter(stream_id=vote, type="voting.PaperLeftOut").get()
    assert told.data == {"missing": 1}


def test_nothing_is_missing_where_every_ballot_is_entered(city: City) -> None:
    people(city, 3)
    for vote in (opened(city), opened(city, rule="hands", papers=1)):
        close(vote)
        with problem("not_missing"):
            actions.leave_out(vote, actor=city.staff["dispatcher"])


def test_of_paper_that_is_handed_out_an_event_tells_without_its_number(city: City) -> None:
    vote = opened(city, rule="owners", members=False, sizes=[Decimal(90), Decimal(80)])
    actions.hand_paper(vote, 2, actor=city.staff["dispatcher"])
    told = Event.objects.filter(stream_id=vote, type="voting.PaperHanded").get()
    assert (told.data, told.actor["id"]) == ({}, city.staff["dispatcher"].id)


def test_of_ballots_that_are_entered_and_compared_events_tell_neither_whose_nor_what(
    city: City,
) -> None:
    one, other = city.staff["dispatcher"], city.staff["supervisor"]
    vote = opened(city, rule="owners", members=False, sizes=[Decimal(90), Decimal(80)])
    actions.hand_paper(vote, 2, actor=one)
    for choice, right in ((FOR, False), (AGAINST, True)):
        actions.enter_paper(vote, 2, choice, actor=one)
        actions.confirm_paper(vote, 2, right=right, actor=other)
    told = Event.objects.filter(stream_id=vote, type__in=TOLD).order_by("sequence")
    assert [(event.type, event.data, event.actor["id"]) for event in told] == [
        ("voting.PaperEntered", {}, one.id), ("voting.PaperCompared", {"right": False}, other.id),
        ("voting.PaperEntered", {}, one.id), ("voting.PaperCompared", {"right": True}, other.id),
    ]  # fmt: skip


def test_what_is_refused_of_paper_leaves_no_event(city: City) -> None:
    one = city.staff["dispatcher"]
    vote = opened(city, rule="owners", members=False, sizes=[Decimal(90)])
    actions.hand_paper(vote, 1, actor=one)
    actions.enter_paper(vote, 1, FOR, actor=one)
    with problem("entered"):
        actions.enter_paper(vote, 1, AGAINST, actor=one)
    with refusal("own_entry"):
        actions.confirm_paper(vote, 1, right=True, actor=one)
    assert Event.objects.filter(stream_id=vote, type__in=TOLD).count() == 1


def test_an_owners_vote_shows_its_ballots_to_its_desk_once_it_is_counted(city: City) -> None:
    one, other = city.staff["dispatcher"], city.staff["supervisor"]
    vote = opened(city, rule="owners", members=False, sizes=[Decimal(90)])
    actions.hand_paper(vote, 1, actor=one)
    actions.enter_paper(vote, 1, FOR, actor=one)
    actions.confirm_paper(vote, 1, right=True, actor=other)
    assert selectors.flats(vote) == []
    counted(vote)
    assert [(flat.number, flat.choice) for flat in selectors.flats(vote)] == [(1, FOR)]
    people(city, 1)
    hands = opened(city, rule="hands")
    assert selectors.flats(hands) == []


def test_one_vote_that_cannot_be_counted_holds_no_other_up(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(city, 3)
    bad, good = opened(city), opened(city)
    tally = running.count

    def breaks(uuid: Any, **given: Any) -> None:
        if uuid == bad:
            raise KeyError(7)
        tally(uuid, **given)

    monkeypatch.setattr(running, "count", breaks)
    with clock.at(AFTER):
        assert actions.close_due() == 2
    assert [seen(one).state for one in (bad, good)] == ["closed", "counted"]
