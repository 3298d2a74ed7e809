"""The demo's activities: some served and confirmed, one to confirm, some to come, one full."""

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.core import clock, datafiles
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.demo import joining, teaming
from lingka.demo.city import DATA
from lingka.demo.organisation import DESK, HOME, STREET
from lingka.members.selectors import MemberInfo
from lingka.units import selectors as units
from lingka.volunteering import actions, needs, selectors

if TYPE_CHECKING:
    from lingka.demo.history import History

HOMES = {"HOME": HOME, "DESK": DESK}
BEFORE = timedelta(days=5)  # so long before it takes place it is public, or longer
FORGETS, LATE = 0.08, 15  # of those who came do not check out; minutes that some come late
EAGER = (0.4, 0.75, 1.3)  # so many want a place, for each that there is


def take_part(history: "History", rng: random.Random) -> list[MemberInfo]:
    """Who joined, then one activity after the other; each of its times is lived when it comes."""
    members = joining.join(history, rng)
    for one in datafiles.read(DATA / "activities.yaml"):
        home = areas.area_by_code(HOMES[one["home"]])
        days = [day for day in one["days"] if _at(history, one, day) > history.begin + 2 * BEFORE]
        if home is None or not days:
            continue
        near = [who for who in members if who.area_id == home.id] or members
        live(history, one, home.id, days, near, rng)
    for one in datafiles.read(DATA / "resources.yaml"):
        _lend(history, one)
    for one in datafiles.read(DATA / "needs.yaml"):
        home = areas.area_by_code(HOMES[one["home"]])
        if home is not None:
            with clock.at(history.now - timedelta(days=one["ago"])):
                _need(history, one, home.id)
    teaming.together(history, members)
    return members


def _lend(history: "History", one: dict[str, Any]) -> None:
    """What a unit of the street has standing idle."""
    home, unit = areas.area_by_code(HOMES[one["home"]]), units.unit_by_key(one["unit"])
    assert home is not None  # the demo street is part of every size
    assert unit is not None  # as are its partners
    until = (history.now + timedelta(days=one["for"])).date()
    with clock.at(history.now - timedelta(days=one["ago"])):
        actions.offer(
            home.id,
            actions.Idle(
                unit.id,
                one["kind"],
                one["title"],
                one["text"],
                one["weekdays"],
                one["times"],
                until,
                one.get("languages", ()),
            ),
            actor=_desk(history),
        )


def _need(history: "History", one: dict[str, Any], area: int) -> None:
    """What a community looks for hands for; the one that is taken, by whoever fits best."""
    until = (history.now + timedelta(days=40)).date()
    made = actions.publish_need(
        area,
        actions.Wanted(
            one["kind"],
            one["title"],
            one["text"],
            one["weekdays"],
            one["times"],
            until,
            one.get("languages", ()),
        ),
        actor=_desk(history),
    )
    found = needs.need(made)
    offers = needs.offers_for(found) if found is not None else []
    if one.get("taken") and offers:
        actions.pick_up(made, offers[0][0].unit_id, actor=_desk(history))
        if one.get("done"):
            actions.end_need(made, "done", actor=_desk(history))
    if "declined" in one:
        actions.end_need(made, "declined", actor=_desk(history), why=one["declined"])


def _at(history: "History", one: dict[str, Any], day: int) -> datetime:
    hour, minute = map(int, one["at"].split(":"))
    when: datetime = history.now + timedelta(days=day)
    return when.replace(hour=hour, minute=minute, second=0, microsecond=0)


def live(  # noqa: PLR0917
    history: "History", one: dict[str, Any], area: int, days: list[int],
    near: list[MemberInfo], rng: random.Random,
) -> None:  # fmt: skip
    first = min(_at(history, one, day) for day in days)
    begun = min(first, history.now) - BEFORE
    desk, other = _desk(history), history.staff.supervisor
    with clock.at(begun):
        wanted = actions.Draft(
            one["kind"], one["title"], one["text"], one["where"], one.get("training", False)
        )
        code = actions.draft(area, wanted, actor=desk)
        shifts = [_shift(history, one, day, code, desk) for day in days]
        if one.get("draft"):
            return
        actions.approve(code, actor=other)
        actions.publish(code, actor=desk)
    for (begins, ends), shift in shifts:
        joined = [who for who in near if who.joined_at < min(begins, history.now)]
        _sign_up(shift, min(begins - timedelta(days=1), history.now - timedelta(hours=2)),
                 joined, round(one["places"] * rng.choice(EAGER)), begun, rng)  # fmt: skip
        if ends < history.now:
            _serve(history, shift, begins, ends, desk, rng)


def _desk(history: "History") -> Actor:
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    return history.staff.desks[street.id]


def _shift(
    history: "History", one: dict[str, Any], day: int, code: str, desk: Actor
) -> tuple[tuple[datetime, datetime], UUID]:
    begins = _at(history, one, day)
    ends = begins + timedelta(hours=one["hours"])
    return (begins, ends), actions.add_shift(code, begins, ends, one["places"], actor=desk)


def _sign_up(  # noqa: PLR0917
    shift: UUID, at: datetime, near: list[MemberInfo], many: int, begun: datetime,
    rng: random.Random,
) -> None:  # fmt: skip
    with clock.at(max(at, begun + timedelta(hours=1))):
        for who in rng.sample(near, min(many, len(near))):
            actions.sign_up(shift, actor=who.actor)


def _serve(  # noqa: PLR0917
    history: "History", shift: UUID, begins: datetime, ends: datetime, desk: Actor,
    rng: random.Random,
) -> None:  # fmt: skip
    """They come, most of them go as they should, and the desk confirms; the last is left to it."""
    here = []
    for one in selectors.roll(shift):
        if one.state == "going" and rng.random() > FORGETS:
            with clock.at(begins + timedelta(minutes=rng.randint(-10, LATE))):
                actions.put_here(one.uuid, actor=desk)
            here.append(one.uuid)
    for number, uuid in enumerate(here):
        if number and rng.random() > FORGETS:
            with clock.at(ends + timedelta(minutes=rng.randint(-12, 8))):
                actions.put_gone(uuid, actor=desk)
    if ends < history.now - timedelta(days=2):
        with clock.at(ends + timedelta(hours=2)):
            actions.close_shift(shift, actor=desk)
        for one in selectors.roll(shift)[:1]:
            if one.state == "review":
                _settle(one.uuid, ends, desk)


def _settle(service: UUID, ends: datetime, desk: Actor) -> None:
    with clock.at(ends + timedelta(hours=3)):
        try:
            actions.settle(service, ends - timedelta(minutes=30), actor=desk)
        except Problem:  # they came later than that
            actions.settle(service, None, actor=desk)
