"""The desk's lists stay on their indexes, however full the table is."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingka.accounts.selectors import posts_of
from lingka.cases.selectors import lists, queues
from lingka.cases.selectors.queues import Filters, Tab
from tests.cases.city import City, case_of
from tests.cases.plans import crowd, plans

pytestmark = pytest.mark.usefixtures("unhurried")

MANY = 4000


@pytest.fixture
def full(city: City) -> City:
    """Thousands of cases copied from a few real ones; most of them closed."""
    closed, helped = city.at("resolved"), city.at("handling")
    city.do(closed, "rate", city.reporter(closed), solved=True)
    city.do(helped, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    others = ((closed, MANY), (helped, MANY // 20), (city.open(), MANY // 20))
    crowd(*[(case_of(one), count) for one, count in others])
    return city


def _read_whole() -> int:
    """How often this transaction read the whole table of cases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'cases_case'")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("who", ["dispatcher", "handler", "plumber", "verifier", "supervisor"])
@pytest.mark.parametrize("order", ["due", "new"])
def test_no_list_of_the_desk_reads_the_whole_table(full: City, who: str, order: str) -> None:
    actor = full.staff[who]
    posts = posts_of(actor.id or 0)
    before = _read_whole()
    with CaptureQueriesContext(connection) as asked:
        for tab in Tab:
            first = queues.queue(actor, tab, Filters(order=order), posts=posts)
            queues.queue(actor, tab, Filters(order=order), first.next, posts)
        queues.counters(actor, posts=posts)
    assert _read_whole() == before  # by the plan that is kept for all values
    for plan in plans(asked):
        assert "Seq Scan on cases_case" not in plan, plan
        assert re.search(r"case_(desk|unit)_queue|case_owed_beside|case_helpers", plan), plan


def test_who_helps_reads_the_helped_cases_by_their_index_alone(full: City) -> None:
    actor = full.staff["plumber"]
    posts = posts_of(actor.id or 0)
    with CaptureQueriesContext(connection) as asked:
        page = queues.queue(actor, Tab.MINE, posts=posts)
    assert len(page.rows) == queues.PAGE
    for plan in plans(asked):
        assert plan.count("Scan on case_helpers") == 1, plan
        assert "Filter: (helpers" not in plan, plan


def test_what_a_leader_leads_by_name_is_found_by_its_index(full: City) -> None:
    led = full.at("handling")
    full.do(led, "take_lead", "leader")
    with CaptureQueriesContext(connection) as asked:
        page = queues.queue(full.staff["leader"], Tab.MINE)
    assert [case.uuid for case in page.rows] == [led.case_uuid]
    for plan in plans(asked):
        assert "case_led" in plan, plan
        assert "Seq Scan on cases_case" not in plan, plan


def test_what_lies_below_and_in_the_grids_goes_by_index_too(full: City) -> None:
    with CaptureQueriesContext(connection) as asked:
        posts = posts_of(full.staff["supervisor"].id or 0)
        queues.below(posts, Tab.LATE, Filters())
        queues.counters_below(posts)
        lists.open_in_grids(posts_of(full.staff["walker"].id or 0))
    for plan in plans(asked):
        assert "Seq Scan on cases_case" not in plan, plan


def test_pages_follow_each_other_without_gap_or_repeat(full: City) -> None:
    actor = full.staff["dispatcher"]
    seen: list[Any] = []
    after: str | None = ""
    while after is not None:
        page = queues.queue(actor, Tab.MINE, None, after)
        seen += [case.pk for case in page.rows]
        after = page.next
    assert len(seen) == len(set(seen)) == MANY // 20 + 1


def test_counters_stop_at_ninety_nine(full: City) -> None:
    counts = queues.counters(full.staff["dispatcher"])
    assert counts[Tab.MINE] == counts[Tab.OTHERS] == queues.CAP + 1
