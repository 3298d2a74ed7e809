"""Who has all tables, a backup and the keys does not find whose ballot is whose."""

import logging
import random
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.members.models import Member
from lingka.ops import backup
from lingka.voting import actions
from lingka.voting.actions import casting, running
from lingka.voting.models import Ballot, Voter
from tests.cases import city as cities
from tests.cases.city import MONDAY, City
from tests.members.people import joined
from tests.points.test_mine import browser_of
from tests.voting import thief
from tests.voting.hall import AGAINST, BLANK, FOR, cast, close, opened, people

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = 40
CHOICES = [FOR] * 18 + [AGAINST] * 18 + [BLANK] * 4


@pytest.fixture
def live() -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


def held(live: City) -> tuple[UUID, dict[str, str]]:
    """Forty vote, a second after each other, in an order of which nothing else knows; one more
    takes a paper, so that the box waits for its count. Returns whose ballot is whose."""
    voters = people(live, VOTERS)
    random.Random(7).shuffle(voters)
    vote = opened(live, papers=1)
    actions.hand_paper(vote, Voter.objects.get(vote__uuid=vote, member=None).number, actor=SYSTEM)
    pairs, before = dict[str, str](), set[UUID]()
    for second, (one, choice) in enumerate(zip(voters, CHOICES, strict=True)):
        with clock.at(MONDAY + timedelta(seconds=second)):
            cast(vote, (one, choice))
        now = set(Ballot.objects.values_list("id", flat=True))
        (mine,) = now - before
        pairs[str(Voter.objects.get(vote__uuid=vote, member=one.uuid).id)] = str(mine)
        before = now
    return vote, pairs


def found(tables: thief.Tables, pairs: dict[str, str]) -> list[str]:
    """What the thief joins a voter and the ballot by, or puts them into one order by."""
    return thief.betrayed(
        thief.known(tables, "voting_voter", list(pairs)),
        thief.known(tables, "voting_ballot", list(pairs.values())),
    )


def test_a_box_that_waits_for_its_count_cannot_be_joined_to_the_roll(
    live: City, tmp_path: Path, settings: Any
) -> None:
    """Not by equal values in any two columns, nor by the order of any: of rows, numbers, times or
    transactions; neither in the tables themselves nor in our own backup of them."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    vote, pairs = held(live)
    close(vote)
    assert found(thief.live(), pairs) == []
    assert backup.backup(tmp_path / "copy") == 0
    copied = thief.from_backup(tmp_path / "copy")
    assert len(copied["voting_ballot"]) == VOTERS
    assert found(copied, pairs) == []


def test_once_counted_no_column_of_any_table_goes_with_what_was_chosen(live: City) -> None:
    vote, pairs = held(live)
    close(vote)
    for colleague in (live.staff["dispatcher"], live.staff["supervisor"]):
        actions.count_papers(vote, [1, 0, 0, 0], actor=colleague)
    actions.count(vote, actor=SYSTEM)
    tables = thief.live()
    assert tables["voting_ballot"] == []
    chosen: thief.Facts = {"choice": [str(one) for one in CHOICES]}
    assert thief.betrayed(thief.known(tables, "voting_voter", list(pairs)), chosen) == []


def test_while_a_vote_runs_the_thief_reaches_sealed_bytes_by_the_transaction(live: City) -> None:
    """A control, and the limit that docs/voting.md states."""
    _vote, pairs = held(live)
    assert "xmin ~ xmin" in found(thief.live(), pairs)


def test_a_roll_that_is_not_written_anew_would_give_everybody_away(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: rows in the order of voting, under the numbers of their transactions."""
    monkeypatch.setattr(running, "_write_anew", lambda _row: None)
    vote, pairs = held(live)
    close(vote)
    assert {"xmin ~ xmin", "xmin ~ ctid"} <= set(found(thief.live(), pairs))


def test_the_moment_at_which_somebody_last_came_by_would_give_them_away(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: a time that another table keeps of the voter is enough, since ballots lie in the
    order in which they came."""
    mark = casting._mark

    def noting(voter: Voter, how: str) -> None:
        mark(voter, how)
        Member.objects.filter(uuid=voter.member).update(consented_at=clock.now())

    monkeypatch.setattr(casting, "_mark", noting)
    vote, pairs = held(live)
    close(vote)
    assert "member > members_member.uuid > consented_at ~ place" in found(thief.live(), pairs)


@pytest.mark.parametrize(("apart", "told"), [(4, []), (5, ["one ~ other"])])
def test_what_sets_only_a_few_apart_is_left_to_luck(apart: int, told: list[str]) -> None:
    columns = [[first] * apart + [second] * (VOTERS - apart) for first, second in ("12", "34")]
    assert thief.betrayed({"one": columns[0]}, {"other": columns[1]}) == told


def test_the_log_of_a_vote_says_the_same_whoever_chose_what(
    live: City, caplog: pytest.LogCaptureFixture
) -> None:
    """Of each request that it is one, to some vote: no name, number, address, vote or choice."""
    people(live, 3)
    vote, told = opened(live), []
    for number, choice in (("13900001111", "0"), ("13900002222", "1")):
        somebody = joined(live.grid.parent_id or 0, number)
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            browser_of(somebody).post(f"/votes/{vote}/", {"choice": choice, "sure": "1"})
        said = " ".join(str(one.msg) for one in caplog.records if one.name.startswith("lingka"))
        told.append(re.sub(r"[0-9.]+", "0", said))
        assert "votes/<uuid:uuid>/" in said
        assert not [one for one in (str(vote), str(somebody.info.uuid), number) if one in said]
    assert told[0] == told[1]
