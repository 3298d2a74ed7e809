"""What an action fixes about a case for later: a date, a level, who must answer or look again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks
from lingka.cases.declaring import MOMENT, UNIT, a_kept_choice, a_name, an_answer, declares
from lingka.cases.effects import assign_lead, facts_with, start_clock
from lingka.cases.supervising import due_by
from lingka.cases.workflow import CaseState, Deed, Effect, had_a_hand
from lingka.core.problems import Problem


@declares(an_answer)
def keep(state: CaseState, deed: Deed, name: str) -> CaseState:
    """Remember what was chosen: a level, a ground, a unit, a person's number. Never words."""
    return facts_with(state, **{name: deed.data.get(name)})


@declares(a_name)
def mark(state: CaseState, deed: Deed, name: str) -> CaseState:
    """Remember that this was done, and when."""
    return facts_with(state, **{name: clocks.text(deed.now)})


@declares(a_kept_choice)
def start_where(state: CaseState, deed: Deed, given: Mapping[str, Any]) -> CaseState:
    """Start clocks that only some cases have: {fact: level, is: major, clocks: [listing]}."""
    if state.facts.get(given["fact"]) == given["is"]:
        for name in given["clocks"]:
            state = start_clock(state, deed, name)
    return state


@declares(a_name, until=MOMENT)
def due_on(state: CaseState, deed: Deed, name: str) -> CaseState:
    """A clock is due on the day that was agreed, not by rule; warnings count anew."""
    state = due_by(state, deed, name)
    if name not in state.clocks:
        return state
    return facts_with(state, promised=clocks.text(deed.data["until"]))


def note_picture(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Somebody has shown how it looks."""
    return facts_with(state, pictured=True) if deed.pictured else state


def picture_from_before(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """What is mended later is shown as it was: by the report, or by whoever registers it."""
    if not deed.pictured and not state.facts.get("pictured"):
        message = _("The report has no photo: add one from before it is mended.")
        raise Problem("missing", message, field="attachments", status=422)
    return note_picture(state, deed, None)


MENDS = _("Whoever mends it cannot look at it again. Please choose another unit.")


@declares(reinspector=UNIT)
def name_reinspector(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Who looks again is fixed with the rest, and is nobody who mends it, mended it or helped."""
    again = deed.world.unit(deed.data["reinspector"]).id
    if again in had_a_hand(state.assignments, state.facts):
        raise Problem("separated", MENDS, field="reinspector")
    return facts_with(state, reinspector=again)


@declares(unit=UNIT)
def keep_apart(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Who was named to look again neither mends nor helps to: else nobody could strike it off."""
    if deed.data["unit"] == state.facts.get("reinspector"):
        raise Problem("separated", MENDS, field="unit")
    return state


@declares(code="place_code")
def at_the_place(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Whoever is there can read the code that hangs there; nobody's position is taken."""
    if state.place is None or deed.world.code_of(state.place) != deed.data["code"]:
        message = _("This is the code of another place. Read the one where the case is.")
        raise Problem("wrong_place", message, field="code", status=422)
    return state


def claim(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Whoever claims it has it, for as long as the clock of the claim runs."""
    route: dict[str, Any] = {"by": "claim"}
    if deed.actor["kind"] == "member":
        route["member"] = deed.actor["id"]
    mine = replace(deed, data={"unit": deed.unit, "route": route})
    return assign_lead(facts_with(state, moved=None), mine, None)


def lapse(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """A claim that nobody followed up is free again for others."""
    ended = tuple(
        one if one["ended"] else {**one, "ended": clocks.text(deed.now), "how": "lapsed"}
        for one in state.assignments
    )
    return replace(state, lead_unit=None, assignments=ended)


EFFECTS: dict[str, Effect] = {
    function.__name__: function
    for function in (
        keep,
        mark,
        start_where,
        due_on,
        note_picture,
        picture_from_before,
        name_reinspector,
        keep_apart,
        at_the_place,
        claim,
        lapse,
    )
}
