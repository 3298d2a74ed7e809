"""All facts and counts anew from the events: to build them, and to prove them.

Both keep the receiver waiting meanwhile, by its cursor's lock, and go as far as it has come.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from lingka.core import events, rereading, verify
from lingka.core.processes import spread
from lingka.core.rereading import Until
from lingka.insight import counting, rules
from lingka.insight.counting import FACT, KEYS
from lingka.insight.events import AppealDecided
from lingka.insight.measures import COLUMNS
from lingka.insight.rules import Memory

RECEIVER = "insight.facts"
TYPES = (
    "cases.CaseOpened", "cases.CaseActed", "cases.ClockBreached", "cases.ClocksRecomputed",
)  # fmt: skip
PIECES_EACH = 8
AT_ONCE = 2000
Held = set[UUID]  # streams of which the receiver has not heard all


def rebuild(processes: int = 1) -> int:
    """Throw facts and counts away and make them anew of all events; returns how many cases.

    The receiver has then heard everything there is.
    """
    with rereading.caught_up(RECEIVER) as until, connection.cursor() as cursor:
        cursor.execute("TRUNCATE insight_fact, insight_count")
        made = _fill(cursor, "insight_fact", until, processes, set())
        cursor.execute(_count_into("insight_count", "insight_fact"))
    return made


def differences(processes: int = 1) -> list[str]:
    """In what the figures differ from those made anew of the same events; empty when in nothing."""
    with rereading.waiting(RECEIVER) as until, connection.cursor() as cursor:
        _fresh(cursor, until, processes, rereading.held_streams(RECEIVER))
        cursor.execute(_DIFFERENT_FACTS)
        found = [f"case {number}: {column}" for number, column in cursor.fetchall()]
        cursor.execute(_DIFFERENT_COUNTS)
        found += [f"count of {month} in area {area}" for month, area in cursor.fetchall()]
        cursor.execute("DROP TABLE fresh_fact, fresh_count")
    return found


@contextmanager
def as_known(moment: datetime) -> Iterator[None]:
    """What was known at a moment, in `fresh_fact` and `fresh_count` of this transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        _fresh(cursor, Until(moment=moment), 1, set())
        yield
        cursor.execute("DROP TABLE fresh_fact, fresh_count")


def _fresh(cursor: Any, until: Until, processes: int, held: Held) -> None:
    cursor.execute(
        "CREATE TEMPORARY TABLE fresh_fact (LIKE insight_fact INCLUDING DEFAULTS) ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE fresh_count (LIKE insight_count INCLUDING DEFAULTS) ON COMMIT DROP"
    )
    _fill(cursor, "fresh_fact", until, processes, held)
    cursor.execute(_count_into("fresh_count", "fresh_fact"))


def _fill(cursor: Any, table: str, until: Until, processes: int, held: Held) -> int:
    """The facts of all cases into a table, as far as `until`."""
    decided = _decisions(until)
    names = ", ".join(f'"{name}"' for name in FACT)
    made = 0
    pieces = [(piece, until, decided, held) for piece in _pieces(processes)]
    with spread(processes) as each:
        for several in each(_piece, pieces):
            waiting = iter(several)
            while rows := list(islice(waiting, AT_ONCE)):  # read before they are copied
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for values in rows:
                        copy.write_row(values)
                made += len(rows)
    return made


Decisions = dict[UUID, list[Any]]
Piece = tuple[verify.Piece, Until, Decisions, Held]


def _decisions(until: Until) -> Decisions:
    """What was decided on appeals, by case: few, and told in streams of their own."""
    found: Decisions = {}
    told = (one for one in rereading.rows([AppealDecided.type]) if until.holds(one))
    for one in sorted(told, key=lambda row: (row.order_key, row.position)):
        found.setdefault(UUID(one.data["case"]), []).append(one)
    return found


def _pieces(processes: int) -> list[verify.Piece]:
    return verify.pieces(processes * PIECES_EACH) if processes > 1 else [(None, None)]


def _piece(piece: Piece) -> Iterable[tuple[Any, ...]]:
    """The rows of a piece; a list where it is handed from process to process."""
    rows = _rows(*piece)
    return rows if piece[0] == (None, None) else list(rows)


def _rows(
    piece: verify.Piece, until: Until, decided: Decisions, held: Held
) -> Iterator[tuple[Any, ...]]:
    told = rereading.rows(TYPES, piece)
    for case, several in groupby(told, key=lambda row: row.stream_id):
        if case in held:
            continue
        memory = _folded([row for row in several if until.holds(row)] + decided.get(case, []))
        if memory is not None:
            made = counting.row(case, memory)
            made["memory"] = Jsonb(memory)
            yield tuple(made[name] for name in FACT)


def _folded(rows: list[Any]) -> Memory | None:
    memory: Memory | None = None
    for row in rows:
        memory = rules.fold(memory, events.stored(row), counting.said(memory))
    return memory


def _count_into(counts: str, facts: str) -> str:
    sums = ", ".join(f"sum({name})" for name in COLUMNS)
    return (
        f"INSERT INTO {counts} ({', '.join(KEYS)}, {', '.join(COLUMNS)})"  # noqa: S608
        f" SELECT {', '.join(KEYS)}, {sums} FROM ({counting.EACH} FROM {facts},"
        f" unnest(areas) AS area) AS own GROUP BY {', '.join(KEYS)}"
    )


_COLUMNS = [name for name in FACT if name not in {"case", "number"}]
_WRONG = ", ".join(
    f'CASE WHEN known."{name}" IS DISTINCT FROM fresh."{name}" THEN \'{name}\' END'
    for name in _COLUMNS
)
_DIFFERENT_FACTS = f"""
SELECT coalesce(known.number, fresh.number), concat_ws(', ', {_WRONG})
FROM insight_fact known FULL JOIN fresh_fact fresh ON fresh."case" = known."case"
WHERE (known.*) IS NULL OR (fresh.*) IS NULL OR concat_ws(', ', {_WRONG}) <> ''
LIMIT 1000
"""  # noqa: S608 - our own names
_NUMBERS = ", ".join(COLUMNS)
_SAME = f"SELECT {', '.join(KEYS)}, {_NUMBERS} FROM"
_DIFFERENT_COUNTS = f"""
SELECT DISTINCT month, area FROM (
    ({_SAME} insight_count WHERE cases <> 0 EXCEPT ALL {_SAME} fresh_count)
    UNION ALL
    ({_SAME} fresh_count EXCEPT ALL {_SAME} insight_count WHERE cases <> 0)
) AS wrong LIMIT 1000
"""  # noqa: S608 - our own names
