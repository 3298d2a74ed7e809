"""`lingka import`: files into the town's tables, each through its module's own action."""

from importlib import import_module
from pathlib import Path
from typing import Any

from lingka.core.actors import SYSTEM
from lingka.ops.run import say

ACTIONS = {
    "areas": ("lingka.areas.actions", "import_areas"),
    "places": ("lingka.areas.actions", "import_places"),
    "requests": ("lingka.intake.imports", "import_requests"),
}


def run(kind: str, file: Path, mapping: Path | None, *, dry_run: bool) -> int:
    """Import, or with `dry_run` only try; faults are printed with their lines."""
    if not file.exists():
        say(f"{file} does not exist.")
        return 1
    module, name = ACTIONS[kind]
    extra: dict[str, Any] = {"mapping": mapping} if mapping else {}
    report = getattr(import_module(module), name)(file, actor=SYSTEM, dry_run=dry_run, **extra)
    for fault in report.faults:
        say(f"line {fault.line}: {fault.message}")
    verb = "would be" if dry_run else "was"
    say(f"{len(report.faults)} faults; nothing {verb} taken." if report.faults else str(report))
    return 1 if report.faults else 0
