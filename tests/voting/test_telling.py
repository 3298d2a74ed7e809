"""Who asked to be told of votes is: when one opens, before it ends, and of its result."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.members import actions as members
from lingka.notifications import sending
from lingka.ops import erasures
from lingka.voting import actions, selectors, tasks
from lingka.voting.models import Follower
from tests.cases.city import MONDAY, City, refusal
from tests.cases.conftest import city, monday
from tests.members.people import Joined, hear, joined
from tests.points.test_mine import browser_of, said
from tests.voting.hall import AFTER, END, FOR, opened, people

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db
DAY_BEFORE = END - timedelta(hours=20)


def one_who(city: City, number: int) -> Joined:
    return joined(city.grid.parent_id or 0, f"v{number}@example.org", f"云{number}")


@pytest.fixture
def asked(city: City) -> list[Joined]:
    """Two who asked to be told, beside others who did not."""
    people(city, 3)
    found = [one_who(city, number) for number in range(3)]
    for one in found[:2]:
        actions.follow(actor=one.info.actor)
    return found


def sent() -> list[str]:
    hear("notifications.votes")
    sending.send_some()
    found = sorted(f"{one.to[0]}: {one.body}" for one in mail.outbox)
    mail.outbox.clear()
    return found


def test_who_asked_is_told_of_the_opening_the_end_and_the_result(
    city: City, asked: list[Joined]
) -> None:
    vote = opened(city)
    told = sent()
    assert [one.partition("：")[0] for one in told] == [
        "v0@example.org: 请您投票", "v1@example.org: 请您投票",
    ]  # fmt: skip
    assert f"/votes/{vote}/" in told[0]
    actions.cast(vote, FOR, actor=asked[0].info.actor)
    with clock.at(DAY_BEFORE):
        assert actions.tell_near() == 1
        assert actions.tell_near() == 0
        # Also who has voted: a list of those who have not would lie in the messages.
        assert [one.partition("：")[0] for one in sent()] == [
            "v0@example.org: 投票快结束了", "v1@example.org: 投票快结束了",
        ]  # fmt: skip
    assert Event.objects.get(type="voting.VoteNear").data == {"closes_at": END.isoformat()}
    with clock.at(AFTER):
        tasks.close(0)
        assert [one.partition("，")[0] for one in sent()] == [
            "v0@example.org: 计好票了", "v1@example.org: 计好票了",
        ]  # fmt: skip


def test_of_a_vote_that_is_over_or_short_nobody_is_told_that_it_ends(
    city: City, asked: list[Joined]
) -> None:
    del asked
    short = opened(city, closes_at=MONDAY + timedelta(hours=20))
    sent()
    with clock.at(MONDAY + timedelta(hours=1)):
        assert actions.tell_near() == 0
    vote = opened(city)
    actions.cancel(short, dict.fromkeys(("zh-hans", "bo", "en"), "x"), actor=SYSTEM)
    with clock.at(DAY_BEFORE):
        actions.tell_near()
    with clock.at(AFTER):
        assert sent() == []  # the news came late
    assert selectors.vote(vote) is not None


def test_who_takes_it_back_or_leaves_is_told_nothing(
    city: City, asked: list[Joined], tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    actions.unfollow(actor=asked[0].info.actor)
    kept = Follower.objects.get()
    members.leave(actor=asked[1].info.actor)
    hear("voting.let-go")
    assert not Follower.objects.exists()
    erasures.keep()
    kept.save(force_insert=True)  # as an older copy has it
    erasures.apply()
    opened(city)
    assert sent() == []
    assert not Follower.objects.exists()


def test_only_who_takes_part_asks_to_be_told(city: City) -> None:
    del city
    for deed in (actions.follow, actions.unfollow):
        with refusal("no_member"):
            deed(actor=SYSTEM)


def test_one_asks_and_takes_it_back_on_one_s_own_page(city: City) -> None:
    me = one_who(city, 1)
    phone = browser_of(me)
    assert "Tell me of votes" in said(phone.get("/me/"))
    phone.post("/votes/follow", {"do": "follow"})
    assert selectors.follows(me.info.uuid)
    assert "Told of votes" in said(phone.get("/me/kept/"))
    assert "Tell me no more" in said(phone.get("/me/"))
    phone.post("/votes/follow", {"do": "stop"})
    assert not selectors.follows(me.info.uuid)
