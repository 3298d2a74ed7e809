"""A tea-house council in the very small city, and topics on their way."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.deliberation import actions, rules, selectors
from lingka.deliberation.models import Meeting, Topic
from lingka.members.selectors import MemberInfo
from lingka.volunteering import rules as codes
from tests.cases.city import MONDAY, RESIDENT, City, names
from tests.members.people import joined

SITS = MONDAY + timedelta(days=2, hours=5)  # three in the afternoon of a Wednesday
HANDS = rules.Hands(9, 2, 1)


def council(city: City, key: str = "tea", kind: str = "teahouse", **more: Any) -> UUID:
    given: dict[str, Any] = {
        "area": city.grid.parent_id, "unit": city.units["office"].pk, "name": names("甜茶议事会"),
        "about": names("每周三下午三点"),
    }  # fmt: skip
    return actions.set_council(
        None, actor=city.staff["dispatcher"], key=key, kind=kind, **(given | more)
    )


def proposed(at: UUID, title: str = "门口划电动车位") -> UUID:
    return actions.propose(
        at, title, "两轮车停得满巷子，轮椅过不去。", actor=RESIDENT, idempotency_key=uuid7()
    )


def raised(city: City, at: UUID, **more: Any) -> UUID:
    desk = city.staff["dispatcher"]
    return actions.raise_topic(at, "门口划电动车位", "停满了巷子。", actor=desk, **more)


def neighbour(city: City, number: int) -> MemberInfo:
    return joined(city.grid.parent_id or 0, f"1390000400{number}", f"云{number}").info


def planned(city: City, at: UUID) -> UUID:
    return actions.plan(at, SITS, "光明甜茶馆", actor=city.staff["dispatcher"])


def convened(city: City, at: UUID, *topics: UUID) -> UUID:
    desk, meeting = city.staff["dispatcher"], planned(city, at)
    for topic in topics:
        actions.put_on_agenda(meeting, topic, actor=desk)
        actions.invite(meeting, topic, "affected", actor=desk, name="三号院住户")
    actions.convene(meeting, actor=desk)
    return meeting


def held(city: City, at: UUID, *topics: UUID, present: int = 14) -> UUID:
    meeting = convened(city, at, *topics)
    with clock.at(SITS + timedelta(hours=1)):
        actions.hold(meeting, actor=city.staff["dispatcher"], present=present, minutes="说了停车。")
    return meeting


def adopted(city: City, at: UUID, topic: UUID) -> UUID:
    meeting = held(city, at, topic)
    desk = city.staff["dispatcher"]
    assert actions.decide(
        meeting, topic, HANDS, "划二十个车位", actor=desk, dissent="怕挤了摊位"
    )  # fmt: skip
    return meeting


def in_work(city: City) -> tuple[UUID, UUID]:
    """A topic that is carried out, and its case."""
    at = council(city)
    topic = raised(city, at)
    adopted(city, at, topic)
    until = (SITS + timedelta(days=20)).date()
    actions.resolve(
        topic, actor=city.staff["chief"], unit=city.units["light"].pk, until=until, budget=3000
    )
    return topic, next(iter(cases_of(topic)))


def cases_of(topic: UUID) -> list[UUID]:
    rows = Topic.objects.filter(uuid=topic).values_list("decisions__resolution__case", flat=True)
    return [one for one in rows if one]


def state(topic: UUID) -> str:
    return Topic.objects.get(uuid=topic).state


def code(meeting: UUID) -> str:
    secret = bytes(Meeting.objects.get(uuid=meeting).secret)
    return codes.code_of(secret, codes.step_of(clock.now()))


def shown(key: str = "tea") -> selectors.Board:
    found = selectors.council(key)
    assert found is not None
    return selectors.board(found)
