"""Who should lead: the most specific service for a type and area, with the reason in words."""

from datetime import datetime
from typing import Any

from lingka.cases.workflow import CaseState
from lingka.units import selectors as units


def suggested(state: CaseState, now: datetime) -> dict[str, Any]:
    """The facts that routing adds to a new case: the unit that a rule names, if any does."""
    found = units.services_for(state.case_type, state.area_path, now)
    if not found:
        return {}
    best = found[0]
    return {"suggested": {"unit": best.unit_id, "service": best.id, "by": "rule"}}
