"""Whom to call back: cases that wait for a caller, found by the desk's own index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lingka.areas import selectors as areas
from lingka.cases import clocks
from lingka.cases.models import Case, Receipt
from lingka.cases.selectors.page import contacts_of
from lingka.cases.selectors.rows import area_name, type_of
from lingka.cases.workflow import had_a_hand
from lingka.core.text import pick

MOST = 300  # of one list
STATE = "calling_back"


@dataclass(frozen=True)
class ToCall:
    """One case whose reporter is to be asked."""

    uuid: UUID
    number: str
    case_type: str
    type_name: str
    place: str
    lead_unit: int | None
    units: frozenset[int]  # of these, nobody calls
    since: datetime  # when it was checked by somebody else
    due: datetime | None
    tries: tuple[dict[str, Any], ...]
    enough: bool


def to_call(desks: Iterable[int], limit: int = MOST) -> list[ToCall]:
    """Those of some desks, what is due first before."""
    found = Case.objects.filter(
        owner="caller", desk_area__in=list(desks), state=STATE, stage="verification"
    )
    return [_to_call(case) for case in found.order_by("due_at", "id")[:limit]]


def called(case: Case) -> ToCall | None:
    """The same for a case at hand; None where it waits for no caller."""
    return _to_call(case) if case.state == STATE else None


def _to_call(case: Case) -> ToCall:
    told = case.facts.get("calls", {})
    place = areas.place(case.place_id) if case.place_id else None
    parts = [area_name(case), pick(place.name) if place else ""]
    started = case.clocks.get("call_back", {}).get("started")
    return ToCall(
        uuid=case.uuid, number=case.number, case_type=case.case_type,
        type_name=type_of(case).name, place=" · ".join(part for part in parts if part),
        lead_unit=case.facts.get("handled_unit") or case.lead_unit_id,
        units=had_a_hand(case.assignments, case.facts),
        since=clocks.moment(started) if started else case.changed_at, due=case.due_at,
        tries=tuple(told.get("tries", ())), enough=told.get("enough", False),
    )  # fmt: skip


@dataclass(frozen=True)
class Reporter:
    """One holder of a receipt who may be called: in which language, and whether by telephone."""

    receipt: UUID
    language: str
    phone: bool


def reporters(case: Case) -> list[Reporter]:
    """Whoever left a contact, the reporter before those who follow. Never what it is."""
    receipts = list(Receipt.objects.filter(case=case).order_by("-kind", "id"))
    left = contacts_of(receipts)
    return [Reporter(one.uuid, one.language, left[one.pk]) for one in receipts if one.pk in left]


def came_to_be_called(since: datetime, until: datetime) -> int:
    """How many cases came to be called back between two moments. Reads the whole table: once a
    week."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_case WHERE clocks->'call_back'->>'started' >= %s"
            " AND clocks->'call_back'->>'started' < %s",
            [clocks.text(since), clocks.text(until)],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def desks_with_calls() -> Sequence[int]:
    """Every desk at which a case waits for a caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT desk_area_id FROM cases_case WHERE owner = 'caller'"
            " AND stage <> 'closed'"
        )
        return [row[0] for row in cursor.fetchall()]
