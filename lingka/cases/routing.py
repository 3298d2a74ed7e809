"""Who should lead: the most specific service for a type and area, with the reason in words."""

from datetime import datetime
from typing import Any

from lingka.accounts import selectors as accounts
from lingka.cases.workflow import CaseState
from lingka.units import selectors as units
from lingka.units.selectors import ServiceInfo

ON_CALL_LOOKED_AT = 3  # of the units that serve, how many are asked who is on call


def suggested(state: CaseState, now: datetime) -> dict[str, Any]:
    """The facts that routing adds to a new case: the unit that a rule names, if any does."""
    found = [
        one
        for one in units.services_for(state.case_type, state.area_path, now)
        if not units.duty_against(one.unit_id, state.case_type, lead=True, at=now)
    ]
    if not found:
        return {}
    chosen, by = _on_call(found, now) if state.urgent else (found[0], "rule")
    return {"suggested": _reason(chosen, by)}


def _on_call(found: list[ServiceInfo], now: datetime) -> tuple[ServiceInfo, str]:
    """The first of them where somebody is on call now; the most specific one where nobody is."""
    for service in found[:ON_CALL_LOOKED_AT]:
        if accounts.on_call(service.unit_id, now):
            return service, "on_call"
    return found[0], "rule"


def _reason(service: ServiceInfo, by: str) -> dict[str, Any]:
    """What is kept of the decision: the rule as it then was, in words a resident can read."""
    reason = {
        "unit": service.unit_id,
        "service": service.id,
        "by": by,
        "case_type": service.case_type,
        "area": service.area_id,
        "basis": dict(service.basis),
    }
    if service.agreement:
        reason |= {"agreement": str(service.agreement.uuid), "version": service.agreement.number}
    return reason
