"""How several cases stand, for ledgers kept of them: nothing of who reported, nothing they said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from lingka.areas import selectors as areas
from lingka.cases.models import Case, Receipt
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.faces import moment
from lingka.core.text import pick
from lingka.units import selectors as units

COLUMNS = (
    "uuid", "number", "case_type", "workflow_id", "stage", "state", "area_path", "grid_id",
    "place_id", "lead_unit_id", "opened_at", "closed_at", "clocks__resolve__due", "facts",
)  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """One case. `due`: when it has to be done, as promised or by rule."""

    uuid: UUID
    number: str
    case_type: str
    workflow: str  # its key
    stage: str
    state: str
    state_label: str
    area_path: str
    where: str
    unit: str
    opened_at: datetime
    closed_at: datetime | None
    due: datetime | None
    protected_at: datetime | None  # made safe for the time being
    extensions: int
    solved: bool | None  # the reporter's answer, where there is one
    leader: int | None  # the user who was named to lead
    answered: bool  # the named lead has answered


def progress_of(uuids: Iterable[UUID]) -> dict[UUID, Progress]:
    """Cases by id, as they now stand: two statements at most."""
    rows = list(Case.objects.filter(uuid__in=list(uuids)).values(*COLUMNS))
    places = areas.places([row["place_id"] for row in rows if row["place_id"]])
    return {row["uuid"]: _progress(row, places.get(row["place_id"])) for row in rows}


def _progress(row: Mapping[str, Any], place: "areas.PlaceInfo | None") -> Progress:
    facts = row["facts"]
    workflow = catalogue.workflow(row["workflow_id"])
    state = workflow.states[row["state"]]
    area = areas.area(row["grid_id"] or int(row["area_path"].strip("/").rpartition("/")[2]))
    lead = row["lead_unit_id"]
    return Progress(
        uuid=row["uuid"],
        number=row["number"],
        case_type=row["case_type"],
        workflow=workflow.key,
        stage=row["stage"],
        state=row["state"],
        state_label=pick(state.label),
        area_path=row["area_path"],
        where=pick(place.name if place else area.name),
        unit=pick(units.unit(lead).name) if lead else "",
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        due=moment(row["clocks__resolve__due"]),
        protected_at=moment(facts.get("protected")),
        extensions=facts.get("extensions", 0),
        solved=facts.get("solved"),
        leader=facts.get("leader"),
        answered=bool(facts.get("contacted")),
    )


def claimed_by_member(member: int) -> list[tuple[UUID, datetime | None]]:
    """Cases that a member has claimed and not delivered yet, and until when they are theirs."""
    rows = (
        Case.objects.alias(claimed_by=Cast(KT("facts__route__member"), BigIntegerField()))
        .filter(facts__route__has_key="member", claimed_by=member, owner="lead_handler")
        .exclude(stage="closed")
    )
    found = rows.order_by("changed_at").values_list("uuid", "clocks__claim__due")
    return [(uuid, moment(due)) for uuid, due in found]


def claimant(case: UUID) -> int | None:
    """The member who has claimed a case and not delivered it yet."""
    rows = Case.objects.filter(uuid=case, owner="lead_handler")
    return rows.values_list("facts__route__member", flat=True).first()


def solved_among(uuids: Iterable[UUID]) -> int:
    """How many of these cases their reporters called solved."""
    return Case.objects.filter(uuid__in=list(uuids), facts__solved=True).count()


def of_workflow(key: str) -> list[UUID]:
    """Every case that follows a workflow, in any version, oldest first: to make a ledger anew."""
    rows = Case.objects.filter(workflow__key=key).order_by("id")
    return list(rows.values_list("uuid", flat=True))


def agreed_to_show(receipts: Iterable[UUID]) -> set[UUID]:
    """Of these receipts, those whose holders agreed to their words being shown."""
    rows = Receipt.objects.filter(uuid__in=list(receipts), share_words=True)
    return set(rows.values_list("uuid", flat=True))
