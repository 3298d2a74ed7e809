"""Files with areas or places, as rows that know their line: GeoJSON, CSV, Excel.

Headers may be Chinese. Nothing is judged here but what cannot be read at all.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from lingka.core import sheets
from lingka.core.problems import Problem

MOST_ROWS = 200_000
HEADERS = {
    "code": ("code", "编码", "代码", "区划代码", "网格编码", "门牌码"),
    "name": ("name", "名称", "中文名称", "name_zh", "name_zh-hans"),
    "name_bo": ("name_bo", "藏文名称", "藏文"),
    "name_en": ("name_en", "英文名称", "英文"),
    "level": ("level", "级别", "层级"),
    "kind": ("kind", "类型", "网格类型", "场所类型"),
    "parent": ("parent", "上级", "上级编码"),
    "boundary": ("boundary", "边界", "wkt", "范围"),
    "households": ("households", "户数"),
    "valid_from": ("valid_from", "生效日期", "启用日期"),
    "predecessors": ("predecessors", "原编码", "前身"),
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "address": ("address", "地址", "address_zh"),
    "address_bo": ("address_bo", "藏文地址"),
    "address_en": ("address_en", "英文地址"),
    "grid": ("grid", "网格", "所属网格"),
}
_FIELD = {header: field for field, headers in HEADERS.items() for header in headers}
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)[\s,，]+(-?\d+(?:\.\d+)?)")


@dataclass
class Row:
    """`line` is the file's line (or Excel's row); `unreadable` says why there is no shape."""

    line: int
    values: dict[str, str]
    shape: BaseGeometry | None = None
    unreadable: str = ""
    unstorable: list[str] = field(default_factory=list)  # names of cells with such signs
    predecessors: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.values.get(name, "")


def read(file: Path | File) -> list[Row]:  # type: ignore[type-arg]
    """The rows of a file, by its name's ending; Problem("file") where it is none of these."""
    name = str(file.name or "").lower()
    content = file.read_bytes() if isinstance(file, Path) else file.read()
    readers = {".geojson": _geojson, ".json": _geojson, ".csv": _csv, ".xlsx": _excel}
    reader = readers.get(Path(name).suffix)
    if reader is None:
        raise Problem("file", _("Give a GeoJSON, CSV or Excel (.xlsx) file."), field="file")
    rows: list[Row] = []
    for row in reader(content):
        if len(rows) == MOST_ROWS:
            raise Problem("file", _("The file has too many rows: split it."), field="file")
        rows.append(_finished(row))
    if not rows:
        raise Problem("file", _("The file has no rows."), field="file")
    return rows


def _finished(row: Row) -> Row:
    row.unstorable = sorted(name for name, text in row.values.items() if not _is_storable(text))
    row.predecessors = re.findall(r"\w+", row.get("predecessors"))
    if row.shape is None and not row.unreadable and row.get("boundary"):
        row.shape, row.unreadable = _shape(row.get("boundary"))
    return row


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _field(header: object) -> str:
    text = str(header or "").strip().lower()
    return _FIELD.get(text, text)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a code that Excel took for a number
    if hasattr(value, "date"):
        return str(value.date())
    return "" if value is None else str(value).strip()


def _csv(content: bytes) -> Iterator[Row]:
    csv.field_size_limit(10_000_000)  # outlines are long
    text = _text(content)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sheets.delimiter_of(first))
    try:
        headers = [_field(header) for header in next(reader, [])]
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line, dict(zip(headers, map(_cell, cells), strict=False)))
            line = reader.line_num + 1  # quoted cells may span lines
    except csv.Error as error:
        raise Problem(
            "file", _("The file cannot be read at line %(line)s.") % {"line": reader.line_num},
            field="file",
        ) from error  # fmt: skip


def _text(content: bytes) -> str:
    return content.decode(sheets.encoding_of(content), errors="replace")


def _excel(content: bytes) -> Iterator[Row]:
    lines = sheets.excel(content)
    headers = [_field(header) for header in next(lines, ())]
    for number, cells in enumerate(lines, start=2):
        if any(cell is not None for cell in cells):
            yield Row(number, dict(zip(headers, map(_cell, cells), strict=False)))


def _geojson(content: bytes) -> Iterator[Row]:
    text = _text(content)
    start = _FEATURES.search(text)
    if start is None:
        raise Problem("file", _("This is no GeoJSON FeatureCollection."), field="file")
    decoder, at = json.JSONDecoder(), start.end()
    line, counted = 1, 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text):
            raise _broken(text, at)
        if text[at] == "]":
            return
        line, counted = line + text.count("\n", counted, at), at
        try:
            feature, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise _broken(text, error.pos) from error
        except RecursionError as error:
            raise _broken(text, at) from error
        yield _feature(line, feature)


def _broken(text: str, at: int) -> Problem:
    said = _("The file breaks off or is no JSON at line %(line)s.")
    return Problem("file", said % {"line": text.count("\n", 0, at) + 1}, field="file")


def _feature(line: int, feature: Any) -> Row:
    row = Row(line, {})
    if not isinstance(feature, dict):
        row.unreadable = "not a feature"
        return row
    properties = feature.get("properties")
    for key, value in properties.items() if isinstance(properties, dict) else ():
        if isinstance(value, dict):  # {"name": {"zh-hans": …, "bo": …}}
            for language, words in value.items():
                suffix = "" if language == "zh-hans" else f"_{language}"
                row.values[f"{_field(key)}{suffix}"] = _cell(words)
        elif isinstance(value, list):
            row.values[_field(key)] = " ".join(map(_cell, value))
        else:
            row.values[_field(key)] = _cell(value)
    if feature.get("geometry"):
        _take_geometry(row, feature["geometry"])
    return row


def _take_geometry(row: Row, geometry: Any) -> None:
    """A point is where a place lies, anything else the outline of an area."""
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.ShapelyError, ValueError, RecursionError) as error:
        row.unreadable = str(error)
        return
    if shape is None:
        return
    if shape.geom_type == "Point" and not shape.is_empty:
        row.values |= {"lon": str(shapely.get_x(shape)), "lat": str(shapely.get_y(shape))}
    else:
        row.shape = shape


def _shape(text: str) -> tuple[BaseGeometry | None, str]:
    """WKT, or rings as "lon lat; lon lat; …" separated by "|"."""
    if text[:1].isalpha():
        try:
            return shapely.from_wkt(text), ""
        except shapely.errors.GEOSException as error:
            return None, str(error)
    rings = [
        [(float(lon), float(lat)) for lon, lat in _PAIR.findall(part)] for part in text.split("|")
    ]
    try:
        return shapely.Polygon(rings[0], rings[1:]), ""
    except ValueError as error:
        return None, str(error)
