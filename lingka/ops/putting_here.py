"""`lingka rules`: what the page of one's own rules does, at the machine."""

import sys
from pathlib import Path

from django.utils import translation

from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.ops import actions, putting
from lingka.ops.run import say


def put(file: Path, *, dry_run: bool) -> int:
    """Check a file, say what differs, and put it into force; 1 where it is refused."""
    if not file.is_file():
        say("Name a file that exists.")
        return 1
    with translation.override("en"):  # as the rest of what the terminal says
        try:
            given = file.read_bytes()
            found = putting.proposal(given) if dry_run else actions.put_rules(given, actor=SYSTEM)
        except Problem as problem:
            return _refused(str(problem), problem.extra.get("faults", []))
        if found.faults:
            return _refused("These rules do not hold together.", list(found.faults))
        for one in found.changed if found.before else ():
            say(f"{one.place}: {one.before or '—'} → {one.after or '—'}")
        would = "would come into force" if dry_run else "in force"
        say(f"{found.history.label}, {found.key}: version {found.number + 1} {would}.")
    return 0


def _refused(why: str, faults: list[str]) -> int:
    say(why)
    for fault in faults:
        say(f"  {fault}")
    return 1


def show(kind: str, key: str) -> int:
    """Write one of them to standard output; without names, list what there is."""
    with translation.override("en"):
        if not kind:
            for history, named in putting.things():
                for one, name in named:
                    say(f"{history.kind} {one}: {name}")
                if history.rules and (note := history.rules.note()):
                    say(f"  {note}")
            return 0
        text = putting.text_of(kind, key or kind.replace("-", "_"))
    if text is None:
        say("There is no such thing; `lingka rules show` lists what there is.")
        return 1
    sys.stdout.write(text)
    return 0
