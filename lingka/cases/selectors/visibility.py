"""Who on the staff may see a case at all. Whoever is not named here is told "not found"."""

from collections.abc import Sequence

from lingka.accounts.selectors import PostInfo
from lingka.cases.models import Case

_OVER_AREA = frozenset({"dispatcher", "verifier", "supervisor", "administrator", "grid_worker"})


def units_in(case: Case) -> set[int]:
    """Units the case is or was given to."""
    found = {case.lead_unit_id} if case.lead_unit_id else set()
    for assignment in case.assignments:
        unit = assignment.get("unit") or assignment.get("unit_id")
        if unit:
            found.add(int(unit))
    return found


def may_see(case: Case, posts: Sequence[PostInfo], desk_path: str) -> bool:
    """A post sees the cases of its area and below, and those given to its unit."""
    units = units_in(case)
    for post in posts:
        if post.unit_id in units:
            return True
        inside = case.area_path.startswith(post.area_path) or desk_path.startswith(post.area_path)
        if post.role in _OVER_AREA and inside:
            return True
    return False
