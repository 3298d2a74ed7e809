"""How cases stand, for another platform: what anybody may see, and less of what is not listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lingka.cases.definitions import PART
from lingka.cases.models import Case, Stage
from lingka.cases.selectors.public import COLUMNS, PublicCase, _listed, _published
from lingka.core import events

AT_ONCE = 2000
BELOW = ("facts__parts", "facts__resolution")  # parts and calls, and the council that settles it


@dataclass(frozen=True)
class Telling:
    """`public` has no place where the type is not listed. `version` grows with each change, also
    of a part, a call or a council, whose answers are told with the case."""

    uuid: UUID
    version: int
    public: PublicCase

    @property
    def is_open(self) -> bool:
        return self.public.stage != "closed"


def tellings(uuids: Iterable[UUID]) -> list[Telling]:
    """These cases; of every two thousand the longest unchanged first."""
    return _all(Case.objects.all(), uuids)


def listed_tellings(
    among: Iterable[UUID] | None = None, *, still_open: bool = False
) -> list[Telling]:
    """All that anybody may see, or those of these; no parts."""
    rows = Case.objects.filter(case_type__in=_listed()).exclude(channel=PART)
    rows = rows.exclude(stage=Stage.CLOSED) if still_open else rows
    return _shown(rows) if among is None else _all(rows, among)


def changed_since(moment: datetime) -> set[UUID]:
    """Cases with an event since a moment, and those that what it happened to hangs on."""
    streams = events.streams_since("case", moment)
    return streams.union(*wholes_of(streams).values())


def wholes_of(streams: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Each case, with itself and the one that tells of it: whose part it is, or what it settles."""
    found: dict[UUID, set[UUID]] = {}
    for some in _pieces(streams):
        rows = Case.objects.filter(uuid__in=some)
        for uuid, *above in rows.values_list("uuid", "facts__whole", "facts__resolves"):
            found[uuid] = {uuid, *(UUID(one) for one in above if one)}
    return found


def _pieces(uuids: Iterable[UUID]) -> list[list[UUID]]:
    every = list(uuids)
    return [every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE)]


def _all(rows: QuerySet[Case], uuids: Iterable[UUID]) -> list[Telling]:
    return [one for some in _pieces(uuids) for one in _shown(rows.filter(uuid__in=some))]


def _shown(rows: QuerySet[Case]) -> list[Telling]:
    ordered = rows.order_by("changed_at", "id")
    found, listed = list(ordered.values("version", *BELOW, *COLUMNS)), _listed()
    below = _versions([one for row in found for one in _below(row)])
    return [
        Telling(
            row["uuid"],
            row["version"] + sum(below.get(one, 0) for one in _below(row)),
            public if public.case_type in listed else _bare(public),
        )
        for row, public in zip(found, _published(found), strict=True)
    ]


def _below(row: Mapping[str, Any]) -> list[UUID]:
    parts, council = (row[name] for name in BELOW)
    return [UUID(one) for one in (*(parts or ()), *([council] if council else ()))]


def _versions(uuids: list[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for some in _pieces(uuids):
        found |= dict(Case.objects.filter(uuid__in=some).values_list("uuid", "version"))
    return found


def _bare(public: PublicCase) -> PublicCase:
    return replace(public, lon=None, lat=None, where="", place_code="")
