"""What a run shows is what was planned; and where it is not, the run ends as a failure."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post
from lingka.cases import clocks, parts
from lingka.core import clock, delivery, receivers
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.insight.selectors import definitions
from lingka.ops import simulating
from lingka.simulation import checked, figures, known, report, tables
from lingka.simulation.plan import Plan, merged, read
from lingka.simulation.reckoned import types
from lingka.simulation.reckoned_time import Office
from lingka.simulation.reckoning import Deed, Reckoning
from lingka.simulation.running import Simulation
from lingka.units.calendars import WorkCalendar
from tests.cases import city as cities
from tests.cases.city import City
from tests.simulation.plans import plan, run

FLOWS = {path.stem for path in (parts.DATA / "workflows").glob("*.yaml")}
CHAINED = {
    key for key, one in known.flows().items()
    if any("chain" in effect for effect in one.get("on_open", ()))
}  # fmt: skip
HEARD = ("insight.facts", "cases.parts")
OWN = (
    "light.out", "water.burst", "help.question", "joint.street", "joint.community", "joint.slip",
    "safety.hazard", "enterprise.demand", "council.resolution", "wish.small",
)  # fmt: skip

OFTEN = {
    "merge": 0.15, "raise_grade": 0.3, "name_lead": 0.1, "lead_answer": 0.9, "supervise": 0.2,
    "answer_supervision": 0.9, "end_supervision": 0.9, "refuse_call": 0.2,
}  # fmt: skip
BESIDES = {
    "intake": OFTEN, "dispatch": OFTEN,
    "handling": OFTEN | {"add_co_handler": 0.4, "ask_call": 0.3, "call_meeting": 1,
                         "call_off_meeting": 0.2, "hold_meeting": 1, "drop": 0.1},
    "verification": {"verify_part": 1, "call_back_spared": 0.2},
}  # fmt: skip


def busy() -> Plan:
    """Ten days of a tiny town in which everything happens, and much of it late."""
    whole = merged(read("corner").body, {})
    handling = whole["ways"]["handling"]
    first = handling["first"] | {"split": 0.4, "extend_ask": 0.3, "ask": 0.3}
    ways = whole["ways"] | {
        "handling": {"first": first, "then": handling["then"] | {"suspend": 60}}
    }
    return plan(
        days=10, look_every=60, ways=ways, besides=BESIDES, workflows=whole["workflows"],
        who=whole["who"],
        claimants=["water", "light"], routes={"*": ["light", "water"]}, deliver_every=240,
        waits={"report_back": {"mean": 20, "cv": 1.5}, "first_contact": 2, "rate": 30},
        choices={"rate.solved": {"yes": 3, "no": 1}},
        reports={"per_day": 4, "joined": 0.3, "types": dict.fromkeys(OWN, 1)},
    )  # fmt: skip


class Hearing:
    """Hands events to receivers inside the tests' own transaction, where delivery waits."""

    def __init__(self) -> None:
        receivers.discover()
        self.upto = 0

    def __call__(self) -> None:
        rows = list(Event.objects.filter(position__gt=self.upto).order_by("position"))
        self.upto = rows[-1].position if rows else self.upto
        for mine in (receivers.RECEIVERS[name] for name in HEARD):
            if told := [stored(row) for row in rows if row.type in mine.types]:
                mine.handle(told)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Simulation]:
    with (
        django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch,
        clock.at(cities.MONDAY),
    ):  # fmt: skip
        patch.setattr(delivery, "run_until_idle", Hearing())
        yield run(_with_desks_below(cities.build()), busy())
        transaction.set_rollback(True)


def _with_desks_below(city: City) -> City:
    """Grid and community have desks too: chains begin there, and climb to the street's."""
    like = Post.objects.get(user_id=city.staff["dispatcher"].id, role="dispatcher")
    for who, area in (("supervisor", city.grid.parent), ("walker", city.grid)):
        Post.objects.create(
            user_id=city.staff[who].id,
            role="dispatcher",
            unit=like.unit,
            area=area,
            valid_from=like.valid_from,
        )
    accounts.forget()
    return city


@pytest.mark.django_db
def test_what_the_product_shows_is_what_was_planned(lived: Simulation) -> None:
    told = figures.of(lived)["checked"]
    wrong = checked.differing(told)
    assert not wrong, tables.plain(tables.checked(wrong))
    planned = {one["what"]: one["planned"] for one in told}
    month = planned["2026-11 response"], planned["2026-11 resolution"], planned["2026-11 on_time"]
    assert all(one not in {"0 of 0", "0 of 1"} for one in month), month
    passed = [one for what, one in planned.items() if what.startswith("deadline ")]
    assert any(not one.endswith(" 0 passed") for one in passed), passed


