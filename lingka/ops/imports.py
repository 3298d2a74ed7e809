"""`lingka import`: files into the town's tables, each through its module's own action."""

from pathlib import Path

from django.utils import translation

from lingka.areas import actions as areas
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.intake import imports as hotline
from lingka.ops.run import say


def run(
    kind: str,
    file: Path,
    mapping: Path | None,
    *,
    dry_run: bool,
    limit: int | None,
    datum: areas.Datum = "wgs84",
) -> int:
    """Import, or with `dry_run` only try; faults are printed with their lines."""
    for needed in (file, *([mapping] if mapping else [])):
        if not needed.exists():
            say(f"{needed} does not exist.")
            return 1
    try:
        if kind in {"requests", "hotline"}:
            return _requests(file, mapping, dry_run=dry_run, limit=limit)
        with translation.override("en"):  # as the rest of what the terminal says
            return _places(kind, file, dry_run=dry_run, datum=datum)
    except Problem as problem:
        with translation.override("en"):
            say(str(problem.message))
        return 1


def _places(kind: str, file: Path, *, dry_run: bool, datum: areas.Datum) -> int:
    take = areas.import_areas if kind == "areas" else areas.import_places
    report = take(file, actor=SYSTEM, dry_run=dry_run, datum=datum)
    for fault in report.faults:
        say(f"line {fault.line}: {fault.message}")
    if report.faults:
        say(f"{len(report.faults)} faults in {report.rows} rows; nothing was taken.")
    elif dry_run:
        say(f"{report.rows} rows hold together; nothing was changed.")
    else:
        say(f"{report.added} added, {report.closed} closed, of {report.rows} rows.")
    return 1 if report.faults else 0


def _requests(file: Path, mapping: Path | None, *, dry_run: bool, limit: int | None) -> int:
    if mapping is None:
        say("Requests need --mapping: a file that says what the columns mean.")
        return 1
    loaded = hotline.load_plan(mapping)
    report = hotline.import_requests(file, mapping=loaded, dry_run=dry_run, limit=limit)
    for fault in report.faults:
        say(f"line {fault.line} ({fault.source_id}): {fault.message}")
    say(str(report))
    if dry_run:
        say("This was a dry run: nothing was kept.")
    return 0 if report.opened or report.known or not report.refused else 1
