"""Many cases in seconds: real ones copied by COPY, each with ids, words and hashes of its own.

A pattern is a case that the engine made. Its rows, and the text that its hashes cover, are cut up
once at everything that belongs to it alone. A copy puts new ids in, hashes its contents anew with
fresh salts, and chains its events anew; so `lingka verify` finds nothing, and every index and
trigger is live meanwhile. The demo city tells its months this way, the bench its million.
"""

import hashlib
import itertools
import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.db import connection, transaction

from lingka.cases.models import Attachment, Case, Receipt
from lingka.cases.receipts import hash_of, token_of
from lingka.core import codes, receivers
from lingka.core.crypto import current_key_number
from lingka.core.ids import uuid7
from lingka.core.models import Content, Cursor, Event
from lingka.core.verify import as_envelope
from lingka.insight import actions as rates

CHUNK = 2000
COLUMNS = {  # what others point to comes first
    "core_content": "id, kind, language, value, salt, created_at, erased_at",
    "cases_case": "",
    "cases_receipt": "",
    "cases_rating": "",
    "core_event": "",
    "cases_attachment": "id, uuid, kind, received_sha256, seconds, audience, event_sequence,"
    " created_at, erased_at, blob_id, thumbnail_id, case_id",
}
SERIAL = {
    "core_event": "position", "cases_case": "id", "cases_receipt": "id", "cases_rating": "id",
    "cases_attachment": "id",
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?\+00(?::00)?")
FORMS = re.compile(
    r"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\x01\w+\x01|" + MOMENT.pattern
)
CODES = 32**6
STRIDE = 402653189  # odd, so that multiples run through all codes once
Lines = Iterable[tuple[str, str]]  # (table, line of COPY)


class Cut:
    """A text cut at its tokens, put together again with other values."""

    def __init__(self, text: str, knife: "Knife") -> None:
        pieces = knife.blade.split(text)
        self.pieces = pieces
        self.slots = [
            (at, knife.tokens[pieces[at]]) for at in range(1, len(pieces), 2)
            if pieces[at] in knife.tokens
        ]  # fmt: skip

    def fill(self, values: Mapping[str, str]) -> str:
        pieces = self.pieces.copy()
        for at, name in self.slots:
            pieces[at] = values[name]
        return "".join(pieces)


class Knife:
    """Finds tokens in a text: ids, hashes and moments by their form, others one by one."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self.tokens = tokens
        others = sorted((one for one in tokens if not FORMS.fullmatch(one)), key=len, reverse=True)
        forms = [FORMS.pattern, *map(re.escape, others)]
        self.blade = re.compile("(" + "|".join(forms) + ")")


@dataclass(frozen=True)
class File:
    """A photo or voice note as its row has it."""

    received: str
    blob: str | None
    thumbnail: str | None


@dataclass
class Pattern:
    """One case, cut up."""

    case: Case
    contents: list[Any]  # values
    files: list[File]
    moments: frozenset[str]  # each is the name of a slot where `cut` was told so
    events: list[Cut]  # envelopes
    rows: list[tuple[str, Cut]]  # (table, line of COPY)


def cut(case: Case, named: Mapping[str, str] | None = None, *, moments: bool = False) -> Pattern:
    """Cut up a case of one reporter. `named` texts become slots, and so do moments on request."""
    receipt = Receipt.objects.get(case=case)
    events = list(Event.objects.filter(stream_id=case.uuid).order_by("sequence"))
    contents = _contents(case, events)
    files = list(Attachment.objects.filter(case=case, erased_at=None).order_by("id"))
    tokens = dict(named or {}) | _tokens(case, receipt, events, contents, files)
    envelopes = [_canonical(as_envelope(one)) for one in events]
    rows = [*_content_rows(contents), *_rows(case, receipt), *_file_rows(files)]
    found = {
        moment for text in (*envelopes, *(line for _table, line in rows))
        for moment in MOMENT.findall(text) if moments
    }  # fmt: skip
    tokens |= {moment: moment for moment in found}
    knife = Knife(tokens)
    return Pattern(
        case, [one.value for one in contents],
        [File(one.received_sha256, one.blob_id, one.thumbnail_id) for one in files],
        frozenset(found), [Cut(text, knife) for text in envelopes],
        [(table, Cut(line, knife)) for table, line in rows],
    )  # fmt: skip


def _contents(case: Case, events: list[Event]) -> list[Content]:
    ids = [text["content"] for event in events for text in event.data.get("texts", [])]
    ids += [case.location] if case.location else []
    return list(Content.objects.filter(id__in=ids).order_by("id"))


def _tokens(
    case: Case, receipt: Receipt, events: list[Event], contents: list[Content],
    files: list[Attachment],
) -> dict[str, str]:  # fmt: skip
    """Everything that belongs to this case alone, and the name of what takes its place."""
    tokens = {
        str(case.uuid): "case",
        case.number: "number",
        str(receipt.uuid): "receipt",
        receipt.short_code: "short",
        str(receipt.idempotency_key): "key",
        bytes(receipt.token_hash).hex(): "token",
        f'"id": {receipt.pk}, "kind": "resident"': "holder",
        f'"id":{receipt.pk},"kind":"resident"': "holder_canonical",
    }
    sums = {
        text["content"]: text["hash"] for event in events for text in event.data.get("texts", [])
    }
    tokens |= {bytes(event.hash).hex(): f"link{at}" for at, event in enumerate(events)}
    for at, one in enumerate(contents):
        tokens[str(one.id)] = f"content{at}"
        tokens[bytes(one.salt or b"").hex()] = f"salt{at}"
        if str(one.id) in sums:
            tokens[sums[str(one.id)]] = f"sum{at}"
    for at, file in enumerate(files):
        tokens |= {str(file.uuid): f"file{at}", file.received_sha256: f"received{at}"}
    return tokens | {f"\x01{name}\x01": name for name in _slots(len(contents), len(files))}


def _slots(contents: int, files: int) -> Iterator[str]:
    yield from ("own", "order", "case_id", "receipt_id", "grid_id", "place_id", "h3")
    yield from (f"value{at}" for at in range(contents))
    yield from (f"{name}{at}" for at in range(files) for name in ("blob", "thumbnail"))


def _content_rows(contents: list[Content]) -> Lines:
    for at, one in enumerate(contents):
        salt = bytes(one.salt or b"").hex()
        values = (one.id, one.kind, one.language, f"\x01value{at}\x01", rf"\\x{salt}")
        yield "core_content", _line(*values, _moment(one.created_at), r"\N")


def _file_rows(files: list[Attachment]) -> Lines:
    for at, one in enumerate(files):
        seconds = r"\N" if one.seconds is None else one.seconds
        thumbnail = f"\x01thumbnail{at}\x01" if one.thumbnail_id else r"\N"
        values = ("\x01own\x01", one.uuid, one.kind, one.received_sha256, seconds, one.audience)
        when = (one.event_sequence, _moment(one.created_at), r"\N")
        yield (
            "cases_attachment",
            _line(*values, *when, f"\x01blob{at}\x01", thumbnail, "\x01case_id\x01"),
        )


def _moment(value: Any) -> str:
    return str(value.isoformat(sep=" "))


def _line(*values: object) -> str:
    return "\t".join(map(str, values)) + "\n"


def _rows(case: Case, receipt: Receipt) -> Lines:
    """The lines that COPY gives of a case; columns with numbers become slots of their own."""
    place = {"grid_id": "grid_id", "place_id": "place_id", "h3": "h3"}
    wanted: dict[str, tuple[str, Any, dict[str, str]]] = {
        "cases_case": ("id = %s", case.pk, {"id": "case_id"} | place),
        "cases_receipt": ("id = %s", receipt.pk, {"id": "receipt_id", "case_id": "case_id"}),
        "cases_rating": ("receipt_id = %s", receipt.pk, {"id": "own", "receipt_id": "receipt_id"}),
        "core_event": ("stream_id = %s", case.uuid, {"position": "own", "order_key": "order"}),
    }
    for table, (where, value, numbered) in wanted.items():
        for line in _lines(table, where, value, numbered):
            yield table, line


def _lines(table: str, where: str, value: Any, numbered: Mapping[str, str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - our own names
        columns = [column.name for column in cursor.description]
        order = " ORDER BY sequence" if table == "core_event" else ""
        asked = f"COPY (SELECT * FROM {table} WHERE {where}{order}) TO STDOUT"  # noqa: S608
        with cursor.copy(asked, [value]) as copy:
            text = b"".join(bytes(part) for part in copy).decode()
    for line in text.splitlines():
        values = [
            f"\x01{numbered[column]}\x01" if column in numbered and one != r"\N" else one
            for column, one in zip(columns, line.split("\t"), strict=True)
        ]
        yield _line(*values)


def _same(value: Any) -> Any:
    return value


class Copier:
    """Gives out ids and makes the rows of one copy after another."""

    def __init__(self, cursor: Any, start: int = 0) -> None:
        """`start` cases were copied into this database before."""
        cursor.execute("SELECT pg_current_xact_id()::text")
        self.order_key = str(cursor.fetchone()[0])
        self.ids = _next_ids(cursor)
        self.codes = _codes(2 * start)
        self.key_number = current_key_number()
        self.uses: Counter[str] = Counter()

    def next_id(self, table: str) -> str:
        self.ids[table] += 1
        return str(self.ids[table] - 1)

    def copy(
        self, pattern: Pattern, *, say: Callable[[Any], Any] = _same,
        slots: Mapping[str, str] | None = None, files: Sequence[File] | None = None,
    ) -> Iterator[tuple[str, str]]:  # fmt: skip
        """The lines of one copy, by table. `say` gives each content's new value."""
        values = self._values(pattern.case) | dict(slots or {})
        for at, value in enumerate(pattern.contents):
            values |= _content(str(at), say(value))
        self._files(values, pattern.files if files is None else files)
        previous = bytes(32)
        for at, envelope in enumerate(pattern.events):
            previous = hashlib.sha256(previous + envelope.fill(values).encode()).digest()
            values[f"link{at}"] = previous.hex()
        for table, line in pattern.rows:
            if table in {"core_event", "cases_rating", "cases_attachment"}:
                values["own"] = self.next_id(table)
            yield table, line.fill(values)

    def _values(self, case: Case) -> dict[str, str]:
        receipt, code = uuid7(), next(self.codes)
        number = self.next_id("cases_receipt")
        return {
            "case": str(uuid7()),
            "number": code,
            "receipt": str(receipt),
            "short": next(self.codes),
            "key": str(uuid7()),
            "token": hash_of(token_of(receipt, self.key_number)).hex(),
            "order": self.order_key,
            "case_id": self.next_id("cases_case"),
            "receipt_id": number,
            "holder": f'"id": {number}, "kind": "resident"',
            "holder_canonical": f'"id":{number},"kind":"resident"',
            "grid_id": str(case.grid_id),
            "place_id": str(case.place_id),
            "h3": str(case.h3),
        }

    def _files(self, values: dict[str, str], files: Sequence[File]) -> None:
        for at, one in enumerate(files):
            values |= {
                f"file{at}": str(uuid7()), f"received{at}": one.received,
                f"blob{at}": one.blob or "", f"thumbnail{at}": one.thumbnail or "",
            }  # fmt: skip
            self.uses.update(filter(None, (one.blob, one.thumbnail)))

    def settle(self, cursor: Any) -> None:
        """Let the sequences go on after the ids given out, and count the uses of files."""
        for table, column in SERIAL.items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)",
                [table, column, self.ids[table]],
            )
        cursor.executemany(
            'UPDATE cases_blob SET "references" = "references" + %s WHERE sha256 = %s',
            [(times, sha256) for sha256, times in self.uses.items()],
        )


