"""The demo's councils: a tea-house where parking bays were decided and read out, owners, and one
that talks in writing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases.events import CaseActed, ClockBreached
from lingka.core import clock, datafiles
from lingka.core.actors import Actor
from lingka.core.events import stored
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.deliberation import actions, receivers
from lingka.deliberation.models import Resolution
from lingka.deliberation.rules import Hands
from lingka.demo.city import DATA
from lingka.demo.helping import HOMES
from lingka.demo.organisation import STREET
from lingka.members.selectors import MemberInfo
from lingka.units import selectors as units

if TYPE_CHECKING:
    from lingka.demo.history import History

BEFORE = timedelta(days=6)  # so long before a meeting its topics are raised
HEARD = (CaseActed.type, ClockBreached.type)
DONE = ("in_work", "done", "returned")
ENOUGH = 3  # members who have joined by then, for a neighbour's proposal
RESIDENT = Actor("resident")


def sit(history: "History", members: list[MemberInfo]) -> None:
    """One council after the other, each meeting when it came."""
    for one in datafiles.read(DATA / "councils.yaml"):
        home = areas.area_by_code(HOMES[one["home"]])
        assert home is not None  # part of every size
        with clock.at(history.begin):
            held = _council(history, one, home.id)
        near = [who for who in members if who.area_id == home.id]
        for meeting in one["meetings"]:
            if history.now - timedelta(days=meeting["ago"]) > history.begin + 2 * BEFORE:
                _meet(history, held, one, meeting, near)
        with clock.at(history.now - timedelta(days=2)):
            for topic in one["topics"]:
                uuid = raised(history, held, topic, near)
                talk(history, uuid, topic.get("talk", ()), near)
    _hear(history)


def _hear(history: "History") -> None:
    """What became of the resolutions, as the receiver would hear it: the demo's own is put behind
    its history."""
    found = Resolution.objects.values("case")
    rows = Event.objects.filter(stream_id__in=found, type__in=HEARD).order_by("position")
    with clock.at(history.now):
        receivers.hear_of_cases([stored(row) for row in rows])


def _council(history: "History", one: dict[str, Any], home: int) -> UUID:
    unit = units.unit_by_key(f"counter-{HOMES[one['home']]}")
    assert unit is not None  # the counters come first
    return actions.set_council(
        None, actor=desk(history), key=one["key"], kind=one["kind"], area=home, unit=unit.id,
        name=one["name"], about=one["about"], seats=one.get("seats"),
    )  # fmt: skip


def desk(history: "History") -> Actor:
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    return history.staff.desks[street.id]


def raised(history: "History", council: UUID, one: dict[str, Any], near: list[MemberInfo]) -> UUID:
    """As it came: by a neighbour, whom others join, or by the community."""
    by = desk(history)
    if one["origin"] == "office" or len(near) < ENOUGH:
        return actions.raise_topic(council, one["title"], one["text"], actor=by)
    topic = actions.propose(
        council, one["title"], one["text"], actor=RESIDENT, idempotency_key=uuid7()
    )
    if one["end"] == "asked":
        return topic
    actions.accept(topic, actor=by)
    for who in near[: one.get("voices", 4)]:
        actions.support(topic, actor=who.actor)
    return topic


def talk(
    history: "History", topic: UUID, said: Sequence[dict[str, Any]], near: list[MemberInfo]
) -> None:
    """What neighbours wrote, one after the other, and what others replied; somebody's words were
    hidden."""
    if len(near) < ENOUGH:
        return
    for place, one in enumerate(said):
        first = _said(topic, one["said"], near[place % len(near)])
        for further, words in enumerate(one.get("replies", ()), place + 1):
            _said(topic, words, near[further % len(near)], answers=first)
        if "hidden" in one:
            actions.hide(first, one["hidden"], actor=desk(history))


def _said(topic: UUID, words: str, who: MemberInfo, *, answers: UUID | None = None) -> UUID:
    return actions.contribute(
        topic, words, actor=who.actor, idempotency_key=uuid7(), answers=answers
    )  # fmt: skip


def _meet(
    history: "History", council: UUID, of: dict[str, Any], one: dict[str, Any],
    near: list[MemberInfo],
) -> None:  # fmt: skip
    by = desk(history)
    when: datetime = history.now - timedelta(days=one["ago"])
    begins = when.replace(hour=15, minute=0, second=0, microsecond=0)
    with clock.at(min(begins - BEFORE, history.now - timedelta(days=1))):
        here = [who for who in near if who.joined_at < clock.now()]
        topics = [(raised(history, council, topic, here), topic) for topic in one["topics"]]
        meeting = actions.plan(council, begins, of["where"], actor=by)
        for uuid, topic in topics:
            actions.put_on_agenda(meeting, uuid, actor=by)
            _invite(history, meeting, uuid, topic)
        actions.convene(meeting, actor=by)
    if one["ago"] > 0:
        _decide(history, meeting, one, topics, begins)


def _decide(
    history: "History", meeting: UUID, one: dict[str, Any],
    topics: list[tuple[UUID, dict[str, Any]]], begins: datetime,
) -> None:  # fmt: skip
    by = desk(history)
    with clock.at(begins + timedelta(hours=2)):
        actions.hold(meeting, actor=by, present=one["present"], minutes=one["minutes"])
        for uuid, topic in topics:
            actions.decide(
                meeting, uuid, Hands(*topic["hands"]), topic["words"], actor=by,
                dissent=topic.get("dissent", ""),
            )  # fmt: skip
            if topic["end"] in DONE:
                resolve(history, uuid, topic, begins.date())
    for uuid, topic in topics:
        if topic["end"] == "done":
            _carry_out(history, uuid, topic, begins)
        elif topic["end"] == "returned":  # nobody did it in time
            with clock.at(begins + timedelta(days=topic["days"] + 1)):
                while cases.due_now():
                    pass


def _invite(history: "History", meeting: UUID, topic: UUID, one: dict[str, Any]) -> None:
    for reason, who in one["invited"]:
        unit = history.staff.units[one["lead"]] if who == "lead" else None
        name = "" if unit else who
        actions.invite(meeting, topic, reason, actor=desk(history), name=name, unit=unit)


def resolve(history: "History", topic: UUID, one: dict[str, Any], day: date) -> None:
    actions.resolve(
        topic, actor=desk(history), unit=history.staff.units[one["lead"]], budget=one["budget"],
        until=day + timedelta(days=one["days"]),
    )  # fmt: skip


def _carry_out(history: "History", topic: UUID, one: dict[str, Any], begins: datetime) -> None:
    case = Resolution.objects.get(decision__topic__uuid=topic).case
    hand = history.staff.handlers[history.staff.units[one["lead"]]][0]
    steps: tuple[tuple[int, str, Actor, dict[str, Any]], ...] = (
        (1, "sign_in", hand, {}),
        (12, "report_back", hand, {"words": one["report"]}),
        (14, "verify", history.staff.verifiers[0], {"how": "visit"}),
        (20, "read_out", desk(history), {"words": one["report"]}),
    )
    for days, action, who, data in steps:
        with clock.at(begins + timedelta(days=days, hours=1)):
            cases.perform(case, action, actor=who, data=data)