@pytest.mark.django_db
def test_every_workflow_is_walked_and_every_chain_climbed(lived: Simulation) -> None:
    walked = figures.of(lived)["walked"]
    assert {key for key, one in walked.items() if one["done"]} == FLOWS
    assert {key for key in CHAINED if walked[key]["done"].get("hand_up")} == CHAINED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rate", "change"),
    [
        ("response", {"counts": "contacted_late"}),
        ("resolution", {"counts": "not_solved"}),
        ("satisfaction", {"counts": "not_satisfied"}),
        ("on_time", {"of": "assessed"}),
    ],
)
def test_a_rate_that_is_made_otherwise_is_found(
    lived: Simulation, monkeypatch: pytest.MonkeyPatch, rate: str, change: dict[str, str]
) -> None:
    by = definitions.on(cities.MONDAY.date())
    shifted = [
        dataclasses.replace(one, **change) if one.key == rate else one  # type: ignore[arg-type]
        for one in by.rates
    ]
    monkeypatch.setattr(
        definitions, "on", lambda _day: dataclasses.replace(by, rates=tuple(shifted))
    )
    wrong = {one["what"] for one in checked.differing(figures.of(lived)["checked"])}
    assert wrong == {f"2026-11 {rate}"}


@pytest.mark.django_db
def test_a_deadline_that_passed_and_was_not_noticed_is_found(lived: Simulation) -> None:
    late = next(one for one in lived.reckoning.matters.values() if _passed(one))
    tick = next(one for one in late.every if one.passed)
    tick.passed = False
    try:
        wrong = [one["what"] for one in checked.differing(figures.of(lived)["checked"])]
    finally:
        tick.passed = True
    assert wrong == [f"deadline {tick.name}"]


def _passed(matter: Any) -> bool:
    return any(one.passed for one in matter.every)


@pytest.mark.django_db
def test_a_case_at_another_stage_is_found(lived: Simulation) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET stage = 'intake' WHERE id ="
            " (SELECT min(id) FROM cases_case WHERE stage <> 'intake')"
        )
        now = checked.look(lived)
        transaction.set_rollback(True)
    assert dict(now.shown) != {key: n for key, n in now.planned.items() if n or key == "late"}


@pytest.mark.parametrize(("shown", "ends"), [("1 of 2", 0), ("2 of 2", simulating.DIFFERS)])
def test_the_command_fails_where_two_figures_differ(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shown: str, ends: int
) -> None:
    told = {"checked": [{"what": "2026-11 response", "planned": "1 of 2", "shown": shown}]}
    monkeypatch.setattr(simulating, "_apart", lambda _plans: iter([told]))
    monkeypatch.setattr(report, "terminal", lambda several: "\n".join(report.verdict(several[0])))
    assert simulating.run(["corner"], here=False, report=None, figures=None) == ends
    said = capsys.readouterr().out
    assert ("differ" in said, "2 of 2" in said) == (bool(ends), bool(ends))


def test_the_half_year_walks_every_workflow() -> None:
    given = read("half_year")
    reported = {types()[key]["workflow"] for key in given.body["reports"]["types"]}
    ways = [*given.body["ways"].values()]
    assert any(way.get("first", {}).get("split") for way in ways), "else no part is walked"
    assert reported | {"part"} == FLOWS


def test_what_grows_too_large_is_expected_before_a_council() -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 3600
    books.opened(CASE, "light.out", at, "/1/")
    kinds = [
        books.acted(CASE, Deed(action, at + step, "user1", 7, {"unit": 7}))
        for step in range(3) for action in ("dispatch", "sign_in", "return")
    ]  # fmt: skip
    assert kinds[-1] == "council.resolution"
    assert not any(kinds[:-1])
    books.brought(COUNCIL, kinds[-1], at + 4)
    assert books.matters[COUNCIL].state == "raised"


def test_what_is_merged_and_parted_again_keeps_the_deadline_that_was_promised() -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 3600
    for case, grid in ((CASE, "/1/2/"), (OTHER, "/1/3/")):
        books.opened(case, "light.out", at, grid)
    promised, owed = (books.matters[CASE].clocks[name] for name in ("resolve", "accept"))
    _done(books, CASE, "merge", at + 60)
    books.merged(CASE, OTHER, at + 60)
    assert books.matters[CASE].left_out == "merged"
    assert books.matters[OTHER].grade == 1, "two grids named it"
    _done(books, CASE, "part_again", at + 120)
    books.apart(CASE, OTHER, at + 120)
    found = books.matters[CASE]
    assert (found.state, found.left_out) == ("received", "")
    assert found.clocks["resolve"] is promised
    assert promised.runs
    assert found.clocks["accept"] is not owed


def test_a_day_promised_for_what_was_merged_reminds_the_other_until_they_part() -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 12 * 3600
    for case in (CASE, OTHER):
        books.opened(case, "light.out", at, "/1/")
    day = {"until": datetime.fromtimestamp(at + 86400, UTC)}
    books.acted(CASE, Deed("promise", at + 30, "user1", 7, day))
    _done(books, CASE, "merge", at + 60)
    books.merged(CASE, OTHER, at + 60)
    carried = books.matters[OTHER].clocks["promise"]
    assert (carried.due, carried.runs) == (int(at) + 86400, True)
    _done(books, CASE, "part_again", at + 120)
    books.apart(CASE, OTHER, at + 120)
    assert not carried.runs
    assert books.matters[CASE].clocks["promise"].runs


