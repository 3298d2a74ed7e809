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
    # also address, phone and email: with those the caller hears of each step, as any resident
    types:                         # first that matches wins; matched in these columns, in order
      columns: [type, category]
      map: {"Streetlight": light.lamp}
      default: other
    refuse: {columns: [type], parts: [Noise of a neighbour]}  # what is no matter for a case
    replay: {closed_at: closed_at, words: closure_note}       # history, gone through at its times
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
from typing import Any, ClassVar, TextIO

import openpyxl
import yaml
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.problems import Problem
from lingka.intake import replay
from lingka.intake.forms import PHONE
from lingka.intake.models import Imported

NAMESPACE = uuid.UUID("6f1c7a52-0d5e-5f37-9f0a-3d6f9b1f2f10")  # makes ids of rows into keys
MOST_FAULTS = 200


@dataclass(frozen=True)
class Fault:
    """One row that did not come in, and why."""

    line: int
    source_id: str
    code: str
    message: str


@dataclass
class Report:
    """What an import did, or in a dry run would do: row by row, a bad one stops nobody."""

    by_row: ClassVar[bool] = True
    rows: int = 0
    opened: int = 0
    known: int = 0
    filtered: int = 0
    faults: list[Fault] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    got: Counter[str] = field(default_factory=Counter)
    replayed: Counter[str] = field(default_factory=Counter)  # "" is the whole way

    def __str__(self) -> str:
        return "\n".join(summary(self))

    def share(self, what: str) -> float:
        """Which share of the rows that came in received a type, grid, unit or deadline."""
        return self.got[what] / self.opened if self.opened else 0.0

    def fault(self, fault: Fault) -> None:
        self.refused[fault.code] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


@dataclass(frozen=True)
class Plan:
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
    refuse: Mapping[str, Any]
    replay: Mapping[str, Any]


