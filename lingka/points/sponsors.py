"""What sponsors are told of their goods: year by year, so that each row adds up, and nothing that
few did can be found from rows of other years."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import ExtractYear

from lingka.core.text import pick
from lingka.points import goods
from lingka.points.models import Good, Move
from lingka.units import selectors as units

Moved = Counter[str]  # by `goods.WHYS`, what came as plus and what went as minus


@dataclass(frozen=True)
class Sponsored:
    """`before` + `delivered` - `fetched` + `counted` is what is `left`. What came back whole was
    not fetched. Where few were, neither that nor what is left is told: it would follow."""

    sponsor: str
    good: str
    since: int  # the year with which the row begins: what few did is told with the next year
    before: int
    delivered: int
    fetched: int | None
    counted: int
    left: int | None


def report(shop: UUID, year: int) -> list[Sponsored]:
    """By sponsor and good, of those that had come by the end of a year."""
    rows = Good.objects.filter(shop__uuid=shop, sponsor__isnull=False).order_by("sponsor_id", "id")
    moved = _moved(shop, year)
    return [
        _row(pick(units.unit(one.sponsor_id or 0).name), pick(one.name), moved[one.pk], year)
        for one in rows if one.pk in moved
    ]  # fmt: skip


def _moved(shop: UUID, year: int) -> dict[int, dict[int, Moved]]:
    """By good and year, what came and went."""
    rows = Move.objects.filter(good__shop__uuid=shop, at__year__lte=year)
    sums = rows.values_list("good", ExtractYear("at"), "why").annotate(all=Sum("change"))
    found: dict[int, dict[int, Moved]] = {}
    for good, of, why, change in sums.order_by():
        found.setdefault(good, {}).setdefault(of, Counter())[why] = change
    return found


def _row(sponsor: str, good: str, years: Mapping[int, Moved], year: int) -> Sponsored:
    """What was told at the end of an earlier year is where this row begins."""
    before, since, span = 0, year, Counter[str]()
    for one in sorted({*years, year}):
        since = one if not span else since
        span.update(years.get(one, {}))
        if one < year and _fetched(span) >= goods.FEW:
            before, span = before + span.total(), Counter()
    fetched, many = _fetched(span), _fetched(span) >= goods.FEW
    return Sponsored(
        sponsor, good, since, before, span["delivered"], fetched if many else None,
        span["counted"], before + span.total() if many else None,
    )  # fmt: skip


def _fetched(span: Moved) -> int:
    return -span["handed"] - span["returned"]
