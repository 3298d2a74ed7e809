"""What sending notices needs of cases: who left a contact, and who has to act. Two statements."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lingka.cases import owed
from lingka.cases.clocks import moment
from lingka.cases.models import Case, Contact, Stage


@dataclass(frozen=True)
class Reachable:
    """A receipt whose holder left a way to be reached; the contact itself stays sealed."""

    case_uuid: UUID
    receipt_uuid: UUID
    receipt_id: int
    kind: str
    language: str


@dataclass(frozen=True)
class CaseNotice:
    """What a message may say of a case, and whom it concerns."""

    uuid: UUID
    number: str
    case_type: str
    state: str
    owner: str
    urgent: bool
    area_path: str
    desk_area: int
    lead_unit: int | None
    helpers: tuple[int, ...]  # units that help and have not reported yet
    due_at: dt.datetime | None  # the next deadline, for those who have to act
    promised_at: dt.datetime | None  # when it is to be solved, for who reported it
    leader: int | None  # who leads it by name
    reinspector: int | None  # the unit that was named to look again
    beside: frozenset[str]  # what else it waits for, by `owed.OWED`
    parts: int  # split off it; none any more of a case that is closed


def reachable(case_uuids: Iterable[UUID]) -> list[Reachable]:
    """Receipts of these cases with a contact left, one statement."""
    rows = Contact.objects.filter(receipt__case__uuid__in=set(case_uuids)).values_list(
        "receipt__case__uuid", "receipt__uuid", "receipt_id", "receipt__kind", "receipt__language"
    )
    return [Reachable(*row) for row in rows]


def case_notices(case_uuids: Iterable[UUID]) -> dict[UUID, CaseNotice]:
    """Cases by id, one statement."""
    rows = Case.objects.filter(uuid__in=set(case_uuids)).values_list(
        "uuid", "number", "case_type", "state", "owner", "urgent", "area_path", "desk_area_id",
        "lead_unit_id", "helpers", "due_at", "clocks__resolve__due", "facts", "stage",
    )  # fmt: skip
    return {row[0]: _notice(row) for row in rows}


def _notice(row: Sequence[Any]) -> CaseNotice:
    *same, helpers, due, promised, facts, stage = row
    left = 0 if stage == Stage.CLOSED else len(facts.get("parts", ()))
    values: list[Any] = [
        *same, tuple(helpers or ()), due, moment(promised) if promised else None,
        facts.get("leader"), facts.get("reinspector"), owed.of(facts), left,
    ]  # fmt: skip
    return CaseNotice(*values)
