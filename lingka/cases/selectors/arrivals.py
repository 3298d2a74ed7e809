"""Who is awaited at a place: asked by a handler who scanned the code of its door."""

from dataclasses import dataclass

from lingka.cases import clocks, permissions, rows
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import permitted
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.units import selectors as units

ACTION = "arrive"
LOOKED_AT = 20  # open cases of one place


@dataclass(frozen=True)
class Arrival:
    """A case at this place for which the actor's unit has yet to arrive."""

    number: str
    version: int
    name: str
    unit: str


def arrivals_at(place_id: int, actor: Actor) -> list[Arrival]:
    """Cases here that wait for the arrival of the actor's unit, the most urgent first."""
    open_ = Case.objects.filter(place_id=place_id, stage=Stage.HANDLING).order_by("due_at", "id")
    found = (_arrival(case, actor) for case in open_[:LOOKED_AT])
    return [one for one in found if one is not None]


def _arrival(case: Case, actor: Actor) -> Arrival | None:
    state = rows.state_of(case)
    standing = permissions.standing(case, state, actor)
    workflow = catalogue.workflow(state.workflow)
    action = workflow.actions.get(ACTION)
    if action is None or standing.unit is None:
        return None
    own = state.clocks.get(clocks.of_unit(ACTION, standing.unit)) or state.clocks.get(ACTION)
    if own is None or own["stopped"]:
        return None
    if not permitted(workflow, state, action, standing.relations):
        return None
    kind = catalogue.case_type(state.case_type, catalogue=state.catalogue)
    return Arrival(case.number, case.version, kind.name, pick(units.unit(standing.unit).name))
