"""Rows of other systems' exports, each through the same door as a resident's report.

A mapping file says which column holds what, how values translate, and how to read its times:

    source: boston-2011            # with the row's id it makes the row unique, for ever
    format: csv                    # csv, jsonl or xlsx; .gz is unpacked on the way
    keep: {source_file: "2011"}    # only rows whose column contains this
    id: row_id
    channel: hotline
    language: en
    time_zone: America/New_York
    columns: {words: [title, closure_note], opened_at: opened_at, lon: lon, lat: lat}
    types:                         # first that matches wins; matched in these columns, in order
      columns: [type, category]
      map: {"Streetlight": light.lamp}
      default: other
    replay: {closed_at: closed_at} # history to go through, at its own times
"""

import csv
import datetime as dt
import gzip
import io
import json
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import openpyxl
import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.intake.models import Imported

NAMESPACE = uuid.UUID("6f1c7a52-0d5e-5f37-9f0a-3d6f9b1f2f10")  # makes ids of rows into keys
MOST_FAULTS = 200


@dataclass(frozen=True)
class Fault:
    """One row that did not come in, and why."""

    row: int
    source_id: str
    code: str
    message: str


@dataclass
class Report:
    """What an import did, or in a dry run would do."""

    rows: int = 0
    opened: int = 0
    known: int = 0
    filtered: int = 0
    faults: list[Fault] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    got: Counter[str] = field(default_factory=Counter)

    def share(self, what: str) -> float:
        """Which share of the rows that came in received a type, grid, unit or deadline."""
        return self.got[what] / self.opened if self.opened else 0.0

    def fault(self, fault: Fault) -> None:
        self.refused[fault.code] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


@dataclass(frozen=True)
class Mapping_:
    """A mapping file, read and checked."""

    source: str
    form: str
    id: str
    channel: str
    language: str
    zone: zoneinfo.ZoneInfo
    columns: Mapping[str, Any]
    types: Mapping[str, Any]
    keep: Mapping[str, str]
    replay: Mapping[str, str]
    place: Mapping[str, Any]


