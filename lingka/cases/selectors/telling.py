"""How cases stand, for another platform: what anybody may see, and less of what is not listed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lingka.cases.definitions import PART
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import kin
from lingka.cases.selectors.public import COLUMNS, PublicCase, _listed, _published
from lingka.core import events

AT_ONCE = 2000
BELOW = ("facts__parts", "facts__resolution")  # parts and calls, and the council that settles it
BEFORE = "facts__told_before"  # versions of what it was joined with for a while


@dataclass(frozen=True)
class Telling:
    """`public` has no place where the type is not listed. `version` grows with each change, also
    of a part, a call or a council, whose answers are told with the case, and of what goes on for it
    where it was joined with another: it stands as that does."""

    uuid: UUID
    version: int
    public: PublicCase

    @property
    def is_open(self) -> bool:
        return self.public.stage != "closed"


def tellings(uuids: Iterable[UUID]) -> list[Telling]:
    """These cases, each as it stands or as what goes on for it; of every two thousand the longest
    unchanged first."""
    found = _all(Case.objects.all(), uuids)
    closed = _pieces(one.uuid for one in found if not one.is_open)
    ways = {uuid: way for some in closed for uuid, way in kin.ways_on(some).items()}
    others = _all(Case.objects.all(), {uuid for way in ways.values() for uuid in way})
    known = {one.uuid: one for one in others}
    return [_onward(one, [known[uuid] for uuid in ways.get(one.uuid, ())]) for one in found]


def _onward(one: Telling, way: Sequence[Telling]) -> Telling:
    """By its own number, kind and place; stage, times and unit are those of the last on its way."""
    if not way:
        return one
    last = way[-1].public
    public = replace(
        one.public, stage=last.stage, state=last.state, unit=last.unit,
        changed_at=max(one.public.changed_at, last.changed_at), due_at=last.due_at,
        closed_at=last.closed_at,
    )  # fmt: skip
    return replace(one, version=one.version + sum(each.version for each in way), public=public)


def version_told(number: str) -> int:
    """The version of a case by its number, as it would be told."""
    uuids = Case.objects.filter(number=number).values_list("uuid", flat=True)
    return sum(one.version for one in tellings(uuids))


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
    """Each case, with itself and those that tell of it: whose part it is, what it settles, and all
    that it goes on for."""
    found: dict[UUID, set[UUID]] = {}
    for some in _pieces(streams):
        rows = Case.objects.filter(uuid__in=some)
        for uuid, *above in rows.values_list("uuid", "facts__whole", "facts__resolves"):
            found[uuid] = {uuid, *(UUID(one) for one in above if one)}
    joined = _joined({one for wholes in found.values() for one in wholes})
    for wholes in found.values() if joined else ():
        wholes.update(*(joined.get(one, ()) for one in tuple(wholes)))
    return found


def _joined(uuids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Of these cases, those that others were merged into, each with all that it goes on for."""
    found: dict[UUID, set[UUID]] = {}
    for some in _pieces(uuids):
        rows = Case.objects.filter(uuid__in=some, facts__has_key="merged")
        for uuid in rows.values_list("uuid", flat=True):
            found[uuid] = {UUID(one) for one in kin.merged_into(uuid)}
    return found


def _pieces(uuids: Iterable[UUID]) -> list[list[UUID]]:
    every = list(uuids)
    return [every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE)]


def _all(rows: QuerySet[Case], uuids: Iterable[UUID]) -> list[Telling]:
    return [one for some in _pieces(uuids) for one in _shown(rows.filter(uuid__in=some))]


def _shown(rows: QuerySet[Case]) -> list[Telling]:
    ordered = rows.order_by("changed_at", "id")
    found, listed = list(ordered.values("version", BEFORE, *BELOW, *COLUMNS)), _listed()
    below = _versions([one for row in found for one in _below(row)])
    return [
        Telling(
            row["uuid"],
            row["version"] + (row[BEFORE] or 0) + sum(below.get(one, 0) for one in _below(row)),
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
