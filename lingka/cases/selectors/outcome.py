"""What became of a case that other software brought in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lingka.cases.models import Case


@dataclass(frozen=True)
class Outcome:
    """Where it lies, who has it, by when."""

    state: str
    case_type: str
    grid_id: int | None
    area_path: str
    lead_unit_id: int | None
    suggested_unit_id: int | None
    due_at: datetime | None


def outcome(case_uuid: UUID) -> Outcome:
    """Return how a case stands; for imports, not for people."""
    case = Case.objects.get(uuid=case_uuid)
    suggested = case.facts.get("suggested") or {}
    return Outcome(
        case.state,
        case.case_type,
        case.grid_id,
        case.area_path,
        case.lead_unit_id,
        suggested.get("unit"),
        case.due_at,
    )
