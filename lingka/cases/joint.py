"""Several units on one case: each with an assignment, a clock and a result of its own.

A unit that helps has clocks named after it ("help:12"): they warn, pass and climb like any other,
and stop by themselves as soon as it has no part in the case any more (`effects.settle`).
The lead reports for all, once each of them has reported, has refused or was excused, so that the
resident hears one answer that is true.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks
from lingka.cases.declaring import UNIT, declares, option_of
from lingka.cases.effects import facts_with, given_to, start_clock, stop_clock
from lingka.cases.workflow import CaseState, Deed, Effect
from lingka.core.problems import Problem

HELP, ARRIVE = "help", "arrive"  # what a called unit's clocks are for


def helping(state: CaseState) -> list[int]:
    """The units that help and have not ended yet."""
    return [one["unit"] for one in state.assignments if _running(one)]


def _running(one: Mapping[str, Any]) -> bool:
    return one["kind"] == "co" and not one["ended"]


@declares(unit=UNIT)
def add_co_handler(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """One more unit helps, with its own time for it."""
    return _join(state, deed, deed.data["unit"], (HELP,))


@declares(unit=UNIT, may_ask={"units": frozenset({"units"})})
def call_units(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The lead and whoever else is called have to come: each arrival has a clock."""
    lead = deed.data["unit"]
    there = {lead, *helping(state)}
    called = [one for one in deed.data.get("units", ()) if one not in there]
    for unit in called:
        state = _join(state, deed, unit, (ARRIVE, HELP))
    return start_clock(state, deed, clocks.of_unit(ARRIVE, lead))


@declares(option_of("ground"), unit=UNIT)
def on_a_promise(state: CaseState, deed: Deed, ground: str) -> CaseState:
    """Who is called because it promised to come has an agreement in force that says so."""
    if deed.data.get("ground") == ground and not deed.world.has_promised(deed.data["unit"], state):
        message = _("This unit has no agreement in force for this here: choose another ground.")
        raise Problem("not_promised", message, field="ground", status=409)
    return state


def _join(state: CaseState, deed: Deed, unit: int, named: Iterable[str]) -> CaseState:
    unit = given_to(state, deed, unit, lead=False).id
    if any(one["unit"] == unit and not one["ended"] for one in state.assignments):
        raise Problem("already", _("This unit is on the case already."), field="unit")
    mine = {"unit": unit, "kind": "co", "at": clocks.text(deed.now), "ended": None}
    state = replace(state, assignments=(*state.assignments, mine))
    for name in named:
        state = start_clock(state, deed, clocks.of_unit(name, unit))
    return state


@declares(may_ask={"helper": frozenset({"helper"})})
def unit_arrived(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The unit of whoever says so is there; or the one that the desk names."""
    unit = deed.data.get("helper", deed.unit)
    name = clocks.of_unit(ARRIVE, unit)
    if name not in state.clocks or state.clocks[name]["stopped"]:
        raise Problem("no_arrival", _("No arrival of this unit is awaited."), status=409)
    return stop_clock(stop_clock(state, deed, name), deed, "respond")


def co_reported(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return _end(state, deed, deed.unit, "done")


def co_refused(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """A unit says why it does not help: the desk hears it, and the lead need not wait for it."""
    return _end(state, deed, deed.unit, "refused")


@declares(helper="helper")
def excuse(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The desk lets a unit go that helped, so that the lead can report without it."""
    if deed.data["helper"] not in helping(state):
        raise Problem("helper", _("This unit does not help here any more."), field="helper")
    return _end(state, deed, deed.data["helper"], "excused")


def _end(state: CaseState, deed: Deed, unit: int | None, how: str) -> CaseState:
    ended = clocks.text(deed.now)
    parts = tuple(
        {**one, "ended": ended, "how": how} if _running(one) and one["unit"] == unit else one
        for one in state.assignments
    )
    return replace(state, assignments=parts)


def open_dispute(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The unit acts, and the level above settles within its time whose matter it is."""
    asked = {"unit": state.lead_unit, "at": clocks.text(deed.now)}
    above = deed.world.desk_above(state.desk_area)
    state = replace(state, desk_area=state.desk_area if above is None else above)
    return start_clock(facts_with(state, dispute=asked), deed, "ruling")


def end_dispute(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return stop_clock(facts_with(state, dispute=None), deed, "ruling")


@declares(helper="helper", in_time="flag", solved="flag")
def rate_unit(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Who called says how a unit came and worked; the last word counts."""
    said = {"in_time": deed.data["in_time"], "solved": deed.data["solved"]}
    given = {**state.facts.get("units_rated", {}), str(deed.data["helper"]): said}
    return facts_with(state, units_rated=given)


@declares(justified="flag")
def rate_call(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """A called unit says whether the call was one that the rules allow."""
    given = {**state.facts.get("call_rated", {}), str(deed.unit): deed.data["justified"]}
    return facts_with(state, call_rated=given)


EFFECTS: dict[str, Effect] = {
    function.__name__: function
    for function in (
        add_co_handler,
        call_units,
        on_a_promise,
        unit_arrived,
        co_reported,
        co_refused,
        excuse,
        open_dispute,
        end_dispute,
        rate_unit,
        rate_call,
    )
}
