"""Open assessment: a quarter as it now stands, and as it was published."""

from collections import Counter
from typing import Any

from lingka.areas import selectors as areas
from lingka.insight import assessing, periods, publicly
from lingka.insight.models import Assessment, Mark, Publication
from lingka.insight.periods import Period
from lingka.insight.selectors import boards, publications
from lingka.insight.selectors.boards import Scope

EMPTY: dict[str, Any] = {"sides": {assessing.OTHERS: [None, 0]}}


def body(period: Period) -> dict[str, Any]:
    """All units with cases or marks in a quarter, by id, and by what rules: what is published.

    Residents' side rests on the quarter's months as they are published, and on nothing else.
    """
    scope = Scope(period, areas.roots()[0])
    data, by = assessing.plan(), scope.definition
    marks: dict[int, dict[str, list[Any]]] = {}
    for one in Mark.objects.filter(period=period.key).order_by("by_unit"):
        marks.setdefault(one.unit, {}).setdefault(one.side, []).append(one.given)
    busy = {int(line.key) for line in boards.board(scope, "unit").units}
    months = _months(period)
    shown = assessing.added(map(publicly.units_in, months))
    rows = {
        str(unit): assessing.row(marks.get(unit, {}), shown.get(unit, {}), by, data)
        for unit in sorted({*marks, *busy} - {0})
    }
    kept = ("name", "weights", "sides", "minimum", "least")
    order = list(data["sides"])  # which the database would forget
    return {key: data[key] for key in kept} | {
        "order": order, "months": _named(months), "units": rows
    }  # fmt: skip


def _months(period: Period) -> list[Publication]:
    """The newest publication of each month of a quarter that has one."""
    firsts = [periods.shifted(period.first, step) for step in range(period.months)]
    found = [publications.published(one) for one in firsts]
    return [one for one in found if one is not None]


def _named(months: list[Publication]) -> list[list[Any]]:
    return [[f"{one.month:%Y-%m}", one.number] for one in months]


def stands(version: Assessment, period: Period) -> bool:
    """Whether it is a quarter's newest version, and its months are published as they were.

    Otherwise residents' side would be shown beside figures of other months or of another day, and
    the difference is what a few of them said.
    """
    newest = published(version.period)
    return version == newest and version.body.get("months") == _named(_months(period))


def without_residents(body: dict[str, Any]) -> dict[str, Any]:
    """A version that does not stand any more: what units said of each other stays."""
    for one in body["units"].values():
        one["sides"][assessing.RESIDENTS] = [None, 0]
        one["together"] = None
    return body


def kept_apart(body: dict[str, Any], period: Period, last: Assessment | None) -> dict[str, Any]:
    """With the last version's word of the other units where only some have spoken since: from
    both versions together one could reckon what a single unit said."""
    if last is None:
        return body
    since = Mark.objects.filter(
        period=period.key, side=assessing.OTHERS, given_at__gt=last.published_at
    )
    anew = Counter(since.values_list("unit", flat=True))
    for key, one in body["units"].items():
        heard = last.body["units"].get(key, EMPTY)["sides"][assessing.OTHERS]
        if heard[0] is not None and anew[int(key)] < body["least"]:
            one["sides"][assessing.OTHERS] = heard
            one["together"] = assessing.whole(one["sides"], body["weights"])
    return body


def unheard(body: dict[str, Any]) -> dict[str, Any]:
    """Before it is published: how many units spoke, and not what they said."""
    for one in body["units"].values():
        for side in set(one["sides"]) - {assessing.RESIDENTS}:
            one["sides"][side] = [None, one["sides"][side][1]]
        one["together"] = None
    return body


def own(period: Period, unit: int, speaker: tuple[str, int]) -> dict[str, int]:
    """What one unit said of another before."""
    side, by_unit = speaker
    found = Mark.objects.filter(period=period.key, unit=unit, by_unit=by_unit, side=side).first()
    return dict(found.given) if found else {}


def published(period: str = "", number: int | None = None) -> Assessment | None:
    """A version of a quarter; the newest of the newest unless they are named."""
    found = Assessment.objects.order_by("-period", "-number")
    if period:
        found = found.filter(period=period)
    if number is not None:
        found = found.filter(number=number)
    return found.first()


def versions(period: str) -> list[Assessment]:
    return list(Assessment.objects.filter(period=period).order_by("-number"))


def quarters() -> list[str]:
    """Quarters that were published, newest first."""
    return sorted(set(Assessment.objects.values_list("period", flat=True)), reverse=True)[:12]
