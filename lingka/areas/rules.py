"""What makes an imported area or place right. Pure: no database, no clock.

Shares up to `SLACK` of an area may lie outside its parent or on a sibling: hand-drawn borders
never match to the centimetre, and such slivers decide nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from lingka.areas.levels import Level, Scheme
from lingka.areas.tables import Row
from lingka.core import codes

SLACK = 0.001
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
TURNED = _("Latitude seems to stand before longitude: write longitude first.")
KINDS = {
    "": "", "comprehensive": "comprehensive", "综合": "comprehensive", "综合网格": "comprehensive",
    "dedicated": "dedicated", "专属": "dedicated", "专属网格": "dedicated",
    "mobile": "mobile", "流动": "mobile", "流动网格": "mobile",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """`code` for programs and tests, `message` (translated when shown) for people."""

    line: int
    code: str
    message: Any


@dataclass(frozen=True)
class Known:
    """An area already there and valid."""

    id: int
    code: str
    level: str
    kind: str
    parent: str | None
    shape: BaseGeometry | None
    valid_from: date


@dataclass
class Draft:
    """A row that is about to become an area."""

    row: Row
    code: str
    level: Level
    kind: str
    parent: str | None
    name: dict[str, str]
    households: int | None
    valid_from: date
    shape: BaseGeometry | None = None

    @property
    def line(self) -> int:
        return self.row.line


@dataclass
class Checked:
    drafts: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_areas(
    rows: Sequence[Row], *, known: Mapping[str, Known], scheme: Scheme, languages: Sequence[str],
    today: date,
) -> Checked:  # fmt: skip
    """Every fault of an import, and the areas it would make, parents first."""
    checked = Checked()
    for row in rows:
        faults = list(_faults_of_row(row, scheme, languages))
        checked.faults += faults
        if not faults:
            checked.drafts.append(_draft(row, scheme, languages, today))
    checked.drafts.sort(key=lambda one: (one.level.rank, one.code))
    checked.faults += _code_faults(rows, checked.drafts, known)
    checked.faults += _parent_faults(checked.drafts, known, rows, scheme)
    checked.faults += _overlaps(checked.drafts, known)
    checked.faults.sort(key=lambda fault: (fault.line, fault.code))
    return checked


def names(row: Row, languages: Sequence[str], column: str = "name") -> dict[str, str]:
    """Authored text from the columns name, name_bo, name_en…"""
    found = {}
    for language in languages:
        suffix = "" if language == languages[0] else f"_{language}"
        if text := row.get(f"{column}{suffix}"):
            found[language] = text
    return found


def _faults_of_row(row: Row, scheme: Scheme, languages: Sequence[str]) -> Iterable[Fault]:
    level = scheme.of_code(row.get("code"))
    if level is None:
        yield Fault(row.line, "wrong_code", _("%(code)s is no code of any level.")
                    % {"code": row.get("code") or "–"})  # fmt: skip
    elif row.get("level") and row.get("level") not in {level.key, *level.name.values()}:
        yield Fault(row.line, "wrong_level", _("The code %(code)s is not of this level.")
                    % {"code": row.get("code")})  # fmt: skip
    if row.get("kind") not in KINDS:
        yield Fault(row.line, "wrong_kind", _("A grid is comprehensive, dedicated or mobile."))
    yield from _sign_faults(row)
    yield from _name_faults(row, languages)
    yield from _number_faults(row)
    yield from _shape_faults(row, needed=level is not None and level.key == scheme.grid)


def _sign_faults(row: Row) -> Iterable[Fault]:
    if row.unstorable:
        yield Fault(row.line, "wrong_signs", _("A sign cannot be stored in: %(cells)s.")
                    % {"cells": ", ".join(row.unstorable)})  # fmt: skip


def _name_faults(row: Row, languages: Sequence[str]) -> Iterable[Fault]:
    missing = [one for one in languages if one not in names(row, languages)]
    if missing:
        yield Fault(row.line, "missing_name", _("There is no name in: %(languages)s.")
                    % {"languages": ", ".join(missing)})  # fmt: skip


def _number_faults(row: Row) -> Iterable[Fault]:
    if row.get("households") and not WHOLE.fullmatch(row.get("households")):
        yield Fault(row.line, "wrong_number", _("Households must be a whole number."))
    try:
        date.fromisoformat(row.get("valid_from") or "2000-01-01")
    except ValueError:
        yield Fault(row.line, "wrong_date", _("Write the date as 2026-12-31."))


def _shape_faults(row: Row, *, needed: bool) -> Iterable[Fault]:
    shape = row.shape
    if row.unreadable:
        yield Fault(row.line, "invalid_ring", _("The boundary cannot be read: %(why)s")
                    % {"why": row.unreadable})  # fmt: skip
    elif shape is None:
        if needed:
            yield Fault(row.line, "no_boundary", _("A grid needs a boundary."))
    elif shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        yield Fault(row.line, "invalid_ring", _("The boundary is no polygon."))
    elif not shape.is_valid:
        yield Fault(row.line, "invalid_ring", _("The boundary crosses or touches itself: %(why)s")
                    % {"why": shapely.is_valid_reason(shape)})  # fmt: skip
    elif not _on_earth(*shape.bounds):
        south, west, north, east = shape.bounds
        turned = _on_earth(west, south, east, north)
        said = TURNED if turned else _("The boundary is not in degrees.")
        yield Fault(row.line, "turned" if turned else "not_degrees", said)


def _on_earth(west: float, south: float, east: float, north: float) -> bool:
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)  # noqa: PLR2004


def _draft(row: Row, scheme: Scheme, languages: Sequence[str], today: date) -> Draft:
    code = row.get("code")
    level = scheme.of_code(code)
    assert level is not None  # checked above
    households = row.get("households")
    since = row.get("valid_from")
    kind = KINDS[row.get("kind")]
    return Draft(
        row=row, code=code, level=level,
        kind=(kind or "comprehensive") if level.key == scheme.grid else "",
        parent=row.get("parent") or scheme.parent_code(code),
        name=names(row, languages),
        households=int(households) if households else None,
        valid_from=date.fromisoformat(since) if since else today,
        shape=row.shape,
    )  # fmt: skip


def _code_faults(
    rows: Sequence[Row], drafts: Sequence[Draft], known: Mapping[str, Known]
) -> Iterable[Fault]:
    """Each code once; a code in use only where the row says that it replaces that area."""
    replaced = {code for row in rows for code in row.predecessors}
    first: dict[str, int] = {}
    for row in sorted(rows, key=lambda one: one.line):
        code = row.get("code")
        if code and code in first:
            yield Fault(row.line, "duplicate_code", _("Code %(code)s stands in line %(line)s too.")
                        % {"code": code, "line": first[code]})  # fmt: skip
        elif code in known and code not in replaced:
            yield Fault(row.line, "duplicate_code", _("Code %(code)s is in use already.")
                        % {"code": code})  # fmt: skip
        first.setdefault(code, row.line)
    yield from _predecessor_faults(drafts, known)
    yield from _orphans(rows, drafts, known, replaced)


def _predecessor_faults(drafts: Sequence[Draft], known: Mapping[str, Known]) -> Iterable[Fault]:
    for one in drafts:
        for code in one.row.predecessors:
            if code not in known:
                yield Fault(one.line, "unknown_predecessor", _("There is no area %(code)s.")
                            % {"code": code})  # fmt: skip
            elif one.valid_from < known[code].valid_from:
                yield Fault(one.line, "too_early", _("%(code)s, which it replaces, begins later.")
                            % {"code": code})  # fmt: skip


def _orphans(
    rows: Sequence[Row], drafts: Sequence[Draft], known: Mapping[str, Known], replaced: set[str]
) -> Iterable[Fault]:
    """Whoever replaces an area says what becomes of those below it."""
    left = {one.parent or "" for one in known.values() if one.code not in replaced} & replaced
    for row in rows:
        for code in sorted(set(row.predecessors) & left):
            yield Fault(row.line, "orphans", _("Areas below %(code)s would be left without parent.")
                        % {"code": code})  # fmt: skip


def _parent_faults(
    drafts: Sequence[Draft], known: Mapping[str, Known], rows: Sequence[Row], scheme: Scheme
) -> Iterable[Fault]:
    """Every area but the root has a parent of a level above it that stays, and lies inside it."""
    replaced = {code for one in drafts for code in one.row.predecessors}
    staying = {code: one for code, one in known.items() if code not in replaced}
    above: dict[str, Known | Draft] = {**staying, **{one.code: one for one in drafts}}
    written = {row.get("code") for row in rows}
    for one in drafts:
        if one.level.rank == 0 and not one.parent:
            continue
        parent = above.get(one.parent or "")
        if parent is None:
            if one.parent not in written:  # else the parent's own fault is enough
                yield Fault(one.line, "unknown_parent", _("There is no area %(code)s above it.")
                            % {"code": one.parent or "–"})  # fmt: skip
        elif _rank(parent, scheme) >= one.level.rank:
            yield Fault(one.line, "wrong_parent", _("%(code)s is not of a level above it.")
                        % {"code": parent.code})  # fmt: skip
        elif one.shape is not None and parent.shape is not None:
            out = one.shape.difference(parent.shape).area / one.shape.area
            if out > SLACK:
                yield Fault(one.line, "outside_parent", _(
                    "%(share)s %% of it lies outside %(code)s.")
                    % {"share": f"{out * 100:.1f}", "code": parent.code})  # fmt: skip


def _rank(area: Known | Draft, scheme: Scheme) -> int:
    level = area.level if isinstance(area, Draft) else scheme.level(area.level)
    return level.rank if level else 0


def _overlaps(drafts: Sequence[Draft], known: Mapping[str, Known]) -> Iterable[Fault]:
    """Siblings of one kind must not overlap; each pair is named once, at the later line."""
    replaced = {code for one in drafts for code in one.row.predecessors}
    families: dict[tuple[str | None, str], list[Draft | Known]] = {}
    everyone: list[Draft | Known] = [one for one in known.values() if one.code not in replaced]
    everyone += drafts
    for one in everyone:
        if one.shape is not None and one.kind != "mobile":
            families.setdefault((one.parent, one.kind), []).append(one)
    for family in families.values():
        yield from _overlaps_among(family)


def _overlaps_among(family: Sequence[Draft | Known]) -> Iterable[Fault]:
    shapes = [one.shape for one in family if one.shape is not None]
    tree = shapely.STRtree(shapes)
    for left, right in zip(*tree.query(shapes, predicate="intersects"), strict=True):
        one, other = family[left], family[right]
        if left >= right or isinstance(other, Known):
            continue  # those there already come first and are not judged among themselves
        shared = shapes[left].intersection(shapes[right]).area
        share = shared / min(shapes[left].area, shapes[right].area)
        if share > SLACK:
            line = max(one.line, other.line) if isinstance(one, Draft) else other.line
            mate = one if line == other.line else other
            yield Fault(line, "overlap", _("It overlaps %(code)s by %(share)s %%.")
                        % {"code": mate.code, "share": f"{share * 100:.1f}"})  # fmt: skip


def place_faults(
    row: Row, *, scheme: Scheme, languages: Sequence[str], taken: set[str]
) -> Iterable[Fault]:
    """What is wrong with a row of places by itself; the grid is looked up by the action."""
    yield from _sign_faults(row)
    yield from _name_faults(row, languages)
    if row.get("kind") and place_kind(row.get("kind"), scheme) is None:
        yield Fault(row.line, "wrong_kind", _("%(kind)s is no kind of place.")
                    % {"kind": row.get("kind")})  # fmt: skip
    if point(row) is None:
        turned = _point(row.get("lat"), row.get("lon")) is not None
        said = TURNED if turned else _("Longitude and latitude must be given in degrees.")
        yield Fault(row.line, "turned" if turned else "no_point", said)
    if row.get("code"):
        code = codes.normalise(row.get("code"))
        if code is None:
            yield Fault(row.line, "wrong_code", _("%(code)s is no code of a place.")
                        % {"code": row.get("code")})  # fmt: skip
        elif code in taken:
            yield Fault(row.line, "duplicate_code", _("Code %(code)s is in use already.")
                        % {"code": codes.pretty(code)})  # fmt: skip


def place_kind(text: str, scheme: Scheme) -> str | None:
    """The key of a kind written as key or by its name."""
    kinds = scheme.place_kinds
    return next((key for key in kinds if text == key or text in kinds[key].values()), None)


def point(row: Row) -> tuple[float, float] | None:
    """Where a row says that it lies; None where that is nowhere on earth."""
    return _point(row.get("lon"), row.get("lat"))


def _point(east: str, north: str) -> tuple[float, float] | None:
    try:
        lon, lat = float(east), float(north)
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None  # noqa: PLR2004