def load_plan(path: Path) -> Plan:
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
    return Plan(
        source=raw["source"],
        form=raw.get("format", "csv"),
        id=raw["id"],
        channel=raw.get("channel", "hotline"),
        language=raw.get("language", "zh-hans"),
        zone=zone,
        columns=raw["columns"],
        types=raw["types"],
        keep=raw.get("keep", {}),
        refuse=raw.get("refuse", {}),
        replay=raw.get("replay", {}),
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


def import_requests(
    file: Path,
    *,
    actor: Actor = SYSTEM,
    mapping: Path | Plan,
    dry_run: bool = False,
    limit: int | None = None,
) -> Report:
    """Bring in an export, row by row; a row that cannot come in is named and stops nobody."""
    plan = mapping if isinstance(mapping, Plan) else load_plan(mapping)
    report = Report()
    for number, row in enumerate(rows_of(file, plan.form), start=2):
        if limit is not None and report.rows >= limit:
            break
        if all(part in str(row.get(name) or "") for name, part in plan.keep.items()):
            report.rows += 1
            _take(number, row, plan, report, actor=actor, dry_run=dry_run)
        else:
            report.filtered += 1
    return report


def _take(
    number: int,
    row: Mapping[str, Any],
    plan: Plan,
    report: Report,
    *,
    actor: Actor,
    dry_run: bool,
) -> None:
    source_id = str(row.get(plan.id) or "").strip()
    try:
        values = read_row(row, plan)
        if not source_id:
            raise Problem("no-id", _("The row has no number of its own."))  # noqa: TRY301
        with transaction.atomic():
            case = _open(source_id, values, plan, report, actor)
            if case:
                _replay(case, row, plan, report, values["occurred_at"])
            if dry_run:
                transaction.set_rollback(True)
    except Problem as problem:
        report.fault(Fault(number, source_id, problem.code, str(problem.message)))


def _open(
    source_id: str, values: dict[str, Any], plan: Plan, report: Report, actor: Actor
) -> uuid.UUID | None:
    if Imported.objects.filter(source=plan.source, source_id=source_id).exists():
        report.known += 1
        return None
    opened = cases.open_case(
        actor=actor,
        channel=plan.channel,
        language=plan.language,
        idempotency_key=uuid.uuid5(NAMESPACE, f"{plan.source}:{source_id}"),
        **values,
    )
    Imported.objects.create(
        source=plan.source,
        source_id=source_id,
        case_uuid=opened.case_uuid,
        imported_at=clock.now(),
    )
    report.opened += 1
    got = selectors.outcome(opened.case_uuid)
    report.got["type"] += got.case_type != plan.types.get("default")
    report.got["grid"] += got.grid_id is not None
    report.got["unit"] += bool(got.lead_unit_id or got.suggested_unit_id)
    report.got["deadline"] += got.due_at is not None
    return opened.case_uuid


def read_row(row: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Turn a row into what `open_case` asks for, or say which cell cannot be read."""
    _refuse(row, plan)
    lon, lat = _point(row, plan)
    address = _joined(row, plan.columns.get("address"))[:200]
    words = _joined(row, plan.columns.get("words"))
    if not words:
        raise Problem("no-words", _("Nothing is said in this row."), field="words")
    return {
        "case_type": type_of(row, plan),
        "words": words[:4000],
        "lon": lon,
        "lat": lat,
        "address": address,
        "contact": _contact(row, plan),
        "occurred_at": _time(row, plan.columns.get("opened_at"), plan),
    }


def _contact(row: Mapping[str, Any], plan: Plan) -> cases.ContactData | None:
    """How the caller can be reached, where the mapping names columns for it."""
    phone = _joined(row, plan.columns.get("phone"))
    email = _joined(row, plan.columns.get("email"))
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Problem("bad-email", _("The e-mail cannot be read."), field="email") from error
    if phone and not PHONE.match(phone):
        raise Problem("bad-phone", _("The telephone number cannot be read."), field="phone")
    return cases.ContactData(phone=phone, email=email) if phone or email else None


def _refuse(row: Mapping[str, Any], plan: Plan) -> None:
    """What is about a person, not a thing or a service, is not taken in."""
    for column in plan.refuse.get("columns", ()):
        text = str(row.get(column) or "").lower()
        if any(part.lower() in text for part in plan.refuse["parts"]):
            raise Problem("not-ours", _("This is about persons, not about a thing or a service."))


def _joined(row: Mapping[str, Any], names: Any) -> str:
    columns = [names] if isinstance(names, str) else list(names or ())
    parts = [str(row.get(name) or "").strip() for name in columns]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _point(row: Mapping[str, Any], plan: Plan) -> tuple[float | None, float | None]:
    texts = [str(row.get(plan.columns.get(name, "")) or "").strip() for name in ("lon", "lat")]
    if not all(texts):
        return None, None
    try:
        lon, lat = (float(text) for text in texts)
    except ValueError as error:
        raise Problem("bad-point", _("The position cannot be read."), field="lon") from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004
        raise Problem("bad-point", _("The position lies outside the world."), field="lon")
    return lon, lat


def _time(row: Mapping[str, Any], column: str | None, plan: Plan) -> dt.datetime | None:
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
    return found if found.tzinfo else found.replace(tzinfo=plan.zone)


def type_of(row: Mapping[str, Any], plan: Plan) -> str:
    """Return the case type by the first entry that matches, columns before entries."""
    rules: Mapping[str, str] = plan.types.get("map", {})
    if plan.types.get("keywords"):
        found = _by_keywords([str(row.get(one) or "") for one in plan.types["columns"]])
        if found:
            return found
    for column in plan.types["columns"]:
        text = str(row.get(column) or "").lower()
        for part, key in rules.items():
            if text and part.lower() in text:
                return key
    default = plan.types.get("default")
    if not default:
        raise Problem("no-type", _("No case type fits this row."), field="case_type")
    return str(default)


def _by_keywords(texts: list[str]) -> str | None:
    """The type most of whose words are found, in the title before the text."""
    for text in texts:
        counts = {
            info.key: sum(len(word) for word in info.keywords if word in text)
            for info in selectors.case_types()
        }
        best = max(counts, key=lambda key: counts[key], default="")
        if best and counts[best]:
            return best
    return None


def _replay(
    case: uuid.UUID,
    row: Mapping[str, Any],
    plan: Plan,
    report: Report,
    opened_at: dt.datetime | None,
) -> None:
    """Go through the history that the row tells of, at its own times."""
    closed_at = _time(row, plan.replay.get("closed_at"), plan)
    if closed_at is None or opened_at is None:
        return
    if closed_at < opened_at:
        report.replayed["closed-before-opened"] += 1
        return
    words = _joined(row, plan.replay.get("words"))[:4000] or "—"
    stopped = replay.close(case, opened_at=opened_at, closed_at=closed_at, words=words)
    report.replayed[stopped] += 1


def summary(report: Report) -> Iterable[str]:
    """Lines for the terminal and the docs."""
    yield f"rows {report.rows}, opened {report.opened}, known already {report.known}"
    for what in ("type", "grid", "unit", "deadline"):
        yield f"{what}: {report.got[what]} of {report.opened} ({report.share(what):.1%})"
    for stopped, count in report.replayed.most_common():
        yield f"history {'gone through' if not stopped else 'stopped: ' + stopped}: {count}"
    for code, count in report.refused.most_common():
        yield f"refused, {code}: {count}"
