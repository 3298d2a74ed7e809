"""Who stole the whole database, a backup of it and the keys, and looks for a voter's ballot.

The thief knows each voter by the roll, follows equal values from there through every table, and
holds all that is found beside what each ballot bears: is anything equal, does anything rise or
fall together? No meaning of any column is known, so that a column of tomorrow is tried as well.
"""

import math
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from django.db import connection

from lingka.ops import backup

# What a thief who knows nothing reaches by luck less than once in a hundred thousand runs:
# of forty shuffled pairs, twelve right ones; a rank correlation of four fifths, of columns that set
# five or more apart from the rest (one alone coincides with another in one run of forty).
LUCKY_PAIRS = 12
LUCKY_ORDER = 0.8
LUCKY_APART = 4
DEPTH = 2  # tables between a voter and what is held beside the ballot
COPY = re.compile(
    r"^COPY public\.(\S+) \((.*?)\) FROM stdin;\n(.*?)^\\\.$", re.DOTALL | re.MULTILINE
)

Row = dict[str, str]
Tables = dict[str, list[Row]]
Facts = dict[str, list[str | None]]  # what is known of each, by where it was found


def live() -> Tables:
    """Every row of every table, with its place and with the transaction that wrote it."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT xmin::text, ctid::text, one.* FROM "{name}" one')
            columns = [one[0] for one in cursor.description]
            found[name] = [
                _placed(at, dict(zip(columns, map(_text, row), strict=True)))
                for at, row in enumerate(cursor.fetchall())
            ]
    return found


def from_backup(folder: Path) -> Tables:
    """What our own backup holds: the rows of each table, in the order in which they lie there."""
    done = subprocess.run(
        [backup.program_path("pg_restore"), "--data-only", "-f", "-", folder / backup.DUMP],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {
        name.strip('"'): [
            _placed(at, dict(zip(columns.split(", "), line.split("\t"), strict=True)))
            for at, line in enumerate(lines.splitlines())
        ]
        for name, columns, lines in COPY.findall(done.stdout)
    }


def _placed(at: int, row: Row) -> Row:
    return {"place": str(at)} | row


def _text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def known(tables: Tables, start: str, ids: list[str]) -> Facts:
    """What is found of each row of a table by following equal values from table to table; what
    says of all the same, or what was found already, is left out."""
    mine, joins = {row["id"]: row for row in tables[start]}, _joins(tables)
    new: Facts = {name: [mine[one][name] for one in ids] for name in mine[ids[0]]}
    facts, seen = dict(new), set(map(tuple, new.values()))
    for _step in range(DEPTH):
        found = Facts()
        for name, held in new.items():
            for place, values in _beside(joins, held).items():
                if len(set(values)) > 1 and tuple(values) not in seen:
                    seen.add(tuple(values))
                    found[f"{name} > {place}"] = values
        facts, new = facts | found, found
    return facts


def _joins(tables: Tables) -> dict[str, dict[str | None, Row]]:
    """Of every column of every table, the row to each value."""
    return {
        f"{table}.{column}": {row[column]: row for row in rows}
        for table, rows in tables.items() for column in (rows[0] if rows else ())
        if column not in {"place", "ctid"}
    }  # fmt: skip


def _beside(joins: dict[str, dict[str | None, Row]], held: Sequence[str | None]) -> Facts:
    """All columns of the rows that some column joins to most of these values."""
    found, wanted = Facts(), set(held)
    if len(wanted) <= len(held) / 2:  # these tell them not apart
        return found
    for place, rows in joins.items():
        if len(wanted & rows.keys()) > len(held) / 2:
            for other in next(iter(rows.values())):
                found[f"{place} > {other}"] = [
                    rows[one][other] if one in rows else None for one in held
                ]  # fmt: skip
    return found


def betrayed(voters: Facts, ballots: Facts) -> list[str]:
    """The pairs of columns by which more is found than luck finds. Both list one person's row and
    that person's ballot at the same place, which is what the thief would like to know."""
    beside = [(name, held, _ranks(held)) for name, held in ballots.items()]
    return sorted(
        f"{mine} ~ {theirs}"
        for mine, held in voters.items()
        for own in (_ranks(held),)
        for theirs, others, ranks in beside
        if _right(held, others) >= LUCKY_PAIRS or abs(_order(own, ranks)) >= LUCKY_ORDER
    )


def _right(held: Sequence[str | None], beside: Sequence[str | None]) -> float:
    """How many ballots a join on equal values gives to whom they belong to, on the average."""
    alike = Counter(beside)
    pairs = zip(held, beside, strict=True)
    return sum(1 / alike[one] for one, other in pairs if one is not None and one == other)


def _order(ones: Sequence[float], others: Sequence[float]) -> float:
    """How far two columns rise together (Spearman); 0 where one puts nobody into order."""
    middle = (len(ones) - 1) / 2
    above = sum((a - middle) * (b - middle) for a, b in zip(ones, others, strict=True))
    spread = math.sqrt(
        sum((a - middle) ** 2 for a in ones) * sum((b - middle) ** 2 for b in others)
    )
    return above / spread if spread else 0.0


def _ranks(held: Sequence[str | None]) -> list[float]:
    """Each one's rank; those alike share the middle of theirs. All the same where only a few are
    set apart from the others."""
    if len(held) - Counter(held).most_common(1)[0][1] <= LUCKY_APART:
        held = [None] * len(held)
    values = [_by(one or "") for one in held]
    places = defaultdict(list)
    for rank, value in enumerate(sorted(values)):
        places[value].append(rank)
    return [sum(places[one]) / len(places[one]) for one in values]


def _by(value: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers by size, wherever they stand in a text: a place is (page,row)."""
    return tuple(
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
        for piece in re.split(r"(\d+)", value) if piece
    )  # fmt: skip
