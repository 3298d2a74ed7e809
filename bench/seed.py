"""Many cases in minutes: the patterns copied by COPY, each with ids, words and hashes of its own.

A pattern (`bench.patterns`) is a case that the real engine made. Its rows, and the text that its
hashes cover, are cut up once at everything that belongs to it alone. A copy puts new ids in,
hashes its contents anew with fresh salts, and chains its events anew; so `lingka verify` finds
nothing, and every index and trigger is live meanwhile.
"""

import hashlib
import itertools
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785

from bench import patterns
from bench.world import Keys

CHUNK = 2000
OPEN_SHARE = 0.06
PHOTO_EVERY = 50
NOW = "now"
ORDER = (
    "core_content",
    "cases_case",
    "cases_receipt",
    "cases_rating",
    "core_event",
    "cases_attachment",
)  # what others point to comes first
SERIAL = {"core_event": "position", "cases_case": "id", "cases_receipt": "id", "cases_rating": "id"}
COLUMNS = {
    "cases_attachment": " (uuid, case_id, kind, received_sha256, audience, event_sequence,"
    " created_at, erased_at)"
}
CODES = 32**6
STRIDE = 402653189  # odd, so that multiples run through all codes once


class Cut:
    """A text cut at its tokens, put together again with other values."""

    def __init__(self, text: str, tokens: dict[str, str]) -> None:
        found = sorted(tokens, key=len, reverse=True)
        pieces = re.split("(" + "|".join(map(re.escape, found)) + ")", text)
        self.pieces = pieces
        self.slots = [(at, tokens[pieces[at]]) for at in range(1, len(pieces), 2)]

    def fill(self, values: dict[str, str]) -> str:
        pieces = self.pieces.copy()
        for at, name in self.slots:
            pieces[at] = values[name]
        return "".join(pieces)


@dataclass
class Pattern:
    """One case, cut up."""

    contents: list[tuple[str, Cut]]  # (number, canonical value)
    events: list[Cut]  # envelopes
    rows: list[tuple[str, Cut]]  # (table, line of COPY)


def seed(keys: Keys, count: int, start: int = 0) -> None:
    """Add `count` cases to the database that DATABASE_URL names; `start` were added before."""
    from django.db import connection, transaction

    closed, still_open = _patterns(patterns.make(keys))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        maker = Maker(cursor.fetchone()[0], _next_ids(cursor), start)
        for first in range(start, start + count, CHUNK):
            lines: dict[str, list[str]] = {table: [] for table in ORDER}
            for number in range(first, min(first + CHUNK, start + count)):
                pool = still_open if number % 1000 < 1000 * OPEN_SHARE else closed
                for table, line in maker.case(pool[number * 7919 % len(pool)], number):
                    lines[table].append(line)
            _load(cursor, lines)
        maker.settle(cursor)
    _heard()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _load(cursor: Any, lines: dict[str, list[str]]) -> None:
    for table in ORDER:
        if lines[table]:
            with cursor.copy(f"COPY {table}{COLUMNS.get(table, '')} FROM STDIN") as copy:
                copy.write("".join(lines[table]))


def _next_ids(cursor: Any) -> dict[str, int]:
    found = {}
    for table, column in SERIAL.items():
        cursor.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")
        found[table] = cursor.fetchone()[0]
    return found


class Maker:
    """Gives out ids and makes the rows of one copy after another."""

    def __init__(self, order_key: str, ids: dict[str, int], start: int) -> None:
        from lingka.core.crypto import current_key_number

        self.codes = _codes(2 * start)
        self.ids = ids
        self.order_key = order_key
        self.key_number = current_key_number()

    def _id(self, table: str) -> str:
        self.ids[table] += 1
        return str(self.ids[table] - 1)

    def case(self, pattern: Pattern, number: int) -> Iterator[tuple[str, str]]:
        """The lines of one copy, by table."""
        from lingka.core.ids import uuid7

        values = self._values(pattern, number)
        for name, canonical in pattern.contents:
            salt = secrets.token_bytes(32)
            values["salt" + name] = salt.hex()
            text = canonical.fill(values)
            values["sum" + name] = hashlib.sha256(salt + text.encode()).hexdigest()
        previous = bytes(32)
        for at, envelope in enumerate(pattern.events):
            previous = hashlib.sha256(previous + envelope.fill(values).encode()).digest()
            values[f"link{at}"] = previous.hex()
        for table, cut in pattern.rows:
            if table in ("core_event", "cases_rating"):
                values["own"] = self._id(table)
            yield table, cut.fill(values)
        if number % PHOTO_EVERY == 0:  # its file was put away since, as old ones are
            photo = (str(uuid7()), values["case_id"], "photo", secrets.token_hex(32), "case", "1")
            yield "cases_attachment", "\t".join((*photo, NOW, NOW)) + "\n"

    def _values(self, pattern: Pattern, number: int) -> dict[str, str]:
        from lingka.cases.receipts import hash_of, token_of
        from lingka.core.ids import uuid7

        receipt, code = uuid7(), next(self.codes)
        values = {
            "case": str(uuid7()),
            "number": code,
            "receipt": str(receipt),
            "short": next(self.codes),
            "key": str(uuid7()),
            "token": hash_of(token_of(receipt, self.key_number)).hex(),
            "mark": f"〔{number}〕",
            "order": self.order_key,
            "case_id": self._id("cases_case"),
            "receipt_id": self._id("cases_receipt"),
        }
        values["holder"] = f'"id": {values["receipt_id"]}, "kind": "resident"'
        values["holder_canonical"] = f'"id":{values["receipt_id"]},"kind":"resident"'
        for name, _ in pattern.contents:
            values["content" + name] = str(uuid7())
        return values

    def settle(self, cursor: Any) -> None:
        """Let the sequences go on after the ids that were given out."""
        for table, column in SERIAL.items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [table, column, self.ids[table]],
            )


