"""Cases that begin with another: where they lie and what they are about is taken from it."""

from typing import Any

from lingka.cases import clocks
from lingka.cases.definitions import CaseTypeInfo
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState
from lingka.cases.world import World
from lingka.core import codes


def as_json(state: CaseState) -> dict[str, Any]:
    """A first state as its event holds it: what is not empty."""
    empty = CaseState()
    shown = {name: getattr(state, name) for name in vars(empty)}
    return {
        name: list(v) if isinstance(v, tuple) else v
        for name, v in shown.items()
        if v != getattr(empty, name)
    }


def first_state(
    about: CaseState,
    kind: CaseTypeInfo,
    world: World,
    *,
    flow: str,
    channel: str,
    words: str | None,
    facts: dict[str, Any],
) -> CaseState:
    """The first state of a case that another brought forth; its clocks do not run yet."""
    moment, version = clocks.text(world.now), catalogue.current("workflow", flow)
    workflow = catalogue.workflow(version)
    first = workflow.first(channel)
    return CaseState(
        case_type=kind.key, catalogue=catalogue.current("case_types", "case_types"),
        workflow=version, channel=channel, number=free_number(),
        state=first.key, stage=first.stage, owner=first.owner,
        urgent=about.urgent or kind.urgent,
        grid=about.grid, area_path=about.area_path, place=about.place, desk_area=about.desk_area,
        words=words, location=about.location, h3=about.h3,
        opened_at=moment, changed_at=moment,
        facts={**facts, "located": about.facts.get("located", "")},
    )  # fmt: skip


def free_number() -> str:
    """One that is free: the action is not tried again like a report, whose key is its own."""
    while Case.objects.filter(number=(number := codes.short_code())).exists():
        continue
    return number
