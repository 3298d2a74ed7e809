"""Whatever happens to cases, the figures hold, and the past can be made again.

Two tests: many made-up histories, told to the figures in any pieces and reckoned beside them in
plain Python; and a few that the engine itself lives through, made anew from its own events.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.cases import actions
from lingka.cases.events import CaseActed, CaseOpened, ClockBreached
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.offers import offers_for
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import EventData, StoredEvent, record
from lingka.core.ids import uuid7
from lingka.core.models import Cursor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.insight import counting, recomputing, rules
from lingka.insight.actions import differences
from lingka.insight.events import AppealDecided
from lingka.insight.measures import COLUMNS, MEASURES, PARTS, Tally, count
from lingka.insight.models import Count, Fact, WeekCount
from lingka.insight.selectors import definitions
from tests.cases.city import MONDAY, City, case_of
from tests.cases.test_engine_machine import TYPES, given_for
from tests.insight.conftest import listen

SAVEPOINTS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
APPEALED = ("exclude", "rating", "response", "on_time")

# --- made-up histories ---

NAMES = UUID(int=8)
TICKS = ("open", "met", "missed", "overdue")  # how a clock stands
BEAT = st.one_of(
    st.tuples(st.just("unit"), st.integers(1, 3)),
    st.tuples(st.sampled_from(("respond", "resolve")), st.sampled_from(TICKS)),
    st.tuples(st.just("again"), st.sampled_from(TICKS)),
    st.tuples(
        st.sampled_from(("rate", "rate_along", "rate_unit")), st.booleans(),
        st.sampled_from(("", "yes", "fair", "no")),
    ),
    st.tuples(st.sampled_from(("reopen", "call_back_done")), st.none()),
    st.tuples(st.just("end"), st.sampled_from(("closed", "withdrawn", "declined", "handling"))),
    st.tuples(st.just("archive"), st.none()),
    st.tuples(st.just("spared"), st.booleans()),
    st.tuples(st.sampled_from(APPEALED), st.booleans()),
)  # fmt: skip
HISTORY = st.tuples(
    st.sampled_from(TYPES), st.integers(0, 40), st.booleans(), st.lists(BEAT, max_size=9)
)


@settings(max_examples=25, deadline=None, suppress_health_check=SAVEPOINTS)
@given(st.lists(HISTORY, min_size=1, max_size=4), st.integers(1, 7))
def test_figures_are_the_sum_of_what_happened_however_it_is_heard(
    city: City, histories: list[Any], piece: int
) -> None:
    told = [list(made_up(number, *history)) for number, history in enumerate(histories)]
    heard = [event for rank in range(12) for one in told for event in one[rank : rank + 1]]
    point = transaction.savepoint()
    try:
        for at in range(0, len(heard), piece):
            counting.take(heard[at : at + piece])
        assert_figures_hold(len(told))
        assert tallies(Count) == reckoned(told, "month")
        assert tallies(WeekCount) == reckoned(told, "week")
    finally:
        transaction.savepoint_rollback(point)


def made_up(
    number: int, case_type: str, day: int, grid: Any, beats: Sequence[Any]
) -> Iterator[StoredEvent]:
    """A case's events as the engine words them."""
    opened = MONDAY + timedelta(days=day, hours=14)
    path = "/1/2/3/" if not grid else "/1/2/3/4/"
    state = {
        "number": f"{number:07d}", "case_type": case_type, "area_path": path,
        "opened_at": opened.isoformat(), "grid": 4 if grid else None, "state": "received",
    }  # fmt: skip
    yield told(number, 1, opened, CaseOpened(state=state, receipt=""))
    rounds, stage = 0, "handling"
    for rank, beat in enumerate(beats, start=2):
        rounds += beat[0] in {"again", "reopen"}
        data = acted(number, opened, rounds, stage, *beat)
        stage = getattr(data, "to_stage", stage)
        yield told(number, rank, opened, data, rank)


