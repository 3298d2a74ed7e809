"""Every change of areas and places: imports, all or nothing, with a report of each fault."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import numpy as np
import shapely
from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lingka.areas import cache, correcting, rules, selectors, tables
from lingka.areas.coordinates import gcj02_to_wgs84
from lingka.areas.events import (
    AreaClosed,
    AreaImported,
    PlaceAdded,
    PlaceCorrected,
    PlaceMoved,
    PlaceRetired,
)
from lingka.areas.levels import scheme
from lingka.areas.models import Area, Place, Succession
from lingka.areas.rules import Draft, Fault, Known
from lingka.areas.tables import Row
from lingka.core import codes, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem

Datum = Literal["wgs84", "gcj02"]


@dataclass
class ImportReport:
    """Faults by line; with any fault, or in a dry run, nothing was changed."""

    rows: int
    dry_run: bool
    faults: list[Fault] = field(default_factory=list)
    added: int = 0
    closed: int = 0
    ids: list[int] = field(default_factory=list)  # of what was added, in the file's order

    @property
    def ok(self) -> bool:
        return not self.faults


def languages() -> list[str]:
    """The installation's languages, that of the unsuffixed columns first."""
    listed = [code for code, _name in settings.LANGUAGES]
    return sorted(listed, key=lambda code: code != settings.LANGUAGE_CODE)


# -- areas ----------------------------------------------------------------------------------


@transaction.atomic
def import_areas(
    file: Path | File,  # type: ignore[type-arg]
    *,
    actor: Actor,
    dry_run: bool = False,
    datum: Datum = "wgs84",
) -> ImportReport:
    """Add areas from GeoJSON, CSV or Excel; rows naming predecessors redraw boundaries."""
    rows = tables.read(file)
    if datum == "gcj02":
        for row in rows:
            row.shape = _to_wgs84(row.shape)
    known = _known()
    checked = rules.check_areas(
        rows, known=known, scheme=scheme(), languages=languages(), today=selectors.day_of(None)
    )
    replaced = {code for draft in checked.drafts for code in draft.row.predecessors}
    report = ImportReport(len(rows), dry_run, checked.faults)
    report.added, report.closed = len(checked.drafts), len(replaced)
    if report.faults or dry_run:
        return report
    report.ids = _write_areas(checked.drafts, known, actor)
    return report


def _known() -> dict[str, Known]:
    """Every area now valid, locked against a second import."""
    found = Area.objects.filter(valid_to__isnull=True).select_related("parent")
    rows = found.select_for_update(of=("self",))
    return {
        row.code: Known(
            row.id, row.code, row.level, row.kind, row.parent.code if row.parent else None,
            shapely.from_wkb(bytes(row.boundary)) if row.boundary else None,
            row.valid_from,
        )
        for row in rows
    }  # fmt: skip


def _to_wgs84(shape: BaseGeometry | None) -> BaseGeometry | None:
    def turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([gcj02_to_wgs84(lon, lat) for lon, lat in points.tolist()])

    return shapely.transform(shape, turned) if shape is not None else None


def _write_areas(drafts: Sequence[Draft], known: dict[str, Known], actor: Actor) -> list[int]:
    closing = _predecessors(drafts, known)
    _close(closing, drafts)
    made: dict[str, Area] = {}
    by_id = {row.id: row for row in Area.objects.filter(valid_to__isnull=True)}
    for draft in drafts:
        above = made.get(draft.parent or "") or by_id.get(_id(known, draft.parent))
        made[draft.code] = _write_area(draft, above)
    for draft in drafts:
        area = made[draft.code]
        before = [closing[code] for code in draft.row.predecessors]
        Succession.objects.bulk_create(
            Succession(predecessor=old, successor=area) for old in before
        )
        events.record(_imported(draft, area, before), stream_id=area.uuid, actor=actor,
                      after=events.NEW)  # fmt: skip
    for code, old in closing.items():
        heirs = [str(made[one.code].uuid) for one in drafts if code in one.row.predecessors]
        closed = AreaClosed(valid_to=str(old.valid_to), successors=heirs)
        events.record(closed, stream_id=old.uuid, actor=actor)
    _changed()
    _move_places(list(closing.values()), actor)
    _changed()
    in_file = sorted(drafts, key=lambda one: one.line)
    return [made[draft.code].id for draft in in_file]


