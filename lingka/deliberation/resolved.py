"""Resolutions, for reading: who carries them out, and how their cases stand."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from lingka.cases import selectors as cases
from lingka.core import contents
from lingka.core.text import pick
from lingka.deliberation.models import Resolution


@dataclass(frozen=True)
class ResolutionInfo:
    unit: str
    until: date
    budget: int | None
    number: str
    stage: str
    late: bool
    report: str
    ended: bool


def of(rows: QuerySet[Resolution]) -> dict[int, ResolutionInfo]:
    found = list(rows.select_related("unit"))
    stages = cases.standings([one.case for one in found])
    words = contents.read([one.report for one in found if one.report])
    return {
        one.decision_id: ResolutionInfo(
            pick(one.unit.name), one.until, one.budget, one.number,
            cases.stage_label(stages[one.case].stage) if one.case in stages else "", one.late,
            words.get(one.report, "") if one.report else "", one.ended_at is not None,
        ) for one in found
    }  # fmt: skip