def _content(at: str, value: Any) -> dict[str, str]:
    """A content of a copy: its canonical JSON, which COPY wants with backslashes doubled."""
    salt, text = secrets.token_bytes(32), _canonical(value)
    return {
        "value" + at: text.replace("\\", "\\\\") if "\\" in text else text,
        "salt" + at: salt.hex(),
        "sum" + at: hashlib.sha256(salt + text.encode()).hexdigest(),
        "content" + at: str(uuid7()),
    }


def _canonical(value: Any) -> str:
    """RFC 8785; for plain words json writes the same, and faster."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return rfc8785.dumps(value).decode()


def _next_ids(cursor: Any) -> dict[str, int]:
    found = {}
    for table, column in SERIAL.items():
        cursor.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")  # noqa: S608
        found[table] = cursor.fetchone()[0]
    return found


def _codes(start: int) -> Iterator[str]:
    """Short codes that nothing has yet, each once."""
    taken = set(Case.objects.values_list("number", flat=True))
    taken |= set(Receipt.objects.values_list("short_code", flat=True))
    for number in itertools.count(start):
        rest, body = (number * STRIDE + 12345) % CODES, ""
        for _ in range(codes.LENGTH):
            rest, sign = divmod(rest, 32)
            body += codes.ALPHABET[sign]
        code = body + codes._check(body)  # noqa: SLF001 - as `short_code` does, without chance
        if code not in taken:
            yield code


def write(cases: Iterable[Lines], cursor: Any) -> None:
    """Put the lines of many cases into the database, some thousand cases at a time."""
    waiting = iter(cases)
    while several := list(itertools.islice(waiting, CHUNK)):
        lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        for table, line in itertools.chain.from_iterable(several):
            lines[table].append(line)
        for table, columns in COLUMNS.items():
            if lines[table]:
                listed = f" ({columns})" if columns else ""
                with cursor.copy(f"COPY {table}{listed} FROM STDIN") as copy:
                    copy.write("".join(lines[table]))


def all_heard(processes: int = 1) -> None:
    """Copied history is old news: every receiver has heard it, and nobody is told anew.

    The rates are made of all of it at once.
    """
    heard()
    rates.rebuild(processes)


def heard() -> None:
    """Put every receiver behind the last event."""
    receivers.discover()
    last = Event.objects.order_by("-order_key", "-position").first()
    if last is None:
        return
    with transaction.atomic():
        for name in receivers.RECEIVERS:
            Cursor.objects.update_or_create(
                receiver=name, defaults={"order_key": last.order_key, "position": last.position}
            )