def told(
    number: int, rank: int, opened: datetime, data: EventData, who: int = 0
) -> StoredEvent:  # fmt: skip
    kind = "user" if getattr(data, "action", "") in {"rate_unit", "call_back_done"} else "resident"
    return StoredEvent(
        0, "case", uuid5(NAMES, str(number)), rank, data.type, {"kind": kind, "id": who % 3},
        data, opened, opened,
    )  # fmt: skip


def acted(  # noqa: PLR0917
    number: int, opened: datetime, rounds: int, stood: str, kind: str, value: Any, voiced: str = ""
) -> EventData:
    if kind in APPEALED:
        return AppealDecided(str(uuid5(NAMES, str(number))), 1, kind, "force", value, False, "")
    changes: dict[str, Any] = {
        "unit": lambda: {"lead_unit": value, "assignments": [{"unit": value}]},
        "respond": lambda: {"clocks": {kind: ticking(opened, 0, value)}},
        "resolve": lambda: {"clocks": {kind: ticking(opened, 0, value)}},
        "again": lambda: {
            "facts": {"rounds": rounds}, "clocks": {"resolve": ticking(opened, rounds, value)},
        },
        "reopen": lambda: {"facts": {"rounds": rounds, "spared": None}},
        "spared": lambda: {"facts": {"spared": True if value else None}},
    }.get(kind, dict)()  # fmt: skip
    if value == "overdue" and kind != "again":
        return ClockBreached(kind, 0, "", 1, changes)
    answered = kind in {"rate", "rate_along", "rate_unit"}
    given_ = ({"solved": value} if answered else {}) | ({"satisfied": voiced} if voiced else {})
    if kind == "archive" and stood == "closed":
        return CaseActed(kind, "closed", "archived", stood, "closed", None, changes, given_)
    to = value if kind == "end" else "handling"
    stage = "handling" if to == "handling" else "closed"
    return CaseActed(kind, "handling", to, stood, stage, None, changes, given_)


def ticking(opened: datetime, rounds: int, how: str) -> Mapping[str, Any]:
    started, due = (opened + timedelta(days=rounds + more) for more in (0, 5))
    stopped = {"met": due, "missed": due + timedelta(hours=1)}.get(how)
    return {
        "started": started.isoformat(), "due": due.isoformat(), "breached": how == "overdue",
        "stopped": stopped and stopped.isoformat(),
    }  # fmt: skip


def tallies(table: Any) -> dict[Any, Tally]:
    keys = ("area", "month", "unit", "case_type", "reason")
    rows = table.objects.exclude(cases=0).values_list(*keys, *COLUMNS)
    return {row[:5]: Tally(*row[5:]) for row in rows}


def reckoned(histories: list[list[StoredEvent]], per: str) -> dict[Any, Tally]:
    """The same figures without a database: each history folded whole, and added up."""
    found: dict[Any, Tally] = {}
    for events in histories:
        memory: Any = None
        for event in events:
            memory = rules.fold(memory, event, counting.said(memory))
        day = rules.day_of(memory)
        since = day.replace(day=1) if per == "month" else day - timedelta(days=day.weekday())
        fact = rules.facts(memory, definitions.on(day), asked=True)
        for area in rules.areas_of(memory):
            key = (area, since, memory["unit"], memory["type"], fact["reason"])
            found[key] = found.get(key, Tally()) + alone(fact)
    return found


def alone(fact: Mapping[str, Any]) -> Tally:
    """How one case counts."""
    if fact["reason"]:
        return Tally(cases=1)
    answer = "answer_aside" if fact["answer"] == "aside" else fact["answer"]
    names = {"cases", answer}
    names |= {f"{part}_{fact[part]}" for part in ("contact", "handled") if fact[part]}
    names |= {"redone"} if fact["redone"] else set()
    if answer == "answered":
        names |= {"solved"} if fact["solved"] else set()
        names |= {"voiced"} if fact["satisfied"] is not None else set()
        names |= {"satisfied"} if fact["satisfied"] else set()
    return Tally(**dict.fromkeys(names, 1))


# --- lived by the engine ---

