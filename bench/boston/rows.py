"""Boston's requests of July to December 2011, cut into what may be learnt from and what not."""

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.world import ROOT

ZONE = "America/New_York"
FILE = Path("requests311/requests_311.open.csv.gz")
HALF = datetime(2011, 10, 1, tzinfo=ZoneInfo(ZONE))
ABOUT_PERSONS = "General Comments For An Employee"  # no matter for a case: mission, rule 3


@dataclass(frozen=True)
class Matter:
    """All that the judged path may know of a request."""

    type: str
    opened: datetime
    closed: datetime | None


@dataclass(frozen=True)
class Answer:
    """What the city itself says: its deadline, and whether it was kept. For fitting and scoring."""

    due: datetime | None
    on_time: str  # "ONTIME", "OVERDUE"; "" where the city gives none


def read() -> tuple[list[tuple[Matter, Answer]], int]:
    """All requests in the order of their opening, and how many were left out."""
    found = [pair for pair in _told() if pair[0].type != ABOUT_PERSONS]
    found.sort(key=lambda pair: pair[0].opened)
    return found, sum(1 for _ in _told()) - len(found)


def _told() -> Iterator[tuple[Matter, Answer]]:
    folder = Path(os.environ.get("LINGKA_DATA", ROOT.parent / "shared" / "data"))
    with gzip.open(folder / FILE, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if not row["source_file"].endswith("311_service_requests_2011.zip"):
                continue
            opened = _moment(row["opened_at"])
            assert opened is not None  # each has one
            matter = Matter(row["type"], opened, _moment(row["closed_at"]))
            yield matter, Answer(_moment(row["due_at"]), row["on_time"])


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)) if text else None
