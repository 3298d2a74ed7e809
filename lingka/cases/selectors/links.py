"""Reads on units' links: those of a case, for its desk; and what one lets its holder see and do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lingka.cases import links, permissions
from lingka.cases.clocks import moment
from lingka.cases.models import AssignmentLink, Case
from lingka.cases.rows import state_of
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import permitted
from lingka.core import clock, contents
from lingka.core.actors import Actor

BY_LINK = ("sign_in", "report_back", "co_report")


@dataclass(frozen=True)
class LinkInfo:
    uuid: UUID
    unit_id: int
    kind: str
    token: str
    made_at: datetime
    expires_at: datetime
    state: str  # "works", "revoked", "expired", "done": its part of the case has ended


@dataclass(frozen=True)
class LinkView:
    """What the holder of a link sees: nothing of the reporter, no words but the desk's own."""

    actor: Actor
    case_uuid: UUID
    case_number: str
    case_type: str
    unit_id: int
    kind: str
    note: str
    place_id: int | None
    grid_id: int | None
    due: datetime | None
    expires_at: datetime
    state: str
    may: tuple[str, ...]


def may_link(case: Case, actor: Actor) -> bool:
    """May this actor make and revoke links of a case?"""
    return bool(permissions.may_link(permissions.relations(case, state_of(case), actor)))


def links_of(case: Case) -> list[LinkInfo]:
    """Every link of a case, the newest first."""
    rows = AssignmentLink.objects.filter(case=case).order_by("-id")
    return [
        LinkInfo(
            row.uuid, row.unit_id, row.kind, links.token_of(row.uuid, row.token_key), row.made_at,
            row.expires_at, _state(row, case),
        )
        for row in rows
    ]  # fmt: skip


def by_link(token: str) -> LinkView | None:
    """What a token opens; None for one that never was."""
    row = AssignmentLink.objects.select_related("case").filter(
        token_hash=links.hash_of(token)
    ).first()  # fmt: skip
    if row is None:
        return None
    case, actor = row.case, Actor("link", row.id)
    state, works = _state(row, case), state_of(case)
    workflow = catalogue.workflow(case.workflow_id)
    related = permissions.relations(case, works, actor)
    known = (workflow.actions[key] for key in BY_LINK if key in workflow.actions)
    may = tuple(one.key for one in known if permitted(workflow, works, one, related))
    due = case.clocks.get("resolve", {}).get("due")
    note = contents.read([row.note]).get(row.note, "") if state == "works" else ""
    return LinkView(
        actor, case.uuid, case.number, case.case_type, row.unit_id, row.kind, str(note),
        case.place_id, case.grid_id, moment(due) if due else None, row.expires_at, state, may,
    )  # fmt: skip


def _state(row: AssignmentLink, case: Case) -> str:
    part = {"unit": row.unit_id, "kind": row.kind, "ended": None}
    if row.revoked_at:
        return "revoked"
    if row.expires_at <= clock.now():
        return "expired"
    return "works" if any(part.items() <= one.items() for one in case.assignments) else "done"
