"""Any sequence of actions by anybody: the row is the fold of its events, nobody gets stuck.

Long: `MACHINE_EXAMPLES=2000 MACHINE_STEPS=50 MACHINE_LEAST=30 pytest` and this file.
"""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lingka.cases import actions, clocks, parts, replay, rows
from lingka.cases.actions import ContactData, activation
from lingka.cases.definitions import Action, Need
from lingka.cases.models import Case, Contact, Rating, Receipt
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.offers import offers_for
from lingka.core import clock, codes, events
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.core.models import Content, Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from lingka.units.models import Calendar, CalendarVersion, Unit
from tests.cases.city import HOURS, MONDAY, RESIDENT, START, City, at_door, case_of, names
from tests.cases.naive import Week
from tests.cases.reckoning import Reckoner

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
STEPS = int(os.environ.get("MACHINE_STEPS", "25"))  # at the most
LEAST = int(os.environ.get("MACHINE_LEAST", "1"))
STAFF = (
    "dispatcher", "chief", "handler", "mate", "plumber", "verifier", "supervisor", "walker",
    "leader",
)  # fmt: skip
FLOWS = [activation.read(path) for path in sorted((parts.DATA / "workflows").glob("*.yaml"))]
ACTIONS = sorted({key for flow in FLOWS for key in flow["actions"]})
KINDS = ("act",) * 12 + (
    "follow", "calendar", "erase", "repeated", "reused", "taken", "stale",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from((*STAFF, "reporter", "reporter", "follower", "stranger")),
    st.sampled_from(ACTIONS),
    st.integers(0, 5),  # which of the choices, units or days
    st.sampled_from((0, 5, 60, 24 * 60, 5 * 24 * 60)),  # minutes that pass before
    st.sampled_from((True, True, False)),  # try what is offered rather than anything
)
TYPES = (
    "light.out", "water.burst", "help.papers", "other.any", "other.noise",
    "help.question", "joint.street", "joint.community", "joint.slip", "safety.hazard",
    "enterprise.demand", "council.resolution", "wish.small", "joint.part",
)  # fmt: skip
DOOR = codes.short_code()
OFFICE = ((570, 780), (930, 1110))
MORNINGS = ((570, 780),)


def test_the_machine_opens_cases_of_every_workflow(city: City) -> None:
    assert {catalogue.case_type(key).workflow for key in TYPES} == {one["key"] for one in FLOWS}


def given_for(action: Action | None, city: City, choice: int) -> dict[str, Any]:
    """Something valid for each need of an action; a photo only where it has to be."""
    wanted = [] if action is None else action.needs
    shown = action is not None and ("picture_from_before", None) in action.effects
    asked = [need for need in wanted if shown or need.required or need.kind != "photos"]
    return {need.name: value(need, city, choice) for need in asked}


def value(need: Need, city: City, choice: int) -> Any:
    known = sorted(unit.id for unit in city.units.values())
    one = known[(choice + len(need.name)) % 5]  # two units asked for at once are two
    kinds: dict[str, Callable[[], Any]] = {
        "text": lambda: "话",
        "unit": lambda: one,
        "helper": lambda: one,
        "other_unit": lambda: one,
        "units": lambda: known[choice % 5 :],
        "helpers": lambda: known[choice % 5 :],
        "time": (clock.now() + timedelta(hours=choice * 2 - 1)).isoformat,
        "leader": lambda: city.staff[("leader", "supervisor", "walker")[choice % 3]].id,
        "choice": lambda: need.options[choice % len(need.options)][0],
        "checks": lambda: [key for key, _names in need.options],
        "case": lambda: Case.objects.order_by("id")[0].number,  # itself: refused
        "type": lambda: TYPES[choice],
        "flag": lambda: choice % 2 == 0,
        "moment": (clock.now() + timedelta(days=choice * 4, hours=1)).isoformat,
        "place_code": lambda: DOOR,
        "photos": lambda: [str(actions.add_attachment(photo(), actor=RESIDENT, kind="photo"))],
    }
    return kinds[need.kind]()


@cache
def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return out.getvalue()


def snapshot() -> tuple[Any, ...]:
    """All that a refusal must leave as it is."""
    with connection.cursor() as cursor:
        cursor.execute(_counts())
        return cursor.fetchone(), repr(Case.objects.order_by("id").values()[0])


@cache
def _counts() -> str:
    kept = [*apps.get_app_config("cases").get_models(), Event, Content]
    tables = [f"(SELECT count(*) FROM {model._meta.db_table})" for model in kept]
    return f"SELECT {', '.join(tables)}"


@contextmanager
def no_trace(*codes: str) -> Iterator[None]:
    """The body is a Problem of one of these codes and changes nothing."""
    before = snapshot()
    with pytest.raises(Problem) as caught, transaction.atomic():
        yield
    assert caught.value.code in codes
    assert snapshot() == before


