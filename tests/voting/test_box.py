"""A box that does not hold what it should is said, and holds no other vote up."""

import pytest

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.voting import actions, box
from lingka.voting.models import Ballot, Vote
from tests.cases.city import City, problem
from tests.cases.conftest import city, monday
from tests.voting.hall import AFTER, FOR, cast, close, opened, people, run, seen, unguarded

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db


def test_a_ballot_that_was_stuffed_in_is_found_at_closing(city: City) -> None:
    voters = people(city, 3)
    vote = opened(city)
    cast(vote, (voters[0], FOR))
    row = Vote.objects.get(uuid=vote)
    stuffed = box.put(bytes(row.key or b""), vote, FOR)
    Ballot.objects.create(vote=row, sealed=stuffed)
    with problem("box"):
        close(vote)
    other = opened(city)
    with clock.at(AFTER):
        assert actions.close_due() == 1  # the one does not keep the other from its end
    assert [seen(one).state for one in (vote, other)] == ["open", "counted"]
    run("UPDATE voting_voter SET voted = 'online' WHERE id = (SELECT id FROM voting_voter"
        f" WHERE voted = '' AND vote_id = {row.pk} LIMIT 1)")  # fmt: skip
    close(vote)
    Ballot.objects.filter(vote=row).first().delete()  # type: ignore[union-attr]
    with problem("box"):
        actions.count(vote, actor=SYSTEM)


def test_a_ballot_that_no_key_opens_is_said_and_nothing_counted(city: City) -> None:
    voters = people(city, 3)
    vote = opened(city)
    cast(vote, (voters[0], FOR))
    with unguarded():
        Ballot.objects.update(sealed=bytes(29))
    close(vote)
    with problem("box"):
        actions.count(vote, actor=SYSTEM)
    assert seen(vote).state == "closed"
