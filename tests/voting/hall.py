"""Short ways to votes and to those who vote, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.members.models import Member
from lingka.voting import actions, rules, selectors
from lingka.voting.actions import Draft
from lingka.voting.selectors import VoteInfo
from tests.cases.city import MONDAY, City, names

END = MONDAY + timedelta(days=7)
AFTER = END + timedelta(minutes=1)
BENCH = names("东头装两条长椅吗？")
FOR, AGAINST, BLANK, INVALID = 0, 1, rules.BLANK, rules.INVALID


def people(city: City, number: int) -> list[Member]:
    """So many who take part in the city's community."""
    return Member.objects.bulk_create(
        Member(
            uuid=uuid4(), area_id=city.grid.parent_id, name=uuid4(), language="zh-hans",
            consent="1", consented_at=MONDAY, joined_at=MONDAY, month=MONDAY.date().replace(day=1),
        ) for _one in range(number)
    )  # fmt: skip


def actor(member: Member) -> Actor:
    return Actor("member", member.pk)


def draft(city: City, **more: Any) -> Draft:
    given: dict[str, Any] = {
        "area": city.street.pk, "question": BENCH, "rule": "simple", "closes_at": END,
        "members": True,
    }  # fmt: skip
    return Draft(**(given | more))


def opened(city: City, **more: Any) -> UUID:
    uuid = actions.prepare(draft(city, **more), actor=SYSTEM)
    actions.open_vote(uuid, actor=SYSTEM)
    return uuid


def cast(vote: UUID, *choices: tuple[Member, int]) -> None:
    for member, choice in choices:
        actions.cast(vote, choice, actor=actor(member))


def close(vote: UUID) -> None:
    with clock.at(AFTER):
        actions.close_vote(vote, actor=SYSTEM)


def counted(vote: UUID) -> dict[str, Any]:
    """Close and count; the result as it is published."""
    close(vote)
    actions.count(vote, actor=SYSTEM)
    return seen(vote).result or {}


def seen(vote: UUID) -> VoteInfo:
    found = selectors.vote(vote)
    assert found is not None
    return found


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def unguarded() -> Iterator[None]:
    """Triggers are off in this connection."""
    run("SET session_replication_role = replica")
    try:
        yield
    finally:
        run("SET session_replication_role = DEFAULT")


def heads(result: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["tallies"][0]
    return found
