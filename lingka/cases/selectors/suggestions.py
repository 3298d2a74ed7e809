"""Up to three units that could lead a case, best first, each with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases.models import Case
from lingka.cases.selectors.queues import types_like
from lingka.cases.selectors.rows import unit_name
from lingka.core import clock, saying
from lingka.core.text import pick
from lingka.units import selectors as units

OFFERED = 3
DAY = 86400


@dataclass(frozen=True)
class Suggestion:
    unit_id: int
    name: str
    reason: str


def suggestions(case: Case) -> list[Suggestion]:
    """Units that the rules name for this type and place, then those that did the like before."""
    done = _done_before(case)
    reasons: dict[int, str] = {}
    for service in units.services_for(case.case_type, case.area_path, clock.now()):
        basis = pick(service.basis)
        reasons.setdefault(service.unit_id, _joined(basis, _experience(done.get(service.unit_id))))
    for service in _somewhere_in(case):
        serves = _("Serves %(area)s") % {"area": pick(areas.area(service.area_id).name)}
        reasons.setdefault(service.unit_id, _joined(serves, pick(service.basis)))
    for unit_id, days in sorted(done.items(), key=lambda item: -len(item[1])):
        reasons.setdefault(unit_id, _experience(days))
    for unit_id in {_returned_by(case), *_on_it(case), *_kept_from(case, reasons)}:
        reasons.pop(unit_id, None)
    found = [Suggestion(unit, unit_name(unit), reason) for unit, reason in reasons.items()]
    return [one for one in found if one.name][:OFFERED]


def others(case: Case, suggested: Sequence[Suggestion] = ()) -> list[tuple[int, str]]:
    """Every other unit whose area holds the case, or may hold it, by name."""
    named = {one.unit_id for one in suggested} | _on_it(case)
    holding = [
        one
        for one in units.units()
        if case.area_path.startswith(one.area_path) and one.id not in named
    ]
    parts = {one.unit_id: units.unit(one.unit_id) for one in _somewhere_in(case)}
    holding += [one for unit_id, one in parts.items() if unit_id not in named]
    return sorted(((one.id, pick(one.name)) for one in holding), key=lambda pair: pair[1])


def people(case: Case) -> dict[str, list[tuple[int, str]]]:
    """What else an action may ask to choose from: units on the case or near, who may lead."""
    on_it = dict.fromkeys(int(one["unit"]) for one in case.assignments)
    near = [(unit, _with_promise(case, unit, name)) for unit, name in others(case)]
    helpers = [(unit, unit_name(unit)) for unit in on_it]
    return {
        "helper": helpers,
        "helpers": helpers,
        "units": near,
        "other_unit": near,
        "leader": who_may_lead(case.area_path),
    }


def who_may_lead(area_path: str) -> list[tuple[int, str]]:
    """Who may be named to lead it: leaders before supervisors, whoever is nearest first."""
    posts = [
        post
        for role in accounts.LEADING
        for post in sorted(
            accounts.posts_over(area_path, role), key=lambda one: -len(one.area_path)
        )
    ]
    named = accounts.users({post.user_id for post in posts})
    found: dict[int, str] = {}
    for post in posts:
        if post.user_id in named:
            over = pick(areas.area(post.area_id).name)
            found.setdefault(post.user_id, f"{named[post.user_id].name} · {over}")
    return list(found.items())


def _with_promise(case: Case, unit_id: int, name: str) -> str:
    """A unit's name with what it promised here; what ran out is said too, and binds nobody."""
    one = next((one for one in units.agreements_of(unit_id) if _speaks_of(one, case)), None)
    if one is None:
        return name
    if one.is_over():
        said = _("%(unit)s (agreement ran out on %(day)s)")
    else:
        said = _("%(unit)s (promised until %(day)s: %(promise)s)")
    return said % {"unit": name, "day": saying.day(one.last_day), "promise": pick(one.promise)}


def _speaks_of(one: units.AgreementInfo, case: Case) -> bool:
    """Whether an agreement has begun, and is for this area and, where it names work, this kind."""
    if one.valid_from > accounts.today():
        return False
    if one.case_types and not set(one.case_types) & set(units.types_covering(case.case_type)):
        return False
    return any(case.area_path.startswith(areas.area(number).path) for number in one.area_ids)


def _somewhere_in(case: Case) -> list[units.ServiceInfo]:
    """Who serves parts of the case's area, where it is not known in which part it lies."""
    if case.grid_id is not None:
        return []
    return units.services_below(case.case_type, case.area_path, clock.now())


def _on_it(case: Case) -> set[int]:
    """Units that lead or help already: they can be given it neither to lead nor to help."""
    return {int(one["unit"]) for one in case.assignments if not one["ended"]}


def _kept_from(case: Case, found: Iterable[int]) -> set[int]:
    """Units that a duty list keeps from leading this: not proposed, though the level above may."""
    excepted = {one["unit"] for one in case.facts.get("exceptions", ())}
    kept = {one for one in found if units.duty_against(one, case.case_type, lead=True)}
    return kept - excepted


def _returned_by(case: Case) -> int:
    """The unit that handed it back last: offering it again would only send it round."""
    for one in reversed(case.assignments):
        if one.get("returned"):
            return int(one["unit"])
    return 0


def _done_before(case: Case) -> dict[int, list[float]]:
    """Days each unit took for closed cases of this group in this grid, of the newest 200."""
    if case.grid_id is None:
        return {}
    same = types_like(case.case_type)
    recent: Iterable[tuple[str, int | None, object, object]] = (
        Case.objects.filter(grid_id=case.grid_id)
        .order_by("-id")
        .values_list("case_type", "lead_unit_id", "opened_at", "closed_at")[:200]
    )
    found: dict[int, list[float]] = {}
    for case_type, unit_id, opened, closed in recent:
        if unit_id and closed and case_type in same:
            found.setdefault(unit_id, []).append((closed - opened).total_seconds() / DAY)  # type: ignore[operator]
    return found


def _experience(days: list[float] | None) -> str:
    if not days:
        return ""
    typical = max(round(median(days)), 1)
    cases = ngettext(
        "Solved %(count)d like it in this grid", "Solved %(count)d like it in this grid", len(days)
    ) % {"count": len(days)}
    took = ngettext("%(days)d day in the middle", "%(days)d days in the middle", typical)
    return _joined(cases, took % {"days": typical})


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