def _id(known: dict[str, Known], code: str | None) -> int:
    return known[code].id if code in known else 0


def _predecessors(drafts: Sequence[Draft], known: dict[str, Known]) -> dict[str, Area]:
    """The areas to be closed by code."""
    replaced = {code for draft in drafts for code in draft.row.predecessors}
    rows = Area.objects.filter(id__in=[known[code].id for code in replaced])
    return {row.code: row for row in rows}


def _close(closing: dict[str, Area], drafts: Sequence[Draft]) -> None:
    """End each on the day its first successor begins, before codes are used again."""
    for code, old in closing.items():
        old.valid_to = min(one.valid_from for one in drafts if code in one.row.predecessors)
        old.save(update_fields=["valid_to"])


def _write_area(draft: Draft, above: Area | None) -> Area:
    inner = shapely.point_on_surface(draft.shape) if draft.shape is not None else None
    area = Area.objects.create(
        uuid=uuid7(), level=draft.level.key, code=draft.code, name=draft.name, kind=draft.kind,
        parent=above, path="", households=draft.households, valid_from=draft.valid_from,
        boundary=shapely.to_wkb(draft.shape) if draft.shape is not None else None,
        lon=inner.x if inner else None, lat=inner.y if inner else None,
    )  # fmt: skip
    area.path = f"{above.path if above else '/'}{area.id}/"
    area.save(update_fields=["path"])
    return area


def _imported(draft: Draft, area: Area, before: Sequence[Area]) -> AreaImported:
    outline = bytes(area.boundary) if area.boundary else None
    return AreaImported(
        code=area.code, level=area.level, kind=area.kind,
        parent=str(area.parent.uuid) if area.parent else None,
        boundary_sha256=hashlib.sha256(outline).hexdigest() if outline else None,
        valid_from=str(draft.valid_from), predecessors=[str(old.uuid) for old in before],
    )  # fmt: skip


def _move_places(closed: Sequence[Area], actor: Actor) -> None:
    """Places of closed grids go to the grid that now holds their point."""
    uuids = {old.id: str(old.uuid) for old in closed}
    for place in Place.objects.filter(grid_id__in=uuids, active=True):
        found = _grid_of_point(place.lon, place.lat)
        if found is None:
            continue  # left in the old grid, which stays readable
        before, place.grid_id = uuids[place.grid_id], found.id
        place.save(update_fields=["grid"])
        moved = PlaceMoved(before=before, grid=str(found.uuid))
        events.record(moved, stream_id=place.uuid, actor=actor)


def _grid_of_point(lon: float, lat: float) -> selectors.AreaInfo | None:
    found = selectors.locate(lon, lat)
    return selectors.area(found.grid_id) if found.grid_id else None


def _changed() -> None:
    """This process reads anew at once, and again when the change is final."""
    cache.forget()
    transaction.on_commit(cache.forget)


# -- places ---------------------------------------------------------------------------------


@transaction.atomic
def import_places(
    file: Path | File,  # type: ignore[type-arg]
    *,
    actor: Actor,
    dry_run: bool = False,
    datum: Datum = "wgs84",
) -> ImportReport:
    """Add places from GeoJSON, CSV or Excel; codes are given where the file has none."""
    rows = tables.read(file)
    report = ImportReport(len(rows), dry_run)
    taken = set(Place.objects.values_list("code", flat=True))
    made = [_place(row, datum, taken, report.faults) for row in rows]
    places = [one for one in made if one is not None]
    report.faults.sort(key=lambda fault: (fault.line, fault.code))
    report.added = len(places)
    if report.faults or dry_run:
        return report
    for place in Place.objects.bulk_create(places, batch_size=1000):
        grid = selectors.area(place.grid_id)
        added = PlaceAdded(code=place.code, kind=place.kind, grid=str(grid.uuid))
        events.record(added, stream_id=place.uuid, actor=actor, after=events.NEW)
        report.ids.append(place.id)
    _changed()
    return report


