"""A million consistent cases by COPY: every event decided by the engine's own pure functions.

Each history is decided, folded and chained as `perform` would, only written in bulk: all indexes
and triggers stay live, and `lingka verify` passes afterwards. Five in a hundred stay open, units
and grids are skewed, texts are unique, some have a photo.
"""

import json
import random
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

from bench.world import Keys

WORKERS = 2
CHUNK = 5000
OPEN_SHARE = 0.05
PHOTO_SHARE = 0.02
STEPS = (
    ("dispatch", "pai", {"unit": True}, (2, 90)),
    ("sign_in", "shui", {}, (3, 240)),
    ("report_back", "shui", {"words": True}, (60, 4000)),
    ("verify", "hefang", {"how": "phone"}, (30, 900)),
    ("rate", "resident", {"solved": True, "satisfied": "yes"}, (60, 3000)),
)
WORDS = (
    "水管",
    "阀门",
    "水表",
    "接口",
    "地下室",
    "楼道",
    "院门口",
    "厨房",
    "滴水",
    "渗水",
    "结冰",
    "漏得厉害",
)


def seed(keys: Keys, cases: int, start: int = 0) -> None:
    """Add that many cases to the database that DATABASE_URL names."""
    from django.db import connections

    connections.close_all()
    chunks = [(keys, start + first, min(CHUNK, cases - first)) for first in range(0, cases, CHUNK)]
    with get_context("spawn").Pool(WORKERS) as pool:
        for _ in pool.imap_unordered(_chunk, chunks):
            pass
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _chunk(job: tuple[Keys, int, int]) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    keys, first, count = job
    rng = random.Random(first)  # a likeness, not a secret
    maker = _Maker(keys, rng)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        row = cursor.fetchone()
        rows = maker.rows(first, count, int(row[0]) if row else 0, cursor)
        for table, columns, values in rows:
            _copy(cursor, table, columns, values)