def test_a_deadline_is_not_missed_while_the_case_was_merged_if_met_before_the_next_look() -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 12 * 3600
    for case in (CASE, OTHER):
        books.opened(case, "light.out", at, "/1/")
    _done(books, CASE, "merge", at + 60)
    books.merged(CASE, OTHER, at + 60)
    late = books.matters[CASE].clocks["respond"].due + 3601
    for step, action in enumerate(("part_again", "accept", "dispatch", "first_contact")):
        books.acted(CASE, Deed(action, late + step, "user1", 7, {"unit": 7}))
    assert not books.matters[CASE].clocks["respond"].passed


def test_nobody_waits_for_a_unit_that_has_the_case_no_longer() -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 3600
    books.opened(CASE, "joint.street", at, "/1/")
    for step, action in enumerate(("accept", "call", "reassign")):
        given = {"unit": 7 + step, "ground": "beyond"}
        books.acted(CASE, Deed(action, at + step, "user1", 7, given))
    clocks = books.matters[CASE].clocks
    assert clocks["arrive:8"].stopped is not None
    assert clocks["arrive:9"].runs


def test_what_is_raised_twice_comes_before_a_council() -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 3600
    books.opened(CASE, "light.out", at, "/1/")
    assert not _done(books, CASE, "raise_grade", at + 1)
    assert _done(books, CASE, "raise_grade", at + 2) == "council.resolution"


@pytest.mark.parametrize(
    ("kind", "given"), [("safety.hazard", {"caller": "street"}), ("joint.community", {})]
)
def test_a_call_that_was_asked_for_is_left_out_as_a_part(kind: str, given: dict[str, str]) -> None:
    books, at = Reckoning(read("corner")), read("corner").begin.timestamp() + 3600
    books.opened(CASE, kind, at, "/1/")
    deed = Deed("ask_call", at + 1, "user1", 7, given)
    books.acted(CASE, deed)
    assert books.parted(CASE, OTHER, deed) == "joint.street"
    assert books.matters[OTHER].left_out == "part"


def _done(books: Reckoning, case: UUID, action: str, at: float) -> str:
    return books.acted(case, Deed(action, at, "user1", 7, {}))


CASE, COUNCIL, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
BASES = ("elapsed", "working_hours", "working_days", "end_of_week", "end_of_month")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 180 * 24 * 3600), st.sampled_from(BASES), st.integers(1, 20),
    st.integers(0, 30 * 24 * 3600),
)  # fmt: skip
def test_deadlines_counted_by_hand_are_those_of_the_calendar(
    since: int, basis: str, amount: int, more: int
) -> None:
    office, calendar = offices()
    start = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=since)
    at, due = int(start.timestamp()), clocks.due_at(basis, amount, start, calendar)
    assert office.due({"basis": basis, "amount": amount}, at) == int(due.timestamp())
    later = start + timedelta(seconds=more)
    assert office.between(at, at + more) == calendar.working_seconds_between(start, later)
    assert office.after(at, more) == int(calendar.add_working_time(start, more).timestamp())


def offices() -> tuple[Office, WorkCalendar]:
    """The demo city's office hours, told to both."""
    if not HELD:
        given = read("half_year")
        office = Office(given)
        names = {"zh-hans": "", "bo": "", "en": ""}
        hours = dict.fromkeys(range(5), given.body["office"]["hours"])
        days_off = dict.fromkeys(office.closed, names)
        HELD.append((office, WorkCalendar(1, "Asia/Shanghai", hours, "CN", days_off)))
    return HELD[0]


HELD: list[tuple[Office, WorkCalendar]] = []


def test_the_plan_knows_the_demo_city_s_festivals() -> None:
    from lingka.demo import organisation

    closed = Office(read("half_year")).closed
    firsts = {*organisation.LOSAR, *organisation.SHOTON}
    assert firsts <= closed
    assert [tuple(one) for one in read("half_year").body["office"]["hours"]] == [
        *organisation.OFFICE
    ]


def test_a_report_tells_of_both_sides(tmp_path: Path) -> None:
    lines = [
        {"what": "2026-11 response", "planned": "1 of 2", "shown": "2 of 2"},
        {"what": "2026-11-16: intake", "planned": "1", "shown": "1"},
        {"what": "2026-11-01: intake", "planned": "1", "shown": "1"},
    ]
    page = tables.markdown(tables.checked(report.of_note(lines)))
    assert "| 2026-11 response | 1 of 2 | 2 of 2 |" in page
    assert "2026-11-16" not in page
    assert "2026-11-01" in page
