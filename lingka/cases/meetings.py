"""Units that are on a case together meet: when, who came, who did not. What was agreed is words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks, joint
from lingka.cases.declaring import MOMENT, declares
from lingka.cases.effects import facts_with
from lingka.cases.workflow import CaseState, Deed, Effect
from lingka.core.problems import Problem


def expected(state: CaseState) -> list[int]:
    """The unit in charge and those that help."""
    lead = [state.lead_unit] if state.lead_unit else []
    return [*lead, *joint.helping(state)]


@declares(at=MOMENT)
def call_meeting(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    if deed.data["at"] <= deed.now:
        message = _("This time has passed already. Please choose a later one.")
        raise Problem("past", message, field="at", status=422)
    return facts_with(state, meeting={"at": clocks.text(deed.data["at"])})


@declares(came="helpers", guarded="meeting_is_called")
def hold_meeting(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Who was expected and did not come is kept too: what was agreed may not bind them."""
    came = deed.data["came"]
    if set(came) - {one["unit"] for one in state.assignments}:
        raise Problem("helper", _("This unit is not on the case."), field="came", status=422)
    held = {
        "at": state.facts["meeting"]["at"], "came": came,
        "away": [unit for unit in expected(state) if unit not in came],
    }  # fmt: skip
    return facts_with(state, meeting=None, meetings=[*state.facts.get("meetings", ()), held])


def end_meeting(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return facts_with(state, meeting=None)


EFFECTS: dict[str, Effect] = {
    function.__name__: function for function in (call_meeting, hold_meeting, end_meeting)
}