class Machine:
    """One case, and everything that may happen to it."""

    def __init__(self, city: City, reckoner: Reckoner, case_type: str) -> None:
        self.city, self.reckoner = city, reckoner
        contact = ContactData(phone="13900000000")
        self.opened = city.open(case_type, contact=contact, place_id=at_door(city, DOOR).id)
        self.receipts = [self.opened]
        self.days_off: dict[int, set[date]] = {}
        self.last: tuple[UUID, str, Actor, dict[str, Any], actions.Performed] | None = None

    def actor(self, who: str, choice: int) -> Actor:
        if who == "follower":
            return Actor("resident", self.receipts[choice % len(self.receipts)].receipt_id)
        if who == "reporter":
            return self.city.reporter(self.opened)
        return Actor("user", 10**9) if who == "stranger" else self.city.staff[who]

    def step(self, kind: str, who: str, action: str, choice: int, *, offered: bool) -> None:
        actor = self.actor(who, choice)
        if offered:
            action = self._offer(actor, choice) or action
        if kind == "act":
            self.act(actor, action, choice)
        elif kind == "stale":
            self.stale(actor, action)
        else:
            one: Callable[[int], None] = getattr(self, kind)
            one(choice)

    def _offer(self, actor: Actor, choice: int) -> str:
        """One of the actions that this actor may do now."""
        offers = offers_for(case_of(self.opened), actor)
        possible = sorted(offer.key for offer in offers if offer.state)
        return possible[choice % len(possible)] if possible else ""

    def act(self, actor: Actor, action: str, choice: int) -> None:
        case = case_of(self.opened)
        offers = {offer.key: offer.state for offer in offers_for(case, actor)}
        known = catalogue.workflow(case.workflow_id).actions
        data = given_for(known.get(action), self.city, choice)
        before, op = snapshot(), uuid7()
        try:
            with transaction.atomic():
                done = actions.perform(
                    self.opened.case_uuid, action, actor=actor, data=data, op_id=op
                )
        except (PermissionRefused, Problem) as error:
            assert snapshot() == before, "a refused action leaves no trace"
            if isinstance(error, PermissionRefused):
                assert not offers.get(action), "what is offered is not refused"
        else:
            assert offers.get(action), "what is done was offered"
            self.last = op, action, actor, data, done
            separated(self.opened, actor, action)

    def stale(self, actor: Actor, action: str) -> None:
        with no_trace("stale", "unknown_case"):
            actions.perform(
                self.opened.case_uuid, action, actor=actor, data={},
                expected_version=case_of(self.opened).version - 1,
            )  # fmt: skip

    def _again(self, **changed: Any) -> actions.Performed:
        assert self.last
        op, action, actor, data, _done = self.last
        sent = {"actor": actor, "data": data, "action": action} | changed
        return actions.perform(
            self.opened.case_uuid, sent["action"], actor=sent["actor"], data=sent["data"], op_id=op
        )

    def repeated(self, _choice: int) -> None:
        if self.last:
            before = snapshot()
            assert self._again() == self.last[4]
            assert snapshot() == before

    def reused(self, choice: int) -> None:
        """The same operation id with another content, or for another action."""
        if self.last:
            action = "handle" if self.last[1] == "add" else "add"
            with no_trace("key_reused"):
                self._again(
                    **({"data": {"words": f"别的{choice}"}}, {"action": action})[choice % 2]
                )

    def taken(self, choice: int) -> None:
        """The operation id of somebody else."""
        if self.last:
            other = self.city.staff[STAFF[choice]]
            if other != self.last[2]:
                with no_trace("key_reused"):
                    self._again(actor=other)

    def follow(self, choice: int) -> None:
        key, left = uuid7(), ContactData(phone=f"1380000000{choice}") if choice % 2 else None

        def send(contact: ContactData | None) -> actions.Opened:
            return actions.follow_case(
                self.opened.case_uuid, actor=RESIDENT, language="bo", idempotency_key=key,
                contact=contact,
            )  # fmt: skip

        if case_of(self.opened).stage == "closed":
            with no_trace("closed"):
                send(left)
            return
        self.receipts.append(send(left))
        before = snapshot()
        assert send(left).token == self.receipts[-1].token
        assert snapshot() == before
        with no_trace("key_reused"):
            send(ContactData(phone="13700000000"))

    def erase(self, choice: int) -> None:
        receipt = self.receipts[choice % len(self.receipts)].receipt_uuid
        before, held = snapshot(), Contact.objects.filter(receipt__uuid=receipt).exists()
        assert actions.erase_contact(receipt, actor=SYSTEM, reason="asked") is held
        assert held or snapshot() == before

    def calendar(self, choice: int) -> None:
        """A day off is entered in one of the two calendars, and every open clock looked at."""
        which = sorted(set(self.reckoner.of_unit.values()))[choice % 2]
        off = self.days_off.setdefault(which, set())
        off.add((clock.now() + timedelta(days=choice)).date())
        week = self.reckoner.weeks[which_first(self.reckoner, which)]
        version = unit_actions.add_calendar_version(
            which, actor=SYSTEM, hours=hours_of(week), valid_from=START,
            days_off={day: names("放假") for day in off},
        )  # fmt: skip
        self.reckoner.weeks[version] = Week(week.spans, frozenset(off))
        self.reckoner.calendars[version] = which
        actions.plan_recomputing(version, START)
        while actions.recompute_clocks():
            pass
        before = snapshot()
        assert actions.recompute_clocks() == 0
        assert snapshot() == before

    def holds(self) -> None:
        """What is true of a case whatever was done to it."""
        case = case_of(self.opened)
        history = events.history(self.opened.case_uuid)
        assert replay.differences(case, history) == []
        folded = replay.fold(history)
        assert case.due_at == clocks.next_due({k: dict(v) for k, v in folded.clocks.items()})
        told = case.facts.get("answers", {})
        this_round = Rating.objects.filter(round=case.facts.get("rounds", 0))
        assert sum(told.values()) == this_round.count()
        held = Receipt.objects.filter(case=case).exclude(kind="left").count()
        assert case.facts.get("followers", 0) == held - 1
        if case.stage == "closed":
            assert case.due_at is None
            assert case.wake_at is None
        else:
            self._leads_on(case)

    def _leads_on(self, case: Case) -> None:
        known = catalogue.workflow(case.workflow_id).actions
        everybody = [*self.city.staff.values(), *map(self.city.reporter, self.receipts)]
        assert any(
            offer.state and known[offer.key].to
            for actor in everybody
            for offer in offers_for(case, actor)
        ), f"nobody can move a case in {case.state}"
        state = rows.state_of(case)
        paused = state.facts.get("asked") or state.stage == "suspended"
        running = [one for one in state.clocks.values() if clocks.is_running(dict(one))]
        assert not (paused and running)
        assert case.wake_at or paused or all(one["top"] for one in running)


