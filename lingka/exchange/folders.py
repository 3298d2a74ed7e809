"""The folders through which files come and go: `in`, `refused` and `out` of each platform.

What came holds callers' words and numbers in clear: it goes once it is taken in, and what could
not be read goes after some days.

A file is whole once it bears its name: who writes it does so under another ending (.part) and
renames it. So does Lingka.
"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.core import clock
from lingka.core.problems import Problem

ENDINGS = (".csv", ".jsonl", ".xlsx", ".csv.gz", ".jsonl.gz")
BLOCK = 1 << 20
REFUSED = "refused"
KEPT = timedelta(days=7)  # so long somebody may look at what could not be read


def folder(peer: str, name: str) -> Path:
    """One of a platform's folders, made where it is not there yet."""
    path: Path = Path(settings.EXCHANGE_ROOT) / peer / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def waiting(peer: str) -> list[Path]:
    """Whole files that came, by name."""
    files = folder(peer, "in").iterdir()
    return sorted(one for one in files if one.is_file() and one.name.endswith(ENDINGS))


def digest(path: Path) -> str:
    """A Problem where it may not be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found.update(block)
    except OSError as error:
        raise Problem("file", _("The file cannot be read.")) from error
    return found.hexdigest()


def put_aside(peer: str, path: Path) -> None:
    """Out of `in`; one of the same name that lies there from before stays beside it."""
    goal = folder(peer, REFUSED) / path.name
    number = 1
    while goal.exists():
        number += 1
        goal = goal.with_name(f"{number}-{path.name}")
    path.rename(goal)
    os.utime(goal)  # its days begin now


def forget(peer: str) -> None:
    """What was put aside and was not looked at in time."""
    past = (clock.now() - KEPT).timestamp()
    for path in folder(peer, REFUSED).iterdir():
        if path.stat().st_mtime < past:
            path.unlink(missing_ok=True)


def write(peer: str, name: str, text: str) -> Path:
    """A whole file or none; the same name again takes the place of the first."""
    goal = folder(peer, "out") / name
    part = goal.with_name(f"{name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(goal)
    return goal
