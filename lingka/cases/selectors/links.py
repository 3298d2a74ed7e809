"""Reads on units' links: those of a case, for its desk; and what one lets its holder see and do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lingka.cases import links, permissions
from lingka.cases.clocks import moment, of_unit
from lingka.cases.models import AssignmentLink, Case
from lingka.cases.rows import state_of
from lingka.cases.selectors.offers import ActionOffer, offers_for
from lingka.core import clock, contents
from lingka.core.actors import Actor


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
    offers: tuple[ActionOffer, ...]  # what the workflow lets a link do, now or later

    @property
    def may(self) -> tuple[str, ...]:
        """What can be done now."""
        return tuple(one.key for one in self.offers if one.state)


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
    state = _state(row, case)
    offers = tuple(one for one in offers_for(case, actor) if not _has_come(one, case, row.unit_id))
    note = contents.read([row.note]).get(row.note, "") if state == "works" else ""
    return LinkView(
        actor, case.uuid, case.number, case.case_type, row.unit_id, row.kind, str(note),
        case.place_id, case.grid_id, _due(case, row), row.expires_at, state, offers,
    )  # fmt: skip


def _due(case: Case, row: AssignmentLink) -> datetime | None:
    """Until when this unit has to do what is next for it: to come, to help; only whoever leads
    has the whole's time, and that after its own."""
    own = [case.clocks.get(of_unit(name, row.unit_id)) for name in ("arrive", "help")]
    running = [one for one in own if one and not one["stopped"]]
    if not running and row.kind == "lead" and "resolve" in case.clocks:
        running = [case.clocks["resolve"]]
    due = running[0].get("due") if running else None
    return moment(due) if due else None


def _has_come(offer: ActionOffer, case: Case, unit: int) -> bool:
    """Where each called unit is awaited for itself, one that is there is not asked again."""
    own = case.clocks.get(of_unit("arrive", unit))
    return offer.key == "arrive" and own is not None and bool(own["stopped"])


def _state(row: AssignmentLink, case: Case) -> str:
    part = {"unit": row.unit_id, "kind": row.kind, "ended": None}
    if row.revoked_at:
        return "revoked"
    if row.expires_at <= clock.now():
        return "expired"
    return "works" if any(part.items() <= one.items() for one in case.assignments) else "done"