def _codes(start: int) -> Iterator[str]:
    """Short codes that nothing has yet, each once."""
    from lingka.cases.models import Case, Receipt
    from lingka.core import codes

    taken = set(Case.objects.values_list("number", flat=True))
    taken |= set(Receipt.objects.values_list("short_code", flat=True))
    for number in itertools.count(start):
        rest, body = (number * STRIDE + 12345) % CODES, ""
        for _ in range(codes.LENGTH):
            rest, sign = divmod(rest, 32)
            body += codes.ALPHABET[sign]
        code = body + codes._check(body)  # noqa: SLF001
        if code not in taken:
            yield code


def _heard() -> None:
    """Seeded history is old news: every receiver has heard it."""
    from lingka.core import receivers
    from lingka.core.models import Cursor, Event

    receivers.discover()
    last = Event.objects.order_by("-order_key", "-position").first()
    assert last is not None
    for name in receivers.RECEIVERS:
        Cursor.objects.update_or_create(
            receiver=name, defaults={"order_key": last.order_key, "position": last.position}
        )


def _patterns(uuids: list[Any]) -> tuple[list[Pattern], list[Pattern]]:
    """These cases cut up: closed ones and open ones."""
    from lingka.cases.models import Case

    closed, still_open = [], []
    for case in Case.objects.filter(uuid__in=uuids):
        (closed if case.stage == "closed" else still_open).append(_cut(case))
    return closed, still_open


def _cut(case: Any) -> Pattern:
    from lingka.cases.models import Receipt
    from lingka.core.models import Content, Event
    from lingka.core.verify import _envelope

    events = list(Event.objects.filter(stream_id=case.uuid).order_by("sequence"))
    receipt = Receipt.objects.get(case=case)
    ids = [text["content"] for event in events for text in event.data.get("texts", [])]
    contents = list(Content.objects.filter(id__in=ids))
    tokens = _tokens(case, receipt, events, contents)
    canonical = [
        (str(at), Cut(rfc8785.dumps(one.value).decode(), tokens)) for at, one in enumerate(contents)
    ]
    envelopes = [Cut(rfc8785.dumps(_envelope(one)).decode(), tokens) for one in events]
    rows = list(_rows(case, receipt, ids, tokens))
    return Pattern(canonical, envelopes, rows)


def _tokens(case: Any, receipt: Any, events: list[Any], contents: list[Any]) -> dict[str, str]:
    """Everything that belongs to this case alone, and the name of what takes its place."""
    tokens = {
        str(case.uuid): "case",
        case.number: "number",
        str(receipt.uuid): "receipt",
        receipt.short_code: "short",
        str(receipt.idempotency_key): "key",
        bytes(receipt.token_hash).hex(): "token",
        f'"id": {receipt.id}, "kind": "resident"': "holder",
        f'"id":{receipt.id},"kind":"resident"': "holder_canonical",
    }
    for at, event in enumerate(events):
        tokens[bytes(event.hash).hex()] = f"link{at}"
        for text in event.data.get("texts", []):
            which = next(i for i, one in enumerate(contents) if str(one.id) == text["content"])
            tokens[text["hash"]] = f"sum{which}"
    for at, one in enumerate(contents):
        tokens[str(one.id)] = f"content{at}"
        tokens[bytes(one.salt or b"").hex()] = f"salt{at}"
        mark = re.search("〔[0-9]+〕", one.value) if isinstance(one.value, str) else None
        if mark:
            tokens[mark[0]] = "mark"
    return tokens


def _rows(
    case: Any, receipt: Any, contents: list[str], tokens: dict[str, str]
) -> Iterator[tuple[str, Cut]]:
    """The lines that COPY gives of a case, cut; numbered columns become slots of their own."""
    wanted = {
        "core_content": ("id = ANY(%s)", contents, {}),
        "cases_case": ("id = %s", case.id, {"id": "case_id"}),
        "cases_receipt": ("id = %s", receipt.id, {"id": "receipt_id", "case_id": "case_id"}),
        "cases_rating": ("receipt_id = %s", receipt.id, {"id": "own", "receipt_id": "receipt_id"}),
        "core_event": ("stream_id = %s", case.uuid, {"position": "own", "order_key": "order"}),
    }
    for table, (where, value, numbered) in wanted.items():
        slots = {f"\x01{name}\x01": name for name in numbered.values()}
        for line in _lines(table, where, value, numbered):
            yield table, Cut(line, tokens | slots)


def _lines(table: str, where: str, value: Any, numbered: dict[str, str]) -> Iterator[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        columns = [column.name for column in cursor.description]
        order = " ORDER BY sequence" if table == "core_event" else ""
        with cursor.copy(
            f"COPY (SELECT * FROM {table} WHERE {where}{order}) TO STDOUT", [value]
        ) as copy:
            text = b"".join(bytes(part) for part in copy).decode()
    for line in text.splitlines():
        values = line.split("\t")
        for at, column in enumerate(columns):
            if column in numbered:
                values[at] = f"\x01{numbered[column]}\x01"
        yield "\t".join(values) + "\n"