def _place(row: Row, datum: Datum, taken: set[str], faults: list[Fault]) -> Place | None:
    found = list(rules.place_faults(row, scheme=scheme(), languages=languages(), taken=taken))
    where = rules.point(row)
    lon, lat = gcj02_to_wgs84(*where) if where and datum == "gcj02" else where or (0.0, 0.0)
    grid = _grid_of_point(lon, lat) if where else None
    if where and grid is None:
        found.append(Fault(row.line, "no_grid", _("The point lies in no grid.")))
    elif grid and row.get("grid") and row.get("grid") != grid.code:
        wrong = _("The point lies in grid %(code)s.") % {"code": grid.code}
        found.append(Fault(row.line, "wrong_grid", wrong))
    faults += found
    if found or grid is None:
        return None
    code = codes.normalise(row.get("code")) or _new_code(taken)
    taken.add(code)
    return Place(
        uuid=uuid7(), code=code, kind=rules.place_kind(row.get("kind") or "other", scheme()) or "",
        name=rules.names(row, languages()), address=rules.names(row, languages(), "address"),
        grid_id=grid.id, lon=lon, lat=lat,
    )  # fmt: skip


def _new_code(taken: set[str]) -> str:
    while (code := codes.short_code()) in taken:
        pass
    return code


@transaction.atomic
def retire_place(place_id: int, *, actor: Actor) -> None:
    """Take a place out of service; doing it twice is no fault."""
    place = Place.objects.select_for_update().filter(id=place_id).first()
    if place is None:
        raise Problem("no_place", _("There is no such place."), status=404)
    if place.active:
        place.active = False
        place.save(update_fields=["active"])
        events.record(PlaceRetired(), stream_id=place.uuid, actor=actor)
        _changed()


@dataclass(frozen=True)
class Corrected:
    """Which fields were changed, or clash with what others changed meanwhile; then none was."""

    version: int
    changed: list[str]
    clashing: list[str]
    now: dict[str, Any]


@transaction.atomic
def correct_place(
    place_uuid: UUID, said: Mapping[str, Any], *, actor: Actor, occurred_at: datetime | None = None
) -> Corrected:
    """Merge what somebody saw into a place, field by field; nothing is silently overwritten.

    `said` is `{field: {"from": …, "to": …}}`; fields are `name.<language>`, `address.<language>`,
    `kind` and `point`. Raises Problem for an unknown place or field, or a point in no grid.
    """
    place = Place.objects.select_for_update().filter(uuid=place_uuid, active=True).first()
    if place is None:
        raise Problem("no_place", _("There is no such place."), status=404)
    known = correcting.read(said, languages(), lambda text: rules.place_kind(text, scheme()))
    now = {name: _said_of(place, name) for name in known}
    merged = correcting.merge(now, known)
    head = events.head(place.uuid)
    if merged.clashing or not merged.changed:
        return Corrected(head.sequence, [], merged.clashing, now)
    for name, value in merged.changed.items():
        _write(place, name, value)
    place.save()
    before = {name: now[name] for name in merged.changed}
    done = events.record(
        PlaceCorrected(before=before, after=merged.changed), stream_id=place.uuid, actor=actor,
        after=head, occurred_at=occurred_at,
    )  # fmt: skip
    _changed()
    return Corrected(done.sequence, sorted(merged.changed), [], now)


def _said_of(place: Place, name: str) -> Any:
    part, _dot, language = name.partition(".")
    if name == "point":
        return [place.lon, place.lat]
    held = getattr(place, part)
    return (held.get(language, "") if isinstance(held, dict) else "") if language else held


def _write(place: Place, name: str, value: Any) -> None:
    part, _dot, language = name.partition(".")
    if name == "point":
        grid = _grid_of_point(*value)
        if grid is None:
            message = _("The point lies in no grid.")
            raise Problem("no_grid", message, field="changes.point", status=422)
        place.lon, place.lat = value
        place.grid_id = grid.id
    elif language:
        held = getattr(place, part)
        setattr(place, part, {**(held if isinstance(held, dict) else {}), language: value})
    else:
        place.kind = value
