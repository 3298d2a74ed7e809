"""Nothing joins a ballot to its voter: no column, no event, no order, no transaction's number."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.members.models import Member
from lingka.voting import actions, tasks
from lingka.voting.actions import running
from lingka.voting.models import Ballot, Vote
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, names
from tests.voting.hall import AFTER, AGAINST, BLANK, FOR, cast, close, heads, opened, people, seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live() -> Iterator[City]:
    """Committed: each ballot is a transaction of its own, as it is for a town."""
    with clock.at(MONDAY):
        yield cities.build()


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def everything() -> dict[str, list[tuple[str, str, str]]]:
    """Every row of every table as text, in the order in which a backup would read it."""
    tables = rows(
        "SELECT quote_ident(table_name) FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
    )
    return {
        name: rows(f"SELECT xmin::text, ctid::text, one::text FROM {name} one")
        for (name,) in tables
    }


def test_a_ballot_has_no_column_that_a_voter_has_nor_any_time(live: City) -> None:
    columns = rows(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_name IN ('voting_ballot', 'voting_voter')"
    )
    ballot = {name: kind for table, name, kind in columns if table == "voting_ballot"}
    assert ballot == {"id": "uuid", "vote_id": "bigint", "sealed": "bytea"}
    assert not [name for _table, name, kind in columns if kind.startswith("timestamp")]
    assert not rows(
        "SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = 'voting_ballot'::regclass"
    )


def test_while_a_vote_runs_the_box_shows_neither_choices_nor_when_they_were_made(
    live: City, caplog: pytest.LogCaptureFixture
) -> None:
    voters = people(live, 6)
    vote = opened(live)
    before = Event.objects.count()
    with caplog.at_level(logging.DEBUG, logger="lingka"):
        cast(vote, *[(one, place % 2) for place, one in enumerate(voters[:5])], (voters[5], BLANK))
    sealed = [bytes(one.sealed) for one in Ballot.objects.all()]
    assert {len(one) for one in sealed} == {29}
    assert len(set(sealed)) == len(sealed)
    assert Event.objects.count() == before
    assert caplog.records == []


def world(live: City, voters: list[Member], choices: list[int]) -> UUID:
    vote = opened(live)
    cast(vote, *zip(voters, choices, strict=True))
    close(vote)
    actions.count(vote, actor=SYSTEM)
    return vote


def test_once_counted_no_row_of_any_table_differs_by_who_chose_what(live: City) -> None:
    """Of two votes, alike but for who chose what, are compared: the sums, and of each roll the
    transaction and all that a row says beside id, number and member. And no ballot and no key is
    left, and no table but those of members and rolls names a voter."""
    voters = people(live, 6)
    one = world(live, voters, [FOR, FOR, FOR, FOR, AGAINST, BLANK])
    other = world(live, voters, [AGAINST, BLANK, FOR, FOR, FOR, FOR])
    assert heads(seen(one).result or {}) == heads(seen(other).result or {})
    assert everything()["voting_ballot"] == []
    assert not Vote.objects.filter(key__isnull=False).exists()
    for vote in (one, other):
        roll = rows(
            "SELECT voter.xmin::text, voter.voted, voter.size FROM voting_voter voter"
            f" JOIN voting_vote vote ON vote.id = voter.vote_id WHERE vote.uuid = '{vote}'"
        )
        assert len(set(roll)) == 1  # one transaction wrote them all, and they say the same
    mentioning = {
        name for name, held in everything().items()
        for _xmin, _ctid, text in held if any(str(voter.uuid) in text for voter in voters)
    }  # fmt: skip
    assert mentioning == {"members_member", "voting_voter"}


def test_events_of_a_vote_are_the_same_whoever_chose_what(live: City) -> None:
    voters = people(live, 6)
    told = [
        [
            (row.type, row.actor, {k: v for k, v in row.data.items() if k != "hash"})
            for row in Event.objects.filter(stream_id=world(live, voters, choices))
        ]
        for choices in ([FOR] * 4 + [AGAINST] * 2, [AGAINST] * 2 + [FOR] * 4)
    ]
    assert told[0] == told[1]


def test_the_order_of_the_roll_is_drawn_by_lot_and_not_that_of_voting(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    voters = people(live, 8)
    vote = opened(live)
    cast(vote, *[(one, FOR) for one in voters])
    drawn: list[Any] = []

    def backwards(ids: list[Any]) -> None:
        drawn.extend(sorted(ids, reverse=True))
        ids[:] = drawn

    monkeypatch.setattr(running.LOT, "shuffle", backwards)
    close(vote)
    # By the command that wrote each: where it then lies depends on what space was free just then.
    assert [one for (one,) in rows("SELECT id FROM voting_voter ORDER BY cmin::text::int")] == drawn
    assert len(set(rows("SELECT xmin::text FROM voting_voter"))) == 1


def test_the_roll_of_a_vote_that_is_cancelled_is_written_anew_too(live: City) -> None:
    voters = people(live, 4)
    vote = opened(live)
    cast(vote, *[(one, FOR) for one in voters])
    actions.cancel(vote, names("不问了。"), actor=SYSTEM)
    assert len(set(rows("SELECT xmin::text FROM voting_voter"))) == 1


def test_every_hour_old_versions_of_rows_go_whoever_closed_the_vote(live: City) -> None:
    people(live, 3)
    vote = opened(live)
    with clock.at(AFTER), CaptureQueriesContext(connection) as ran:
        tasks.sweep(0)
        tasks.sweep(0)
    assert seen(vote).state == "counted"
    assert [one["sql"] for one in ran if one["sql"].startswith("VACUUM")] == [tasks.SWEPT] * 2


def test_without_writing_it_anew_the_roll_would_tell_who_voted_when(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(running, "_write_anew", lambda _row: None)
    voters = people(live, 6)
    vote = opened(live)
    cast(vote, *[(one, FOR) for one in voters])
    close(vote)
    assert len(set(rows("SELECT xmin::text FROM voting_voter"))) == len(voters)
