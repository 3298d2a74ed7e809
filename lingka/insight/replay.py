"""Appeals are what their events say: `lingka verify` compares them, and their words."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from lingka.core import verify
from lingka.core.events import StoredEvent
from lingka.insight.events import AppealDecided, AppealFiled, AppealObjected
from lingka.insight.models import Appeal


def fold(history: list[StoredEvent]) -> dict[str, Any]:
    """How an appeal stands after its events."""
    state: dict[str, Any] = {}
    for event in history:
        data = event.data
        if isinstance(data, AppealFiled):
            state = {
                "case": data.case, "unit": data.unit, "kind": data.kind, "ground": data.ground,
                "state": "filed", "final": False,
            }  # fmt: skip
        elif isinstance(data, AppealDecided):
            state |= {"state": "upheld" if data.upheld else "refused", "final": data.final}
        elif isinstance(data, AppealObjected):
            state |= {"state": "objected"}
    return state


def faults(told: verify.Histories) -> Iterator[verify.Fault]:
    """Appeals whose row, words and events disagree, or whose row is gone."""
    held = {row.uuid: row for row in Appeal.objects.filter(uuid__in=list(told))}
    for uuid, history in told.items():
        row = held.get(uuid)
        if row is None:
            yield verify.Fault(f"appeal {uuid}", "has events and no row")
            continue
        wrong = [
            name for name, value in fold(history).items()
            if (str(row.case) if name == "case" else getattr(row, name)) != value
        ]  # fmt: skip
        if wrong or row.version != history[-1].sequence:
            yield verify.Fault(f"appeal {uuid}", f"differs from its events {', '.join(wrong)}")
    texts = [
        text for history in told.values() for event in history
        for text in getattr(event.data, "texts", ())
    ]  # fmt: skip
    yield from verify.contents_match({text["content"]: text["hash"] for text in texts})


def untold() -> Iterator[verify.Fault]:
    """Appeals that no event tells of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT held.uuid FROM insight_appeal held WHERE NOT EXISTS (SELECT FROM core_event"
            " told WHERE told.stream_id = held.uuid AND told.sequence = 1) LIMIT 1000"
        )
        for (uuid,) in cursor.fetchall():
            yield verify.Fault(f"appeal {uuid}", "has no events")


def register() -> None:
    """Let `lingka verify` replay every appeal."""
    verify.register("appeal", faults, untold)
