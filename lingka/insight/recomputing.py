"""All facts and counts anew from the events: to build them, and to prove them.

Both keep the receiver waiting meanwhile, by its cursor's lock, and go as far as it has come.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from lingka.core import events, rereading, verify
from lingka.core.processes import spread
from lingka.core.rereading import Until
from lingka.insight import counting, rules
from lingka.insight.counting import FACT, KEYS, TABLES
from lingka.insight.events import AppealDecided
from lingka.insight.measures import COLUMNS
from lingka.insight.rules import Memory

RECEIVER = "insight.facts"
TYPES = (
    "cases.CaseOpened", "cases.CaseActed", "cases.ClockBreached", "cases.ClocksRecomputed",
)  # fmt: skip
PIECES_EACH = 8
HEARD = (*TYPES, AppealDecided.type)
AT_ONCE = 2000
Held = set[UUID]  # streams of which the receiver has not heard all


def rebuild(processes: int = 1) -> int:
    """Make facts and counts anew of all events, and throw the old away; returns how many cases.

    The receiver has then heard everything there is. Who reads figures meanwhile reads the old ones,
    and waits only while they are replaced.
    """
    with rereading.caught_up(RECEIVER) as until, connection.cursor() as cursor:
        made = _fresh(cursor, until, processes, set())
        cursor.execute("TRUNCATE insight_fact, insight_count, insight_weekcount")
        for table, names in {"insight_fact": FACT, **dict.fromkeys(TABLES, COUNTED)}.items():
            own = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f"INSERT INTO {table} ({own}) SELECT {own} FROM {_fresh_name(table)}")  # noqa: S608 - our own names
        cursor.execute(_DROP)
    return made


def differences(processes: int = 1) -> list[str]:
    """In what the figures differ from those made anew of the same events; empty when in nothing."""
    with rereading.waiting(RECEIVER) as until, connection.cursor() as cursor:
        _fresh(cursor, until, processes, rereading.held_streams(RECEIVER))
        cursor.execute(_DIFFERENT_FACTS)
        found = [f"case {number}: {column}" for number, column in cursor.fetchall()]
        for table, per in TABLES.items():
            cursor.execute(_different(table))
            told = cursor.fetchall()
            found += [f"count of the {per} {day} in area {area}" for day, area in told]
        cursor.execute(_DROP)
    return found


@contextmanager
def as_known(moment: datetime) -> Iterator[None]:
    """What was known at a moment, in `fresh_fact`, `fresh_count` and `fresh_weekcount` of this
    transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        _fresh(cursor, Until(moment=moment), 1, set())
        yield
        cursor.execute(_DROP)


def _fresh(cursor: Any, until: Until, processes: int, held: Held) -> int:
    for table in ("insight_fact", *TABLES):
        cursor.execute(
            f"CREATE TEMPORARY TABLE {_fresh_name(table)} (LIKE {table} INCLUDING DEFAULTS)"
            " ON COMMIT DROP"
        )
    made = _fill(cursor, "fresh_fact", until, processes, held)
    for table in TABLES:
        _count_into(cursor, table, _fresh_name(table), "fresh_fact")
    return made


def _fresh_name(table: str) -> str:
    return table.replace("insight_", "fresh_")


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


def _count_into(cursor: Any, kind: str, counts: str, facts: str) -> None:
    """Add up facts into counts by month or by week, as the kind of table has it."""
    sums = ", ".join(f"sum({name})" for name in COLUMNS)
    own = ", ".join(TABLES[kind] if name == "month" else name for name in KEYS)
    cursor.execute(
        f"INSERT INTO {counts} ({', '.join(KEYS)}, {', '.join(COLUMNS)})"  # noqa: S608 - our own names
        f" SELECT {own}, {sums} FROM ({counting.EACH} FROM {facts},"
        f" unnest(areas) AS area) AS own GROUP BY {own}",
        [settings.TIME_ZONE],
    )


COUNTED = (*KEYS, *COLUMNS)
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
_DROP = f"DROP TABLE fresh_fact, {', '.join(map(_fresh_name, TABLES))}"


def _different(table: str) -> str:
    """Months or weeks and areas whose counts are not those made anew."""
    fresh = _fresh_name(table)
    return f"""
SELECT DISTINCT month, area FROM (
    ({_SAME} {table} WHERE cases <> 0 EXCEPT ALL {_SAME} {fresh})
    UNION ALL
    ({_SAME} {fresh} EXCEPT ALL {_SAME} {table} WHERE cases <> 0)
) AS wrong LIMIT 1000
"""  # noqa: S608 - our own names
