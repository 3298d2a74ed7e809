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
    # also address: without lon and lat the area that it names by name or code has the case;
    # phone and email: with those the caller hears of each step, as any resident
    types:                         # first that matches wins; matched in these columns, in order
      columns: [type, category]
      map: {"Streetlight": light.lamp}
      default: other
      same: true                 # where a column holds a type of ours, that
    refuse: {columns: [type], parts: [Noise of a neighbour]}  # what is no matter for a case
    replay: {closed_at: closed_at, words: closure_note}       # history, gone through at its times
    status: {column: status, changed_at: updated, closed: [done]}  # how it stands there: exchange
"""

import datetime as dt
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DataError, transaction
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.problems import Problem
from lingka.core.text import PHONE
from lingka.intake import exports, replay
from lingka.intake.models import Imported

NAMESPACE = uuid.UUID("6f1c7a52-0d5e-5f37-9f0a-3d6f9b1f2f10")  # makes ids of rows into keys
MOST_FAULTS = 200
LONGEST_ID = 120
EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
REQUIRED = {"source": str, "id": str, "columns": dict, "types": dict}
SINGLE = ("lon", "lat", "opened_at")  # of the columns, those that stand alone
OPTIONAL = {
    "format": str, "channel": str, "language": str, "time_zone": str,
    "keep": dict, "refuse": dict, "replay": dict, "status": dict,
}  # fmt: skip


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
    seen: set[str] = field(default_factory=set, repr=False)

    def __str__(self) -> str:
        return "\n".join(summary(self))

    def share(self, what: str) -> float:
        """Which share of the rows that came in received a type, grid, unit or deadline."""
        return self.got[what] / self.opened if self.opened else 0.0

    def count(self, source_id: str, got: "Got", told: str | None, default: str | None) -> None:
        """Count a row that came in, and what it received."""
        self.opened += 1
        self.seen.add(source_id)
        self.got["type"] += got.outcome.case_type != default
        self.got["grid"] += got.outcome.grid_id is not None
        self.got["unit"] += bool(got.outcome.lead_unit_id or got.outcome.suggested_unit_id)
        self.got["deadline"] += got.outcome.due_at is not None
        if told is not None:
            self.replayed[told] += 1

    def fault(self, fault: Fault) -> None:
        self.refused[fault.code] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


@dataclass(frozen=True)
class Got:
    """A row that became a case, as it stood when it was opened."""

    case_uuid: uuid.UUID
    outcome: selectors.Outcome


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
    status: Mapping[str, Any] = field(default_factory=dict)


def load_plan(path: Path) -> Plan:
    """Read a mapping file; a Problem says what is missing or unknown in it."""
    return read_plan(path.read_bytes())


def read_plan(text: str | bytes) -> Plan:
    """Read what a mapping file holds."""
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: signs, days of no calendar
        raw = None
    if not isinstance(raw, dict):
        raise Problem("mapping", _("The mapping file holds no mapping."))
    for name, kind in REQUIRED.items():
        if not isinstance(raw.get(name), kind):
            raise Problem("mapping", _("The mapping file lacks “%(name)s”.") % {"name": name})
    if not isinstance(raw["types"].get("columns"), list):
        raise Problem(
            "mapping", _("The mapping file lacks “%(name)s”.") % {"name": "types.columns"}
        )
    _must_be_read(raw)
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
        status=raw.get("status", {}),
    )


def _must_be_read(raw: dict[str, Any]) -> None:
    """What the parts hold: YAML takes 101 for a number and a lone word for a text."""
    wrong = [one for one, kind in OPTIONAL.items() if one in raw and not isinstance(raw[one], kind)]
    if wrong:
        raise _not_read(wrong[0])
    status, refuse = raw.get("status", {}), raw.get("refuse", {})
    several = [f"columns.{one}" for one in raw["columns"] if one in SINGLE]
    parts: dict[str, tuple[Any, Callable[[Any], bool]]] = {
        "columns": (raw["columns"], lambda held: all(map(_is_names, held.values()))),
        "types.columns": (raw["types"]["columns"], _is_names),
        "types.map": (raw["types"].get("map", {}), _is_texts),
        "keep": (raw.get("keep", {}), _is_texts),
        "replay": (raw.get("replay", {}), lambda held: all(map(_is_names, held.values()))),
        "refuse": (refuse, lambda held: not held or {"columns", "parts"} <= held.keys()),
        "refuse.columns": (refuse.get("columns", []), _is_list),
        "refuse.parts": (refuse.get("parts", []), _is_list),
        "status": (status, lambda held: not held or isinstance(held.get("column"), str)),
        "status.closed": (status.get("closed", []), lambda held: isinstance(held, list)),
        "status.changed_at": (status.get("changed_at", ""), lambda held: isinstance(held, str)),
    }
    parts |= {one: (raw["columns"][one[8:]], lambda held: isinstance(held, str)) for one in several}
    for name, (held, fits) in parts.items():
        if not fits(held):
            raise _not_read(name)


def _not_read(name: str) -> Problem:
    said = _("“%(name)s” in the mapping file cannot be read.")
    return Problem("mapping", said % {"name": name})


def _is_list(held: Any) -> bool:
    return isinstance(held, list) and all(isinstance(one, str) for one in held)


def _is_names(held: Any) -> bool:
    return isinstance(held, str) or _is_list(held)


def _is_texts(held: Any) -> bool:
    return isinstance(held, dict) and all(isinstance(one, str) for one in (*held, *held.values()))


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
    lines = exports.lines_of(file, plan.form)
    return import_lines(lines, plan, actor=actor, dry_run=dry_run, limit=limit)


def import_lines(
    lines: Iterable[exports.Line],
    plan: Plan,
    *,
    actor: Actor = SYSTEM,
    dry_run: bool = False,
    limit: int | None = None,
) -> Report:
    """The same for rows that were read already, each with its line."""
    report, first = Report(), True
    for number, row in lines:
        if limit is not None and report.rows >= limit:
            break
        if isinstance(row, Problem):
            report.rows += 1
            report.fault(Fault(number, "", row.code, str(row.message)))
            continue
        if first and plan.form != "jsonl":
            _must_have(plan, row)
        first = False
        if all(part in str(row.get(name) or "") for name, part in plan.keep.items()):
            report.rows += 1
            _take(number, row, plan, report, actor=actor, dry_run=dry_run)
        else:
            report.filtered += 1
    return report


def _must_have(plan: Plan, row: Mapping[str, Any]) -> None:
    """A column that the mapping names and the file lacks would leave every row without it."""
    listed = [plan.columns.values(), plan.replay.values(), plan.keep]
    listed += [plan.types["columns"], plan.refuse.get("columns", ())]
    named = {plan.id, *(name for names in listed for one in names for name in _names(one))}
    if missing := sorted(named - row.keys()):
        said = _("The file lacks the columns: %(names)s.") % {"names": ", ".join(missing)}
        raise Problem("mapping", said)


def _names(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())


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
        closed_at = _time(row, plan.replay.get("closed_at"), plan)
        if _is_known(source_id, plan, report):
            report.known += 1
            return
        with transaction.atomic():
            got = _open(source_id, values, plan, actor)
            words = _joined(row, plan.replay.get("words"))[:4000] or "—"
            told = _replay(got.case_uuid, values["occurred_at"], closed_at, words)
            if dry_run:
                transaction.set_rollback(True)
    except Problem as problem:
        report.fault(Fault(number, source_id, problem.code, str(problem.message)))
    except (DataError, UnicodeEncodeError):
        said = _("This has a sign that cannot be stored.")
        report.fault(Fault(number, source_id, "unstorable", said))
    else:
        report.count(source_id, got, told, plan.types.get("default"))


def can_be_number(text: str) -> bool:
    """Whether the number that another system gives its row can be kept."""
    try:
        text.encode()
    except UnicodeEncodeError:  # half a sign, as JSON can write it
        return False
    return 0 < len(text) <= LONGEST_ID and "\x00" not in text


def _is_known(source_id: str, plan: Plan, report: Report) -> bool:
    """Whether this row came in before, in this run or an earlier one."""
    if not source_id:
        raise Problem("no-id", _("The row has no number of its own."))
    if not can_be_number(source_id):
        raise Problem("bad-id", _("The row's own number is too long."))
    before = Imported.objects.filter(source=plan.source, source_id=source_id)
    return source_id in report.seen or before.exists()


def _open(source_id: str, values: dict[str, Any], plan: Plan, actor: Actor) -> "Got":
    opened = cases.open_case(
        actor=actor,
        channel=plan.channel,
        language=plan.language,
        idempotency_key=uuid.uuid5(NAMESPACE, f"{plan.source}:{source_id}"),
        **values,
    )
    Imported.objects.get_or_create(
        source=plan.source,
        source_id=source_id,
        defaults={"case_uuid": opened.case_uuid, "imported_at": clock.now()},
    )
    return Got(opened.case_uuid, selectors.outcome(opened.case_uuid))


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
    parts = [str(row.get(name) or "").strip() for name in _names(names)]
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
    found = value if isinstance(value, dt.datetime) else _moment(str(value))
    if found is None:
        raise Problem("bad-time", _("The time cannot be read."), field=column)
    found = found if found.tzinfo else found.replace(tzinfo=plan.zone)
    if not EARLIEST <= found <= clock.now() + dt.timedelta(days=1):
        raise Problem("bad-time", _("The time lies before 1970 or ahead of now."), field=column)
    return found


def standing_of(row: Mapping[str, Any], plan: Plan) -> tuple[bool | None, dt.datetime | None]:
    """Whether the row says that its case is open, and since when; None where it does not say."""
    said = str(row.get(plan.status.get("column", "")) or "").strip().lower()
    closed = any(str(one).lower() == said for one in plan.status.get("closed", ()))
    try:
        changed = _time(row, plan.status.get("changed_at"), plan)
    except Problem:
        changed = None
    return (not closed if said else None), changed


def _moment(text: str) -> dt.datetime | None:
    """2026-11-02T10:00:00+08:00, and 2026/1/6 9:05 as clerks and Excel write it."""
    text = text.strip().replace("/", "-")
    try:
        day = parse_date(text)
        return dt.datetime.combine(day, dt.time()) if day else parse_datetime(text)
    except ValueError:
        return None


def type_of(row: Mapping[str, Any], plan: Plan) -> str:
    """Return the case type by the first entry that matches, columns before entries."""
    rules: Mapping[str, str] = plan.types.get("map", {})
    if plan.types.get("same") and (own := _same(row, plan)):
        return own
    if plan.types.get("keywords"):
        found = _by_keywords([str(row.get(one) or "") for one in plan.types["columns"]], plan)
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


def _same(row: Mapping[str, Any], plan: Plan) -> str:
    """A type of ours, where the other platform names its own by our keys."""
    known = {one.key for one in selectors.case_types() if one.comes_by(plan.channel)}
    held = (str(row.get(column) or "") for column in plan.types["columns"])
    return next((one for one in held if one in known), "")


def _by_keywords(texts: list[str], plan: Plan) -> str | None:
    """The type most of whose words are found, in the title before the text."""
    for text in texts:
        counts = {
            info.key: sum(len(word) for word in info.keywords if word in text)
            for info in selectors.case_types()
            if info.comes_by(plan.channel)
        }
        best = max(counts, key=lambda key: counts[key], default="")
        if best and counts[best]:
            return best
    return None


def _replay(
    case: uuid.UUID, opened_at: dt.datetime | None, closed_at: dt.datetime | None, words: str
) -> str | None:
    """Go through the history that the row tells of: how far it went, None where none is told."""
    if closed_at is None or opened_at is None:
        return None
    if closed_at < opened_at:
        return "closed-before-opened"
    return replay.close(case, opened_at=opened_at, closed_at=closed_at, words=words)


def summary(report: Report) -> Iterable[str]:
    """Lines for the terminal and the docs."""
    yield f"rows {report.rows}, opened {report.opened}, known already {report.known}"
    for what in ("type", "grid", "unit", "deadline"):
        yield f"{what}: {report.got[what]} of {report.opened} ({report.share(what):.1%})"
    for stopped, count in report.replayed.most_common():
        yield f"history {'gone through' if not stopped else 'stopped: ' + stopped}: {count}"
    for code, count in report.refused.most_common():
        yield f"refused, {code}: {count}"
