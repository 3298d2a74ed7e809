"""What units ask of each other."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases import selectors as case_selectors
from lingka.cases.actions import Opened
from lingka.core import events
from lingka.core.actors import SYSTEM, Actor
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.partners import calls
from lingka.partners.models import Call
from lingka.units import selectors as units

_WHY = _("Why it has to be them: %(reason)s")
ORDERS = "order"  # the group of case types that only units give to each other


def ask_unit(
    *, actor: Actor, unit_id: int, case_type: str, words: str, language: str, key: UUID,
    reason: str = "",
) -> Opened:  # fmt: skip
    """Ask a unit to do something: it becomes a case of the unit's area, in that unit's hands.

    What the unit's duty list keeps from it is refused here and now, with the article, before
    anything exists. With a `reason` it is put before the level above instead: the case waits at
    the area's desk, in nobody's hands, until the level above has allowed it or not.
    """
    if case_type not in {one.key for one in orders()}:
        raise Problem("case_type", _("Choose what is asked from the list."), field="case_type")
    if not words.strip():
        raise Problem("missing", _("Please fill this in."), field="words")
    unit = units.unit(unit_id)
    against = units.duty_against(unit_id, case_type, lead=True)
    if against and not reason.strip():
        raise Problem("duty_list", units.cited(unit, *against), field="unit", status=409)
    if against:
        words = f"{words.strip()}\n\n{units.cited(unit, *against)}\n{_WHY % {'reason': reason}}"
    area = areas.area(unit.area_id)
    with transaction.atomic():
        opened = cases.open_case(
            actor=actor, case_type=case_type, channel="unit", language=language,
            idempotency_key=key, words=words, address=pick(area.name),
        )  # fmt: skip
        if not opened.existing and against:
            cases.put_above(opened.case_uuid, actor=actor)
        elif not opened.existing:
            cases.perform(opened.case_uuid, "dispatch", actor=SYSTEM, data={"unit": unit_id})
    return opened


def orders() -> list[case_selectors.CaseTypeInfo]:
    """What units may ask of each other, allowed or not: the lists say which."""
    return [one for one in case_selectors.case_types() if one.group_key == ORDERS]


@transaction.atomic
def recount_calls() -> int:
    """Count all calls anew from their events; how many events were looked at."""
    Call.objects.all().delete()
    found = [case for flow in calls.thresholds() for case in case_selectors.of_workflow(flow)]
    told = [event for case in found for event in events.history(case)]
    for event in told:
        calls.count(event)
    return len(told)
