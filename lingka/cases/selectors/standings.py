"""Where cases stand, for modules that say something of them in public. One statement."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lingka.cases import clocks
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import catalogue

ARCHIVED = "archived"  # the state


@dataclass(frozen=True)
class Standing:
    """Ids, types, stages and times: never words, never who."""

    uuid: UUID
    number: str
    case_type: str
    stage: str
    state: str
    place_id: int | None
    grid_id: int | None
    area_path: str
    lead_unit: int | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    checked: bool  # somebody else found the result of this round right
    listed: bool  # of a type that public lists may carry

    @property
    def over(self) -> bool:
        return self.checked or self.stage == Stage.CLOSED


def standings(case_uuids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Cases by id."""
    rows = Case.objects.filter(uuid__in=set(case_uuids)).values_list(
        "uuid", "number", "case_type", "stage", "state", "place_id", "grid_id", "area_path",
        "lead_unit_id", "opened_at", "closed_at", "facts__reopen_until",
    )  # fmt: skip
    listed = _listed()
    return {row[0]: Standing(*row[:-1], bool(row[-1]), row[2] in listed) for row in rows}


_OVER = """
SELECT stream_id FROM core_event
WHERE stream_id = ANY(%s) AND type = 'cases.CaseActed' AND recorded_at <= %s
GROUP BY stream_id
HAVING (array_agg(data ->> 'to_stage' ORDER BY sequence DESC))[1] = 'closed'
OR (array_agg(data #>> '{changes,facts,reopen_until}' ORDER BY sequence DESC)
    FILTER (WHERE (data #> '{changes,facts}') ? 'reopen_until'))[1] IS NOT NULL
"""


def over_at(case_uuids: Iterable[UUID], at: dt.datetime) -> set[UUID]:
    """Which of the cases were over at a moment, closed or found right by who checked them.

    Read from what had happened by then: how a case stands now does not say it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [list(set(case_uuids)), at])
        return {row[0] for row in cursor.fetchall()}


_ENDED = """
SELECT DISTINCT ON (stream_id) stream_id, data ->> 'from_state' FROM core_event
WHERE stream_id = ANY(%s) AND type = 'cases.CaseActed' AND data ->> 'to_state' = 'archived'
ORDER BY stream_id, sequence DESC
"""


def before_archiving(found: Mapping[UUID, Standing]) -> dict[UUID, Standing]:
    """The same, each archived one in the state in which it ended: archiving ends nothing anew."""
    ids = [uuid for uuid, one in found.items() if one.state == ARCHIVED]
    if not ids:
        return dict(found)
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [ids])
        ended = dict(cursor.fetchall())
    return {uuid: replace(one, state=ended.get(uuid, one.state)) for uuid, one in found.items()}


def overdue(case_uuids: Iterable[UUID], at: dt.datetime) -> dict[UUID, dt.datetime]:
    """Which of the cases were open, at a moment, past a deadline that ran, and past which."""
    going = Q(closed_at__isnull=True) | Q(closed_at__gt=at)
    rows = Case.objects.filter(going, uuid__in=set(case_uuids), opened_at__lte=at)
    found = {uuid: clocks.earliest(ran, at) for uuid, ran in rows.values_list("uuid", "clocks")}
    return {uuid: due for uuid, due in found.items() if due is not None and due < at}


@dataclass(frozen=True)
class Led:
    """Who answers for a case by name, until when, and whether they did."""

    leader: int
    due_at: dt.datetime
    answered: bool


def led(case_uuids: Iterable[UUID]) -> dict[UUID, Led]:
    """Those of the cases for which somebody was named."""
    rows = Case.objects.filter(uuid__in=set(case_uuids), facts__leader__isnull=False)
    found = rows.values_list("uuid", "facts__leader", "clocks__lead_answer")
    return {
        uuid: Led(leader, clocks.moment(asked["due"]), asked["stopped"] is not None)
        for uuid, leader, asked in found
        if asked
    }


def is_listed(case_type: str) -> bool:
    """Whether public lists may carry cases of this type."""
    return case_type in _listed()


def _listed() -> frozenset[str]:
    return frozenset(one.key for one in catalogue.case_types() if one.publication == "listed")
