"""How a case begins: where it lies, who is suggested, which clocks run. Reads only, writes nothing,
so that a made-up case begins just as a real one does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import h3

from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.areas.selectors import AreaInfo
from lingka.cases import clocks, effects, grades, named, routing
from lingka.cases.definitions import Action, CaseTypeInfo, Workflow
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, Deed
from lingka.cases.world import World
from lingka.core import codes
from lingka.core.actors import SYSTEM

NEAR = 9  # H3 resolution of nearness


@dataclass(frozen=True)
class Where:
    """Where a report is about; `how` says how it was found (`areas.selectors.locate`, or by
    the area that the address names)."""

    lon: float | None
    lat: float | None
    grid: int | None
    path: str
    how: str
    place: int | None = None

    @property
    def cell(self) -> str | None:
        if self.lon is None or self.lat is None:
            return None
        return str(h3.latlng_to_cell(self.lat, self.lon, NEAR))


def at_place(number: int, lon: float | None = None, lat: float | None = None) -> Where:
    """At a place whose code was scanned; a point of its own may be given with it."""
    place = areas.place(number)
    grid = areas.area(place.grid_id)
    if lon is None or lat is None:
        lon, lat = place.lon, place.lat
    return Where(lon, lat, grid.id, grid.path, "inside", number)


def at_point(lon: float, lat: float) -> Where:
    found = areas.locate(lon, lat)
    return Where(lon, lat, found.grid_id, found.path or areas.roots()[0].path, found.how)


def in_area(area: AreaInfo) -> Where:
    """Somewhere in an area; in a grid the grid is known."""
    grid = area.id if area.level == scheme().grid else None
    return Where(None, None, grid, area.path, "address")


def at_address(address: str, desk_area: int | None) -> Where:
    """In the area that an address names; else with the desk that took the report."""
    area = areas.named(address)
    if area is None or area.parent_id is None:
        desk = areas.area(desk_area) if desk_area else areas.roots()[0]
        return Where(None, None, None, desk.path, "none")
    return in_area(area)


def begun(
    kind: CaseTypeInfo,
    where: Where,
    world: World,
    *,
    channel: str,
    kept: Mapping[str, Mapping[str, str]],
) -> CaseState:
    """The first state of a case of this kind, here and now. `kept`: content ids by name."""
    now = world.now
    workflow_id = catalogue.current("workflow", kind.workflow)
    workflow = catalogue.workflow(workflow_id)
    first = workflow.first(channel)
    state = CaseState(
        case_type=kind.key,
        catalogue=catalogue.current("case_types", "case_types"),
        workflow=workflow_id,
        channel=channel,
        number=codes.short_code(),
        state=first.key,
        stage=first.stage,
        owner=first.owner,
        urgent=kind.urgent,
        grid=where.grid,
        area_path=where.path,
        place=where.place,
        desk_area=world.desk_of(where.path),
        words=kept.get("words", {}).get("content"),
        location=kept.get("location", {}).get("content"),
        h3=where.cell,
        opened_at=clocks.text(now),
        changed_at=clocks.text(now),
    )
    state = replace(state, facts=routing.suggested(state, now) | {"located": where.how})
    return running(grades.begun(workflow, state, world), workflow, world)


def running(state: CaseState, workflow: Workflow, world: World) -> CaseState:
    """With the clocks that the opening itself starts."""
    report_itself = by_system(next(iter(workflow.actions.values())), world.now, world)
    state = effects.start_clock(state, report_itself, workflow.states[state.state].clock)
    for name, argument in workflow.on_open:
        state = named.EFFECTS[name](state, report_itself, argument)
    return state


def sent_at_once(state: CaseState, world: World) -> Deed | None:
    """What the engine does with an urgent case that a rule covers: it goes straight to the unit."""
    route = state.facts.get("suggested")
    if not state.urgent or not route:
        return None
    sending = catalogue.workflow(state.workflow).by_system(state.state, "assign_lead")
    if sending is None:
        return None
    return by_system(sending, world.now, world, unit=route["unit"], route=route)


def by_system(action: Action, now: datetime, world: World, **data: Any) -> Deed:
    return Deed(action, data, SYSTEM.as_json(), None, now, world)
