"""The gate before a case: counts reports by address and place, and asks the rules."""

from django.http import HttpRequest

from lingka.core import limits
from lingka.intake import rules
from lingka.intake.reporting import Draft
from lingka.intake.rules import Load, Ruling


def within(scope: str, key: str, limit: tuple[int, int]) -> bool:
    """Count one more; whether it is still within the limit."""
    return limits.hit(scope, key, *limit)


def load(request: HttpRequest, draft: Draft) -> Load:
    """Count this report. The hourly limits are only looked at by those beyond the near ones."""
    address = limits.source_of(request)
    near = not within("report-address", address, rules.NEAR_ADDRESS)
    full = near and not within("report-address-hour", address, rules.FULL_ADDRESS)
    if draft.place:
        place = draft.place.code
        crowded = not within("report-place", place, rules.NEAR_PLACE)
        near = near or crowded
        full = full or (crowded and not within("report-place-hour", place, rules.FULL_PLACE))
    return Load(near=near, full=full)


def ruling(request: HttpRequest, draft: Draft) -> tuple[Ruling, str]:
    """Decide on this report; the reason says which limit, for the page of held reports."""
    counted = load(request, draft)
    sum_set = request.POST.get("challenge", "")
    solved = bool(sum_set) and _solved_once(sum_set, request.POST.get("solution", ""))
    can = request.POST.get("scripts") == "1"
    reason = "flood" if counted.full else "near-limit"
    return rules.rule(counted, solved=solved, can_compute=can), reason


def _solved_once(text: str, answer: str) -> bool:
    if not rules.is_solved(text, answer):
        return False
    return within("challenge", text, (1, int(rules.CHALLENGE_LIVES.total_seconds())))


def flood_of(draft: Draft) -> str:
    """What reports of one flood have in common: the type, and the place or roughly the point."""
    if draft.place:
        return f"{draft.info.key}@{draft.place.code}"
    point = draft.point
    where = f"{point[0]:.2f},{point[1]:.2f}" if point else "nowhere"
    return f"{draft.info.key}@{where}"
