"""Keeping facts and counts: what each batch of events changes, and all of it anew.

The counts are sums over the facts. A batch writes the facts it changed and adds the difference
to the counts in the same statement, so that both always agree. Only the receiver writes, under
its cursor's lock; `insight.recomputing` takes the same lock.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from psycopg.types.json import Jsonb

from lingka.cases import selectors as cases
from lingka.core.events import StoredEvent
from lingka.insight import rules
from lingka.insight.measures import COLUMNS
from lingka.insight.models import Fact
from lingka.insight.rules import Memory
from lingka.insight.selectors import definitions

FACT: Mapping[str, str] = {
    "case": "uuid", "number": "text", "opened_at": "timestamptz", "month": "date",
    "areas": "bigint[]", "unit": "bigint", "case_type": "text", "reason": "text",
    "contact": "text", "handled": "text", "answer": "text", "solved": "boolean",
    "satisfied": "boolean", "redone": "boolean", "memory": "jsonb",
}  # fmt: skip
KEYS = ("area", "month", "unit", "case_type", "reason")


def flag(column: str) -> str:
    """A column of the counts as an SQL condition on a fact; `reason` leaves a case out of all."""
    if column == "cases":
        return "true"
    part, _, verdict = column.partition("_")
    conditions = {
        "solved": "answer = 'answered' AND solved",
        "voiced": "answer = 'answered' AND satisfied IS NOT NULL",
        "satisfied": "answer = 'answered' AND satisfied IS TRUE",
        "redone": "redone",
        "answer_aside": "answer = 'aside'",
    }
    simple = f"{part} = '{verdict}'" if verdict else f"answer = '{column}'"
    return f"reason = '' AND {conditions.get(column, simple)}"


_FLAGS = ", ".join(f"({flag(name)})::int AS {name}" for name in COLUMNS)
# A case counts in its month and in its week, both on the town's calendar (one parameter).
EACH = (
    "SELECT area, month, date_trunc('week', opened_at AT TIME ZONE %s)::date AS week, unit,"
    f" case_type, reason, {_FLAGS}"
)
TABLES = {"insight_count": "month", "insight_weekcount": "week"}
_NAMES = ", ".join(f'"{name}"' for name in FACT)
_SUMS = ", ".join(f"sum(sign * {name})" for name in COLUMNS)
_MOVED = " OR ".join(f"sum(sign * {name}) <> 0" for name in COLUMNS)


def _moved_into(table: str) -> str:
    """Add what moved to the counts of a table."""
    own = ", ".join(TABLES[table] if name == "month" else name for name in KEYS)
    return f"""
INSERT INTO {table} ({", ".join(KEYS)}, {", ".join(COLUMNS)})
SELECT {own}, {_SUMS} FROM moved GROUP BY {own} HAVING {_MOVED}
ORDER BY {own}
ON CONFLICT ({", ".join(KEYS)}) DO UPDATE SET {
        ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in COLUMNS)
    }
"""  # noqa: S608 - our own names


_WRITE = f"""
WITH now AS (SELECT * FROM jsonb_to_recordset(%s) AS given({
    ", ".join(f'"{name}" {kind}' for name, kind in FACT.items())
})),
before AS (SELECT known.* FROM insight_fact known JOIN now ON now."case" = known."case"),
kept AS (
    INSERT INTO insight_fact ({_NAMES}) SELECT {_NAMES} FROM now
    ON CONFLICT ("case") DO UPDATE SET {
    ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in FACT if name != "case")
}),
moved AS (
    SELECT 1 AS sign, own.* FROM ({EACH} FROM now, unnest(areas) AS area) AS own
    UNION ALL
    SELECT -1 AS sign, own.* FROM ({EACH} FROM before, unnest(areas) AS area) AS own),
weekly AS ({_moved_into("insight_weekcount")})
{_moved_into("insight_count")}
"""  # noqa: S608 - our own names


def take(heard: Sequence[StoredEvent]) -> None:
    """Let facts and counts follow some events, each told once: an answer told again, after the
    case was opened anew, would be taken for an answer of the new round."""
    heard_of = {_case_of(event) for event in heard}
    known: dict[UUID, Memory | None] = dict(
        Fact.objects.filter(case__in=heard_of).values_list("case", "memory")
    )
    changed: dict[UUID, Memory] = {}
    for event in heard:
        case = _case_of(event)
        before = known.get(case)
        after = rules.fold(before, event, said(before))
        if after is not None and after is not before:
            known[case] = changed[case] = after
    if changed:
        rows: Any = Jsonb([row(case, memory) for case, memory in changed.items()])
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [rows, settings.TIME_ZONE, settings.TIME_ZONE])


def said(memory: Memory | None) -> Mapping[str, str]:
    """The actions that tell an answer, by the definition of the day a case was opened on."""
    return definitions.on(rules.day_of(memory)).said if memory else {}


def _case_of(event: StoredEvent) -> UUID:
    told: str = getattr(event.data, "case", "")
    return UUID(told) if told else event.stream_id


def row(case: UUID, memory: Memory) -> dict[str, Any]:
    """A fact's row, as JSON."""
    day = rules.day_of(memory)
    asked = "workflow" not in memory or cases.asks_residents(memory["workflow"])
    return rules.facts(memory, definitions.on(day), asked=asked) | {
        "case": str(case),
        "number": memory["number"],
        "opened_at": memory["opened"],
        "month": day.replace(day=1).isoformat(),
        "areas": rules.areas_of(memory),
        "unit": memory["unit"],
        "case_type": memory["type"],
        "memory": memory,
    }
