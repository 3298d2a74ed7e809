"""Who could help with a case that takes several units: found by rule, asked only by a person.

Where to look is data (`helpers` of the case's grade). What speaks for a unit stands beside it.
"""

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _

from lingka.cases import grades
from lingka.cases.models import Case
from lingka.cases.rows import state_of
from lingka.cases.selectors import flows
from lingka.cases.selectors.rows import unit_name
from lingka.cases.selectors.suggestions import Suggestion
from lingka.core import clock
from lingka.core.text import pick
from lingka.units import selectors as units

OFFERED = 4


def could_help(case: Case) -> list[Suggestion]:
    """Units that could be asked to help, each with the reason; none at grades that ask nobody."""
    grade = grades.of(flows.of(case), state_of(case))
    reasons: dict[int, str] = {}
    for source in grade.helpers if grade else ():
        for unit_id, reason in SOURCES[source](case):
            reasons.setdefault(unit_id, reason)
    for unit_id in {int(one["unit"]) for one in case.assignments if not one["ended"]}:
        reasons.pop(unit_id, None)
    found = [
        Suggestion(unit_id, unit_name(unit_id), reason)
        for unit_id, reason in reasons.items()
        if not units.duty_against(unit_id, case.case_type, lead=False)
    ]
    return found[:OFFERED]


def _services(case: Case) -> Iterator[tuple[int, str]]:
    """Units that routing names for this kind and place, the nearest first."""
    for one in units.services_for(case.case_type, case.area_path, clock.now()):
        yield one.unit_id, pick(one.basis)


def _duty_lists(case: Case) -> Iterator[tuple[int, str]]:
    """Units here whose duty list says that they must do such, or help with it."""
    covering = units.types_covering(case.case_type)
    for one in units.duty_lists():
        article = one.on(covering)
        if article is None or article.part == "never":
            continue
        said = {"list": pick(one.name), "number": article.number, "article": pick(article.text)}
        reason = _("%(list)s, article %(number)d: “%(article)s”") % said
        for unit in units.units():
            if unit.kind in one.kinds and case.area_path.startswith(unit.area_path):
                yield unit.id, reason


SOURCES: Mapping[str, Callable[[Case], Iterator[tuple[int, str]]]] = {
    "services": _services,
    "duty_lists": _duty_lists,
}
