"""What anybody may see of cases: public lists and Open311.

Decision 16: only types whose publication class is "listed" appear; a row carries type, stage,
times and a location rounded to the place or to an H3 cell (resolution 9, about 200 m across),
never the resident's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import h3
from django.db import connection
from django.db.models import Q, QuerySet

from lingka.areas import selectors as areas
from lingka.cases.clocks import moment
from lingka.cases.definitions import PART
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import catalogue
from lingka.core.text import pick
from lingka.units import selectors as units

COLUMNS = (
    "uuid", "number", "case_type", "stage", "state", "grid_id", "place_id", "lead_unit_id", "h3",
    "opened_at", "changed_at", "closed_at",
    "clocks__resolve__due",
)  # fmt: skip


@dataclass(frozen=True)
class PublicCase:
    """One case as a stranger may see it. Times are UTC, lon and lat WGS 84 degrees."""

    number: str
    case_type: str
    stage: str
    state: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    due_at: datetime | None  # when it is promised to be solved
    lon: float | None
    lat: float | None
    where: str
    place_code: str
    unit: str


@dataclass(frozen=True)
class PublicFilter:
    """Which cases; an empty field leaves that side open."""

    numbers: Sequence[str] = ()
    case_types: Sequence[str] = ()
    is_open: bool | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    changed_from: datetime | None = None
    changed_to: datetime | None = None


def public_cases(wanted: PublicFilter, *, limit: int, offset: int = 0) -> list[PublicCase]:
    """Listed cases, newest first (by change, oldest first, when asked for by change)."""
    rows = _narrowed(wanted).values(*COLUMNS)[offset : offset + limit]
    return _published(list(rows))


def public_case(number: str) -> PublicCase | None:
    """One listed case by its number, or None for one that is unknown or not listed."""
    found = public_cases(PublicFilter(numbers=[number]), limit=1)
    return found[0] if found else None


@dataclass(frozen=True)
class PublicChange:
    """A listed case entered another stage. `id` is opaque and lasts."""

    id: str
    number: str
    stage: str
    at: datetime


def public_changes(
    start: datetime, end: datetime, *, limit: int, offset: int = 0
) -> list[PublicChange]:
    """Stages that listed cases entered between two moments, oldest first, one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [start, end, sorted(_listed()), PART, limit, offset])
        return [PublicChange(*row) for row in cursor.fetchall()]


# A change counts when it was recorded, so that whoever asks again misses none told late.
# The id is of the chain's hash: a count would tell how much happens that is not public.
_CHANGES = """
SELECT left(encode(event.hash, 'hex'), 24), held.number, event.data->>'to_stage', event.recorded_at
FROM core_event event JOIN cases_case held ON held.uuid = event.stream_id
WHERE event.type = 'cases.CaseActed' AND event.recorded_at BETWEEN %s AND %s
AND event.data->>'to_stage' <> event.data->>'from_stage' AND held.case_type = ANY(%s)
AND held.channel <> %s
ORDER BY event.recorded_at, event.position LIMIT %s OFFSET %s
"""


def _listed() -> set[str]:
    return {info.key for info in catalogue.case_types() if info.publication == "listed"}


def _narrowed(wanted: PublicFilter) -> QuerySet[Case]:
    listed = _listed()
    types = listed & set(wanted.case_types) if wanted.case_types else listed
    rows = Case.objects.filter(case_type__in=types).exclude(channel=PART)
    if wanted.numbers:
        return rows.filter(number__in=wanted.numbers).order_by("-opened_at", "-id")
    if wanted.is_open is not None:
        closed = Q(stage=Stage.CLOSED)
        rows = rows.filter(~closed if wanted.is_open else closed)
    return _between(rows, wanted)


def _between(rows: QuerySet[Case], wanted: PublicFilter) -> QuerySet[Case]:
    bounds = {
        "opened_at__gte": wanted.opened_from,
        "opened_at__lte": wanted.opened_to,
        "changed_at__gt": wanted.changed_from,
        "changed_at__lte": wanted.changed_to,
    }
    rows = rows.filter(**{name: value for name, value in bounds.items() if value is not None})
    by_change = wanted.changed_from or wanted.changed_to
    return rows.order_by("changed_at", "id") if by_change else rows.order_by("-opened_at", "-id")


def _published(rows: list[dict[str, Any]]) -> list[PublicCase]:
    places = areas.places([row["place_id"] for row in rows if row["place_id"]])
    return [_one(row, places.get(row["place_id"])) for row in rows]


def _one(row: dict[str, Any], place: "areas.PlaceInfo | None") -> PublicCase:
    grid = areas.area(row["grid_id"]) if row["grid_id"] else None
    lead = units.unit(row["lead_unit_id"]) if row["lead_unit_id"] else None
    lon, lat = _rounded(row, place)
    return PublicCase(
        number=row["number"],
        case_type=row["case_type"],
        stage=row["stage"],
        state=row["state"],
        opened_at=row["opened_at"],
        changed_at=row["changed_at"],
        closed_at=row["closed_at"],
        due_at=moment(row["clocks__resolve__due"]) if row["clocks__resolve__due"] else None,
        lon=lon,
        lat=lat,
        where=pick(place.name) if place else pick(grid.name) if grid else "",
        place_code=place.code if place else "",
        unit=pick(lead.name) if lead else "",
    )


def _rounded(
    row: dict[str, Any], place: "areas.PlaceInfo | None"
) -> tuple[float | None, float | None]:
    if place:
        return place.lon, place.lat
    if row["h3"] is None:
        return None, None
    lat, lon = h3.cell_to_latlng(h3.int_to_str(row["h3"]))
    return round(lon, 6), round(lat, 6)