def separated(opened: actions.Opened, actor: Actor, action: str) -> None:
    """Who handled does not verify; who asked for more time does not grant it."""
    history = [one for one in events.history(opened.case_uuid) if hasattr(one.data, "action")]
    past = [(one.data.action, one.actor.get("id")) for one in history[:-1]]
    if action in {"verify", "verify_failed", "call_back_done", "call_back_unsolved"}:
        handled = [who for what, who in past if what == "report_back"]
        assert handled[-1] != actor.id
    if action in {"extend_grant", "extend_refuse"}:
        asked = [who for what, who in past if what == "extend_ask"]
        assert asked[-1] != actor.id


def which_first(reckoner: Reckoner, calendar: int) -> int:
    return next(version for version, of in reckoner.calendars.items() if of == calendar)


def hours_of(week: Week) -> dict[int, list[tuple[str, str]]]:
    spans = [(_time(opens), _time(closes)) for opens, closes in week.spans]
    return {int(day): spans for day in HOURS}


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@pytest.fixture
def two_calendars(city: City, settings: Any, tmp_path: Path) -> City:
    """The water team works mornings only, by a calendar of its own."""
    settings.MEDIA_ROOT = tmp_path
    made = Calendar.objects.create(key="own", name=names("own"))
    hours = {day: [["09:30", "13:00"]] for day in HOURS}
    CalendarVersion.objects.create(calendar=made, number=1, hours=hours, valid_from=START)
    Unit.objects.filter(id=city.units["water"].id).update(calendar=made)
    units.forget()
    return city


def reckoner_of(city: City) -> Reckoner:
    office, own = city.units["light"].calendar_id, Calendar.objects.get(key="own").pk
    made = Reckoner(of_unit={None: office, city.units["water"].id: own})
    for version in CalendarVersion.objects.all():
        made.calendars[version.pk] = version.calendar_id
        made.weeks[version.pk] = Week(MORNINGS if version.calendar_id == own else OFFICE)
    return made


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(TYPES), st.lists(STEP, min_size=LEAST, max_size=STEPS))
def test_whatever_is_done_history_explains_the_row_and_a_way_leads_on(
    two_calendars: City, case_type: str, steps: list[Any]
) -> None:
    point, now = transaction.savepoint(), MONDAY
    try:
        with clock.at(now):
            machine = Machine(two_calendars, reckoner_of(two_calendars), case_type)
        for *step, minutes, offered in steps:
            now += timedelta(minutes=minutes)
            tried(machine, now, step, offered=offered)
        machine.reckoner.check(events.history(machine.opened.case_uuid))
    finally:
        transaction.savepoint_rollback(point)
        units.forget()


def tried(machine: Machine, now: datetime, step: list[Any], *, offered: bool) -> None:
    with clock.at(now):
        actions.due_now()
        machine.step(*step, offered=offered)
        machine.holds()
