"""Reads: how often duty lists were gone against, for the areas that somebody looks after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from lingka.partners.models import Override
from lingka.units import selectors as units
from lingka.units.duties import Article, DutyList
from lingka.units.selectors import UnitInfo


@dataclass(frozen=True)
class Burden:
    """A line of the report: so often in a month, against this article, to this unit."""

    month: date
    duty_list: DutyList
    article: Article
    unit: UnitInfo
    count: int


def burden(paths: Iterable[str], *, since: date) -> list[Burden]:
    """Exceptions since a month, the newest month first, the most frequent first within it."""
    below, found = tuple(paths), []
    each = Override.objects.filter(month__gte=since)
    counted = each.values("month", "duty_list", "article", "unit")
    for row in counted.annotate(count=Count("position")).order_by("-month", "-count", "article"):
        unit, duty_list = units.unit(row["unit"]), units.duty_list(row["duty_list"])
        if duty_list is None or not unit.area_path.startswith(below):
            continue
        article = next((one for one in duty_list.articles if one.number == row["article"]), None)
        if article is not None:
            found.append(Burden(row["month"], duty_list, article, unit, row["count"]))
    return found