WHO = ("dispatcher", "handler", "verifier", "reporter", "supervisor", "plumber")
STEP = st.tuples(
    st.integers(0, 2),  # which case
    st.integers(0, len(WHO) - 1),  # who, or the next who can do anything
    st.integers(0, 9),  # which of the offers, units, answers
    st.sampled_from((0, 5, 60, 24 * 60, 6 * 24 * 60)),  # minutes that pass before
    st.sampled_from(("", "", "", "", "", *APPEALED)),  # upheld
)


@settings(max_examples=12, deadline=None, suppress_health_check=SAVEPOINTS)
@given(
    st.lists(st.sampled_from(TYPES), min_size=3, max_size=3),
    st.lists(STEP, min_size=6, max_size=12),
    st.integers(0, 11),
)
def test_figures_hold_whatever_happens_to_cases(
    city: City, types: list[str], steps: list[Any], look: int
) -> None:
    point = transaction.savepoint()
    try:
        then, seen, now = MONDAY, counts(), MONDAY
        with clock.at(now):
            opened = [city.open(kind) for kind in types]
        for number, step in enumerate(steps):
            now += timedelta(minutes=1 + step[3])
            with clock.at(now):
                live(city, opened[step[0]], step)
                listen()
            if number == look:
                then, seen = now, counts()
        assert_figures_hold(Case.objects.count())  # what was split off is a case too
        assert differences() == []
        if seen:
            with recomputing.as_known(then):
                assert counts("fresh_count") == seen, "the past's figures can be made again"
    finally:
        transaction.savepoint_rollback(point)
        Cursor.objects.filter(receiver="insight.facts").delete()


def live(city: City, opened: Any, step: Any) -> None:
    """Something that may happen: an action, what time does, or a decision on an appeal."""
    _which, who, choice, _minutes, aside = step
    actions.due_now()
    if aside:
        decided = AppealDecided(
            str(opened.case_uuid), 1, aside, "unreasonable", choice % 3 > 0, False, ""
        )
        record(decided, stream_id=uuid7(), actor=SYSTEM)
        return
    actor, offers = able(city, opened, who)
    if not offers:
        return
    action = offers[choice % len(offers)]
    chosen = catalogue.workflow(case_of(opened).workflow_id).actions[action]
    data = given_for(chosen, city, choice)
    try:
        with transaction.atomic():
            actions.perform(opened.case_uuid, action, actor=actor, data=data)
    except (PermissionRefused, Problem):
        pass


def able(city: City, opened: Any, who: int) -> tuple[Actor, list[str]]:
    """Whoever of these can do something now, from the drawn one on, and what."""
    case = case_of(opened)
    for name in (*WHO[who:], *WHO[:who]):
        actor = city.reporter(opened) if name == "reporter" else city.staff[name]
        offers = sorted(one.key for one in offers_for(case, actor) if one.state)
        if offers:
            break
    return actor, offers


def assert_figures_hold(cases: int) -> None:
    assert Fact.objects.count() == cases
    for table in (Count, WeekCount):
        for row in table.objects.all():
            assert_row_holds(row)


def assert_row_holds(row: Any) -> None:
    tally = Tally(*(getattr(row, name) for name in COLUMNS))
    assert min(tally) >= 0
    if row.reason:
        assert tally == Tally(cases=row.cases), "what is left out is in no rate"
    for parts in PARTS.values():
        whole = sum(getattr(tally, name) for name in parts)
        assert whole <= tally.cases - (tally.cases if row.reason else 0)
    nobody = Fact.objects.filter(case_type=row.case_type, reason="", answer="")
    if not nobody.exists():
        assert row.reason or sum(getattr(tally, n) for n in PARTS["answer"]) == tally.cases
    for name, measure in MEASURES.items():
        for within in measure.within:
            assert 0 <= count(name, tally) <= count(within, tally)


def counts(table: str = "insight_count") -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT area, month, unit, case_type, reason, {', '.join(COLUMNS)} FROM {table}"
            " WHERE cases > 0 ORDER BY 1, 2, 3, 4, 5"
        )
        return list(cursor.fetchall())
