"""What members are told: of what they signed up for, in their language, and nobody who left."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from unittest.mock import Mock
from uuid import UUID

import pytest
from django.core import mail

from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.deliberation import actions as council
from lingka.deliberation import selectors
from lingka.members import actions as members
from lingka.members import rules
from lingka.members.selectors import MemberInfo
from lingka.notifications import sending
from lingka.notifications.models import Message
from lingka.points import actions as bank
from lingka.points.tasks import expiry
from lingka.volunteering import actions, teams
from tests.cases import city as cities
from tests.deliberation import table
from tests.members.people import hear, joined
from tests.points.bank import give
from tests.points.bank import joined as opened
from tests.volunteering.helping import Town, open_activity


@pytest.fixture
def town(db: None) -> Town:
    with clock.at(cities.MONDAY):
        begins = cities.MONDAY + timedelta(hours=30)
        return open_activity(cities.build(), begins, begins + timedelta(hours=2), places=1)


@pytest.fixture
def people(town: Town) -> list[MemberInfo]:
    with clock.at(cities.MONDAY):
        found = [joined(town.home, f"m{n}@example.org", f"云{n}").info for n in range(2)]
        for one in found:
            actions.sign_up(town.shift, actor=one.actor)
        return found


def sent() -> list[str]:
    hear("notifications.members")
    sending.send_some()
    return [f"{message.to[0]}: {message.body}" for message in mail.outbox]


def test_whoever_moves_up_is_told(town: Town, people: list[MemberInfo]) -> None:
    with clock.at(cities.MONDAY):
        actions.give_back(town.shift, actor=people[0].actor)
        [message] = sent()
    assert message.startswith("m1@example.org: 有名额了")
    assert f"/v/{town.code}" in message
    assert "捡垃圾" in message


def test_whoever_had_a_place_hears_that_it_is_cancelled(
    town: Town, people: list[MemberInfo]
) -> None:
    with clock.at(cities.MONDAY):
        actions.cancel(town.code, "weather", actor=town.city.staff["dispatcher"])
        assert sorted(one.partition(":")[0] for one in sent()) == [
            "m0@example.org", "m1@example.org",
        ]  # fmt: skip


def test_a_day_before_one_is_reminded_once(town: Town, people: list[MemberInfo]) -> None:
    with clock.at(cities.MONDAY):
        assert actions.remind_due() == 0
    with clock.at(cities.MONDAY + timedelta(hours=8)):
        assert actions.remind_due() == 1
        assert actions.remind_due() == 0
        [message] = sent()
    assert message.startswith("m0@example.org: 别忘了")


def test_nobody_who_left_is_told_anything(town: Town, people: list[MemberInfo]) -> None:
    with clock.at(cities.MONDAY):
        actions.give_back(town.shift, actor=people[0].actor)
        hear("notifications.members")
        members.leave(actor=people[1].actor)
        assert sent() == []
    assert {one.state for one in Message.objects.all()} <= {"dropped"}


def test_whoever_is_signed_up_by_their_captain_is_told_and_nobody_by_themselves(
    town: Town, people: list[MemberInfo]
) -> None:
    with clock.at(cities.MONDAY):
        captain, other = people[0], joined(town.home, "m2@example.org", "云2").info
        team = actions.ask_team(actions.Crew("红马甲", "talks"), actor=captain.actor)
        actions.confirm_team(team, actor=town.city.staff["dispatcher"])
        actions.join_team(teams.of_member(captain.uuid)[0].code, actor=other.actor)
        both = [captain.uuid, other.uuid]
        actions.sign_team_up(team, town.shift, both, actor=captain.actor)
        [message] = sent()
    assert message.startswith("m2@example.org: 您的服务队替您报了名")
    assert f"/v/{town.code}" in message


def test_whoever_stands_behind_a_topic_is_told_what_becomes_of_it(
    town: Town, people: list[MemberInfo]
) -> None:
    with clock.at(cities.MONDAY):
        topic = table.raised(town.city, table.council(town.city))
        council.tell_me(topic, actor=people[0].actor)
        hear("notifications.topics")  # raised: nothing to tell yet
        table.adopted(town.city, topic=topic, at=selectors.councils()[0].uuid)
        until = (table.SITS + timedelta(days=9)).date()
        unit = town.city.units["light"].pk
        council.resolve(topic, actor=town.city.staff["chief"], unit=unit, until=until)
        hear("notifications.topics")
        [message] = sent()
    assert message.startswith("m0@example.org: 议定了，有人办了：门口划电动车位")
    assert f"/councils/topics/{topic}" in message


def test_whoever_wrote_what_is_hidden_is_told_and_what_became_of_their_objection(
    town: Town, people: list[MemberInfo]
) -> None:
    with clock.at(cities.MONDAY):
        city, me = town.city, people[0].actor
        hall = table.council(city, "hall", "online")
        topic = table.raised(city, hall)
        made = [
            council.contribute(topic, "先装灯。", actor=me, idempotency_key=uuid7())
            for _twice in range(2)
        ]
        hear("notifications.talk")  # written: nothing to tell
        for one, shown in zip(made, (True, False), strict=True):
            council.hide(one, "respect", actor=city.staff["dispatcher"])
            council.object_to_hiding(one, "没有骂人", actor=me)
            council.judge(one, shown=shown, actor=city.staff["chief"])
        hear("notifications.talk")
        told = sent()
    hidden, again = "您写的一段话按公开的规则收起了", "另外的人看过了，您写的话"
    assert [re.split("[：。]", one)[0] for one in told] == [
        f"m0@example.org: {one}"
        for one in (hidden, f"{again}又放出来了", hidden, f"{again}仍旧收起")
    ]
    assert all("https://lingka.example.org/me/" in one for one in told)


@pytest.fixture
def hidden(town: Town, people: list[MemberInfo]) -> Iterator[UUID]:
    """What the first of them wrote is hidden, and the message on its way."""
    with clock.at(cities.MONDAY + timedelta(minutes=7)):
        topic = table.raised(town.city, table.council(town.city, "hall", "online"))
        actor = people[0].actor
        made = council.contribute(topic, "先装灯。", actor=actor, idempotency_key=uuid7())
        council.hide(made, "respect", actor=town.city.staff["dispatcher"])
        hear("notifications.talk")
        assert Message.objects.filter(key="talk_hidden").count() == 1
        yield made


def told_of_talk() -> list[tuple[str, str]]:
    return list(Message.objects.filter(key="talk_hidden").values_list("state", "recipient"))


def test_what_tells_of_hidden_words_leads_to_none_once_they_are_taken_back(
    hidden: UUID, people: list[MemberInfo]
) -> None:
    council.take_back(hidden, actor=people[0].actor)
    [kept] = Message.objects.filter(key="talk_hidden").values()
    moments = {kept[name] for name in ("created_at", "next_try_at", "sent_at")}
    for event in Event.objects.filter(type="deliberation.ContributionMoved"):
        assert kept["position"] != event.position
        assert not moments & {event.occurred_at, event.recorded_at}
        assert str(event.stream_id) not in str(kept)
        assert event.data["contribution"] not in str(kept)


def test_once_sent_no_row_says_who_wrote_what_was_hidden(hidden: UUID) -> None:
    for _again in range(2):  # the same events once more tell nobody anew
        assert len(sent()) == 1
        hear("notifications.talk")
    assert told_of_talk() == [("sent", "")]


def test_nor_does_one_that_found_nobody(hidden: UUID, people: list[MemberInfo]) -> None:
    members.leave(actor=people[0].actor)
    assert sent() == []
    assert told_of_talk() == [("dropped", "")]


def test_nor_does_one_that_was_given_up(hidden: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_to_member", Mock(side_effect=OSError))
    now = clock.now()
    for wait in (timedelta(), *sending.BACK_OFF):
        now += wait
        assert [state for state, _to in told_of_talk()] == ["queued"]
        with clock.at(now):
            sending.send_some()
    assert told_of_talk() == [("failed", "")]


def test_whoever_is_replied_to_is_told_once_and_what_stays_leads_to_nobody(
    town: Town, people: list[MemberInfo]
) -> None:
    with clock.at(cities.MONDAY):
        topic = table.raised(town.city, table.council(town.city, "hall", "online"))
        first = council.contribute(
            topic, "先装灯。", actor=people[0].actor, idempotency_key=uuid7()
        )
        for who in people:  # of one's own reply nobody is told
            council.contribute(
                topic, "同意。", actor=who.actor, idempotency_key=uuid7(), answers=first
            )
        hear("notifications.talk")
        (told,) = sent()
    assert told.startswith("m0@example.org: 您写的一段话有人回复了")
    [kept] = Message.objects.filter(key="talk_replied").values()
    assert (kept["recipient"], kept["values"]) == ("", {"page": "/me/"})
    assert kept["position"] < 0


def test_nobody_is_told_of_a_reply_that_was_hidden_meanwhile(
    town: Town, people: list[MemberInfo]
) -> None:
    with clock.at(cities.MONDAY):
        topic = table.raised(town.city, table.council(town.city, "hall", "online"))
        first = council.contribute(
            topic, "先装灯。", actor=people[0].actor, idempotency_key=uuid7()
        )
        reply = council.contribute(
            topic, "你懂什么。", actor=people[1].actor, idempotency_key=uuid7(), answers=first
        )
        council.hide(reply, "respect", actor=town.city.staff["dispatcher"])
        hear("notifications.talk")
        assert [one.partition(":")[0] for one in sent()] == ["m1@example.org"]


def test_nobody_is_told_of_what_they_took_back(town: Town, people: list[MemberInfo]) -> None:
    with clock.at(cities.MONDAY):
        city, me = town.city, people[0].actor
        topic = table.raised(city, table.council(city, "hall", "online"))
        made = council.contribute(topic, "先装灯。", actor=me, idempotency_key=uuid7())
        council.hide(made, "respect", actor=city.staff["dispatcher"])
        council.take_back(made, actor=me)
        hear("notifications.talk")
        assert sent() == []


def test_whoever_stays_away_is_told_before_their_entry_goes(people: list[MemberInfo]) -> None:
    with clock.at(cities.MONDAY + rules.inactive()):
        members.warn_inactive()
        assert [one.partition("。")[0] for one in sent()] == [
            "m0@example.org: 您很久没来了", "m1@example.org: 您很久没来了",
        ]  # fmt: skip


NIGHT = datetime(2027, 10, 31, 17, 10, tzinfo=UTC)  # ten past one on the first, in Lhasa
GOES = date(2027, 12, 31)


@pytest.fixture
def saving(people: list[MemberInfo]) -> Iterator[list[UUID]]:
    """Two members with 5 and 8 points, on the first night on which their end is told of."""
    with clock.at(cities.MONDAY):
        accounts = [opened(member=one.uuid) for one in people]
        for account, many in zip(accounts, (5, 8), strict=True):
            give(account, many, until=GOES)
    with clock.at(NIGHT):
        yield accounts


def told_of_points() -> list[str]:
    expiry(0)
    hear("notifications.points")
    sending.send_some()
    return sorted(f"{message.to[0]}: {message.body}" for message in mail.outbox)


def test_whose_points_go_is_told_once_how_many_and_when(saving: list[UUID]) -> None:
    first, second = told_of_points()
    assert first.startswith("m0@example.org: 您有 5 分积分，最晚用到 12 月 31 日")
    assert second.startswith("m1@example.org: 您有 8 分积分，最晚用到 12 月 31 日")
    assert "/me/points/" in first
    with clock.at(NIGHT + timedelta(days=1)):
        assert len(told_of_points()) == 2


def test_points_that_come_later_are_told_of_apart(saving: list[UUID]) -> None:
    told_of_points()
    with clock.at(NIGHT + timedelta(days=62)):
        assert len(told_of_points()) == 2  # they are gone by now
    with clock.at(NIGHT + timedelta(days=366)):
        give(saving[0], 3, until=date(2028, 12, 31))
        mail.outbox.clear()
        [message] = told_of_points()
    assert message.startswith("m0@example.org: 您有 3 分积分，最晚用到 12 月 31 日")


def test_whoever_left_the_points_bank_is_told_nothing(
    saving: list[UUID], people: list[MemberInfo]
) -> None:
    bank.leave("points", people[0].uuid, actor=people[0].actor)
    expiry(0)
    hear("notifications.points")
    bank.leave("points", people[1].uuid, actor=people[1].actor)  # while it waits to be sent
    assert told_of_points() == []


def test_no_event_and_no_message_joins_an_account_or_a_number_to_somebody(
    saving: list[UUID], people: list[MemberInfo]
) -> None:
    told_of_points()
    [event] = Event.objects.filter(type="points.HoldersTold")
    assert event.data == {}
    kept = [one.values for one in Message.objects.filter(key="points_go")]
    assert kept == [{"page": "/me/points/", "night": str(event.stream_id)}] * 2
