"""Whatever happens to cases, the figures hold, and the past can be made again."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.cases import actions
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.offers import offers_for
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.models import Cursor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.insight import recomputing
from lingka.insight.actions import differences
from lingka.insight.events import AppealDecided
from lingka.insight.measures import COLUMNS, MEASURES, PARTS, Tally, count
from lingka.insight.models import Count, Fact
from tests.cases.city import MONDAY, City, case_of
from tests.cases.test_engine_machine import given_for
from tests.insight.conftest import listen

TYPES = ("light.out", "water.burst", "help.papers")
WHO = ("dispatcher", "handler", "verifier", "supervisor", "reporter", "plumber")
LIKELY = ("dispatcher", "handler", "verifier", "reporter")
STEP = st.tuples(
    st.integers(0, 2),  # which case
    st.sampled_from((*WHO, *LIKELY, *LIKELY)),
    st.integers(0, 9),  # which of the offers, units, answers
    st.sampled_from((0, 5, 60, 24 * 60, 6 * 24 * 60)),  # minutes that pass before
    st.sampled_from(("", "", "", "", "", "exclude", "rating", "response", "on_time")),  # upheld
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEP, min_size=1, max_size=18), st.integers(0, 17))
def test_figures_hold_whatever_happens_to_cases(city: City, steps: list[Any], look: int) -> None:
    point = transaction.savepoint()
    try:
        then, seen, now = MONDAY, counts(), MONDAY
        with clock.at(now):
            opened = [city.open(kind) for kind in TYPES]
        for number, step in enumerate(steps):
            now += timedelta(minutes=1 + step[3])
            with clock.at(now):
                live(city, opened[step[0]], step)
                listen()
                assert_figures_hold()
            if number == look:
                then, seen = now, counts()
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
    actor = city.reporter(opened) if who == "reporter" else city.staff[who]
    offers = sorted(one.key for one in offers_for(case_of(opened), actor) if one.state)
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


def assert_figures_hold() -> None:
    assert Fact.objects.count() == len(TYPES)
    for row in Count.objects.all():
        tally = Tally(*(getattr(row, name) for name in COLUMNS))
        assert min(tally) >= 0
        if row.reason:
            assert tally == Tally(cases=row.cases), "what is left out is in no rate"
        for parts in PARTS.values():
            whole = sum(getattr(tally, name) for name in parts)
            assert whole <= tally.cases - (tally.cases if row.reason else 0)
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
