"""Chains of desks: which levels take a case in turn before a unit gets it. Levels are data.

`on_open: [{chain: [community, street]}]` notes the desks of these levels above where the case
lies; a level without a desk is left out, since whoever stands above does its work. No desk of the
chain is skipped: until the last one has the case, it is handed up and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from lingka.cases.declaring import declares, some_levels
from lingka.cases.workflow import CaseState, Deed, Effect
from lingka.core.problems import Problem


def ahead(state: CaseState) -> Sequence[int]:
    """The desks that have to take it after this one; none for a desk above the chain."""
    desks: Sequence[int] = state.facts.get("chain", ())
    at = state.desk_area
    return desks[desks.index(at) + 1 :] if at in desks else ()


@declares(some_levels)
def chain(state: CaseState, deed: Deed, levels: Sequence[str]) -> CaseState:
    """The desks of these levels, the lowest first, from the one where the case begins."""
    found = (deed.world.desk_at(state.desk_area, level) for level in levels)
    desks = list(dict.fromkeys([state.desk_area, *found]))
    return replace(state, facts={**state.facts, "chain": desks}) if len(desks) > 1 else state


def hand_up(state: CaseState, deed: Deed, _argument: None) -> CaseState:
    """To the next desk of the chain."""
    desks = ahead(state)
    if not desks:
        raise Problem("done", _("The chain ends here."), status=409)
    return replace(state, desk_area=desks[0])


EFFECTS: dict[str, Effect] = {function.__name__: function for function in (chain, hand_up)}