def _copy(cursor: Any, table: str, columns: tuple[str, ...], values: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for value in values:
            copy.write_row(value)


class _Maker:
    """Makes histories in memory, with the world loaded once."""

    def __init__(self, keys: Keys, rng: random.Random) -> None:
        from lingka.accounts.models import User
        from lingka.areas import selectors as areas
        from lingka.cases.selectors import catalogue
        from lingka.core.actors import Actor

        self.keys, self.rng = keys, rng
        names = User.objects.filter(username__in=("pai", "shui", "hefang"))
        self.actors = {user.username: Actor("user", user.id) for user in names}
        self.client = Actor("client", 1)
        self.workflow_id = catalogue.current("workflow", "quick_response")
        self.workflow = catalogue.workflow(self.workflow_id)
        self.types = [one for one in catalogue.case_types("en", public=True) if not one.urgent]
        self.grids = [areas.locate(lon, lat) for lon, lat in keys.points]
        self.tables: dict[str, list[tuple[Any, ...]]] = {}

    def rows(
        self, first: int, count: int, order_key: int, cursor: Any
    ) -> Iterator[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]]:
        """All rows of a chunk by table, in an order that foreign keys allow."""
        from lingka.core.events import COLUMNS

        ids = _ids(cursor, "cases_case_id_seq", count)
        receipts = _ids(cursor, "cases_receipt_id_seq", count)
        self.tables = {name: [] for name in TABLES} | {"core_event": []}
        for index in range(count):
            self._history(first + index, ids[index], receipts[index], order_key)
        columns = TABLES | {"core_event": ("order_key", *COLUMNS)}
        for name in (
            "core_content",
            "core_event",
            "cases_case",
            "cases_receipt",
            "cases_rating",
            "cases_attachment",
        ):
            yield name, columns[name], self.tables[name]

    def _history(self, number: int, case_id: int, receipt_id: int, order_key: int) -> None:
        from lingka.cases import events, receipts
        from lingka.cases.world import World
        from lingka.core.actors import Actor
        from lingka.core.events import COLUMNS, NEW, chain
        from lingka.core.ids import uuid7

        stream, receipt = uuid7(), uuid7()
        at = datetime.now(UTC) - timedelta(minutes=self.rng.randint(20, 1_500_000))
        is_open = self.rng.random() < OPEN_SHARE
        if is_open:
            at = datetime.now(UTC) - timedelta(minutes=self.rng.randint(20, 20_000))
        words = f"{''.join(self.rng.sample(WORDS, 3))}，{number} 号"
        kept = self._keep("words", words, at)
        state = self._first(number, at, kept["content"])
        text = {"name": "words", "audience": "reporter", "language": "zh-hans", **kept}
        data: Any = events.CaseOpened(_whole(state), str(receipt), [text], [], {})
        head = NEW
        steps = len(STEPS) if not is_open else self.rng.choice((0, 0, 1, 2, 3, 4))
        actor, sequence = self.client, 0
        for step in range(steps + 1):
            if step:
                action, who, given, wait = STEPS[step - 1]
                at += timedelta(minutes=self.rng.randint(*wait))
                actor = self.actors.get(who) or Actor("resident", receipt_id)
                data, state = self._act(state, action, actor, given, at, World(at))
            row, head = chain(
                data, stream_id=stream, actor=actor, after=head, occurred_at=at, recorded_at=at
            )
            row["actor"], row["data"] = json.dumps(row["actor"]), json.dumps(row["data"])
            self.tables["core_event"].append((order_key, *(row[name] for name in COLUMNS)))
            sequence = head.sequence
        self._case(case_id, stream, state, sequence, head.hash)
        token = receipts.token_of(receipt, 1)
        self.tables["cases_receipt"].append(
            (receipt_id, receipt, case_id, "reporter", receipts.hash_of(token), 1, secrets.token_hex(6)[:12], "zh-hans", False, state.opened_at)
        )  # fmt: skip
        if steps == len(STEPS):
            self.tables["cases_rating"].append((receipt_id, 0, True, "yes", at))
        if self.rng.random() < PHOTO_SHARE:
            self.tables["cases_attachment"].append(
                (uuid7(), case_id, "photo", secrets.token_hex(32), "case", 1, at, at)
            )

    def _keep(self, kind: str, value: str, at: datetime) -> dict[str, str]:
        from lingka.core.contents import Kept, salted_hash
        from lingka.core.ids import uuid7

        salt, id_ = secrets.token_bytes(32), uuid7()
        self.tables["core_content"].append((id_, kind, "zh-hans", json.dumps(value), salt, at))
        return Kept(id_, salted_hash(salt, value)).as_json()

    def _first(self, number: int, at: datetime, words: str) -> Any:
        from lingka.cases import clocks
        from lingka.cases.selectors import catalogue
        from lingka.cases.workflow import CaseState
        from lingka.cases.world import World

        index = min(int(self.rng.expovariate(6 / len(self.grids))), len(self.grids) - 1)
        found = self.grids[index]
        kind = self.types[min(int(self.rng.expovariate(0.3)), len(self.types) - 1)]
        lon, lat = self.keys.points[index]
        import h3

        return CaseState(
            case_type=kind.key, catalogue=catalogue.current("case_types", "case_types"),
            workflow=self.workflow_id, channel="open311", number=_number(number), state="received",
            stage="intake", owner="dispatcher", grid=found.grid_id, area_path=found.path or "",
            desk_area=World(at).desk_of(found.path or ""), words=words,
            h3=str(h3.latlng_to_cell(lat, lon, 9)), opened_at=clocks.text(at),
            changed_at=clocks.text(at),
        )  # fmt: skip

    def _act(
        self, state: Any, action: str, actor: Any, given: dict[str, Any], at: datetime, world: Any
    ) -> tuple[Any, Any]:
        from lingka.cases.events import CaseActed
        from lingka.cases.workflow import Deed, decide, evolve

        values = {k: v for k, v in given.items() if k != "words"}
        if "unit" in values:
            values["unit"] = self.keys.unit
        deed = Deed(
            self.workflow.actions[action], values, actor.as_json(), state.lead_unit, at, world
        )
        changes = decide(self.workflow, state, deed)
        after = evolve(state, changes)
        texts = []
        if given.get("words"):
            kept = self._keep("words", f"接口换了，试水不漏。{state.number}", at)
            texts.append({"name": "words", "audience": "public", "language": "", **kept})
        event = CaseActed(
            action, state.state, after.state, state.stage, after.stage, state.lead_unit, changes,
            values, texts,
        )  # fmt: skip
        return event, after

    def _case(self, id_: int, uuid: Any, state: Any, version: int, head: bytes) -> None:
        from lingka.cases import rows

        values = rows.columns_of(state)
        for name in ("assignments", "clocks", "facts"):
            values[name] = json.dumps(values[name])
        row = {"id": id_, "uuid": uuid, "version": version, "head": head, **values}
        self.tables["cases_case"].append(tuple(row[name] for name in TABLES["cases_case"]))


TABLES: dict[str, tuple[str, ...]] = {
    "core_content": ("id", "kind", "language", "value", "salt", "created_at"),
    "cases_case": (
        "id", "uuid", "number", "case_type", "catalogue_id", "workflow_id", "channel", "state",
        "stage", "owner", "urgent", "grid_id", "area_path", "place_id", "desk_area_id",
        "lead_unit_id", "assignments", "clocks", "facts", "words", "location", "h3", "opened_at",
        "changed_at", "due_at", "wake_at", "closed_at", "version", "head",
    ),
    "cases_receipt": (
        "id", "uuid", "case_id", "kind", "token_hash", "token_key", "short_code", "language",
        "share_words", "created_at",
    ),
    "cases_rating": ("receipt_id", "round", "solved", "satisfied", "rated_at"),
    "cases_attachment": (
        "uuid", "case_id", "kind", "received_sha256", "audience", "event_sequence", "created_at",
        "erased_at",
    ),
}  # fmt: skip


def _ids(cursor: Any, sequence: str, count: int) -> list[int]:
    cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
    return [int(row[0]) for row in cursor.fetchall()]


def _number(number: int) -> str:
    """Unique without looking: the running number in base 32 and its check sign."""
    from lingka.core import codes

    body = ""
    for _ in range(codes.LENGTH):
        number, digit = divmod(number, 32)
        body = codes.ALPHABET[digit] + body
    return body + codes._check(body)  # noqa: SLF001


def _whole(state: Any) -> dict[str, Any]:
    from lingka.cases.actions.opening import _as_json

    return _as_json(state)