def load_mapping(path: Path) -> Mapping_:
    """Read a mapping file; a Problem says what is missing or unknown in it."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise Problem("mapping", _("The mapping file holds no mapping."))
    for name in ("source", "id", "columns", "types"):
        if name not in raw:
            raise Problem("mapping", _("The mapping file lacks “%(name)s”.") % {"name": name})
    try:
        zone = zoneinfo.ZoneInfo(raw.get("time_zone", "UTC"))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise Problem("mapping", _("This time zone is not known.")) from error
    return Mapping_(
        source=raw["source"],
        form=raw.get("format", "csv"),
        id=raw["id"],
        channel=raw.get("channel", "hotline"),
        language=raw.get("language", "zh-hans"),
        zone=zone,
        columns=raw["columns"],
        types=raw["types"],
        keep=raw.get("keep", {}),
        replay=raw.get("replay", {}),
        place=raw.get("place", {}),
    )


def rows_of(path: Path, form: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of an export, whatever it is packed in."""
    if form == "xlsx":
        yield from _sheet(path)
        return
    with ExitStack() as stack:
        file: TextIO
        if path.suffix == ".gz":
            file = stack.enter_context(gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
        else:
            file = stack.enter_context(path.open(encoding="utf-8-sig", newline=""))
        if form == "jsonl":
            yield from (json.loads(line) for line in file if line.strip())
        else:
            yield from csv.DictReader(file)


def _sheet(path: Path) -> Iterator[dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        head = [str(name or "").strip() for name in next(lines, ())]
        for line in lines:
            yield dict(zip(head, line, strict=False))
    finally:
        book.close()


def import_hotline(
    path: Path, mapping: Mapping_, *, dry_run: bool = False, limit: int | None = None
) -> Report:
    """Bring in an export, row by row; a row that cannot come in is named and stops nobody."""
    report = Report()
    for number, row in enumerate(rows_of(path, mapping.form), start=2):
        if limit is not None and report.rows >= limit:
            break
        if not _wanted(row, mapping):
            report.filtered += 1
            continue
        report.rows += 1
        _take(number, row, mapping, report, dry_run=dry_run)
    return report


def _wanted(row: Mapping[str, Any], mapping: Mapping_) -> bool:
    return all(part in str(row.get(name) or "") for name, part in mapping.keep.items())


def _take(
    number: int, row: Mapping[str, Any], mapping: Mapping_, report: Report, *, dry_run: bool
) -> None:
    source_id = str(row.get(mapping.id) or "").strip()
    try:
        if not source_id:
            raise Problem("no-id", _("The row has no number of its own."))
        values = read_row(row, mapping)
        with transaction.atomic():
            case = _open(source_id, values, mapping, report)
            if case:
                _replay(case, row, mapping, values["occurred_at"])
                _count(case, report)
            if dry_run:
                transaction.set_rollback(True)
    except Problem as problem:
        report.fault(Fault(number, source_id, problem.code, str(problem.message)))


def _open(
    source_id: str, values: dict[str, Any], mapping: Mapping_, report: Report
) -> uuid.UUID | None:
    if Imported.objects.filter(source=mapping.source, source_id=source_id).exists():
        report.known += 1
        return None
    key = uuid.uuid5(NAMESPACE, f"{mapping.source}:{source_id}")
    opened = cases.open_case(
        actor=SYSTEM,
        channel=mapping.channel,
        language=mapping.language,
        idempotency_key=key,
        **values,
    )
    Imported.objects.create(
        source=mapping.source,
        source_id=source_id,
        case_uuid=opened.case_uuid,
        imported_at=clock.now(),
    )
    report.opened += 1
    return opened.case_uuid


def read_row(row: Mapping[str, Any], mapping: Mapping_) -> dict[str, Any]:
    """Turn a row into what `open_case` asks for, or say which cell cannot be read."""
    lon, lat = _point(row, mapping)
    address = _joined(row, mapping.columns.get("address"))[:200]
    words = _joined(row, mapping.columns.get("words"))
    if not words:
        raise Problem("no-words", _("Nothing is said in this row."), field="words")
    return {
        "case_type": type_of(row, mapping),
        "words": words[:4000],
        "lon": lon,
        "lat": lat,
        "address": address,
        "occurred_at": _time(row, mapping.columns.get("opened_at"), mapping),
    }


def _joined(row: Mapping[str, Any], names: Any) -> str:
    columns = [names] if isinstance(names, str) else list(names or ())
    parts = [str(row.get(name) or "").strip() for name in columns]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _point(row: Mapping[str, Any], mapping: Mapping_) -> tuple[float | None, float | None]:
    texts = [str(row.get(mapping.columns.get(name, "")) or "").strip() for name in ("lon", "lat")]
    if not all(texts):
        return None, None
    try:
        lon, lat = (float(text) for text in texts)
    except ValueError as error:
        raise Problem("bad-point", _("The position cannot be read."), field="lon") from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004
        raise Problem("bad-point", _("The position lies outside the world."), field="lon")
    return lon, lat


def _time(row: Mapping[str, Any], column: str | None, mapping: Mapping_) -> dt.datetime | None:
    value = row.get(column) if column else None
    if value in (None, ""):
        return None
    if isinstance(value, dt.datetime):
        found = value
    else:
        try:
            found = dt.datetime.fromisoformat(str(value).strip().replace("/", "-"))
        except ValueError as error:
            raise Problem("bad-time", _("The time cannot be read."), field=column) from error
    return found if found.tzinfo else found.replace(tzinfo=mapping.zone)


def type_of(row: Mapping[str, Any], mapping: Mapping_) -> str:
    """Return the case type by the first entry that matches, columns before entries."""
    rules: Mapping[str, str] = mapping.types.get("map", {})
    for column in mapping.types["columns"]:
        text = str(row.get(column) or "").lower()
        for part, key in rules.items():
            if text and part.lower() in text:
                return key
    default = mapping.types.get("default")
    if not default:
        raise Problem("no-type", _("No case type fits this row."), field="case_type")
    return str(default)


def _replay(
    case: uuid.UUID, row: Mapping[str, Any], mapping: Mapping_, opened_at: dt.datetime | None
) -> None:
    """Go through the history that the row tells of, at its own times."""
    closed_at = _time(row, mapping.replay.get("closed_at"), mapping)
    if closed_at is None:
        return
    if opened_at and closed_at < opened_at:
        raise Problem("closed-before-opened", _("It was closed before it was opened."))
    cases.settle_imported(case, actor=SYSTEM, occurred_at=closed_at)


def _count(case: uuid.UUID, report: Report) -> None:
    for what, has in selectors.received(case).items():
        report.got[what] += has


def summary(report: Report) -> Iterable[str]:
    """Lines for the terminal and the docs."""
    yield f"rows {report.rows}, opened {report.opened}, known already {report.known}"
    for what in ("type", "grid", "unit", "deadline"):
        yield f"{what}: {report.got[what]} of {report.opened} ({report.share(what):.1%})"
    for code, count in report.refused.most_common():
        yield f"refused, {code}: {count}"
