"""Open cases like the one that somebody is about to report."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from lingka.cases import similar
from lingka.cases.definitions import PART
from lingka.cases.models import Case, Stage
from lingka.core import contents

LOOKED_AT = 60  # the newest open ones near by; more would not be read anyway
OFFERED = 3


@dataclass(frozen=True)
class Similar:
    """What a stranger may know of a case: its type, place, stage and day. Never its words."""

    case_uuid: UUID
    case_type: str
    place_id: int | None
    stage: str
    opened_at: dt.datetime
    likeness: float


def similar_open(case_type: str, lon: float | None, lat: float | None, words: str) -> list[Similar]:
    """Return the likeliest few open cases of the type near the point, best first.

    Where words cannot be compared (a voice note, another writing) only the same cell counts.
    """
    if lon is None or lat is None:
        return []
    near = list(
        Case.objects.filter(case_type=case_type, h3__in=similar.cells_near(lon, lat))
        .exclude(stage=Stage.CLOSED)
        .exclude(channel=PART)
        .order_by("-id")
        .values("uuid", "case_type", "place_id", "stage", "opened_at", "h3", "words")[:LOOKED_AT]
    )
    texts = contents.read([row["words"] for row in near if row["words"]])
    here = similar.cell(lon, lat)
    found = []
    for row in near:
        text = str(texts.get(row["words"], "")) if row["words"] else ""
        alike = similar.likeness(words, text)
        fits = alike >= similar.ALIKE if similar.comparable(words, text) else row["h3"] == here
        if fits:
            found.append(
                Similar(
                    row["uuid"],
                    row["case_type"],
                    row["place_id"],
                    row["stage"],
                    row["opened_at"],
                    alike,
                )
            )
    return sorted(found, key=lambda item: item.likeness, reverse=True)[:OFFERED]
