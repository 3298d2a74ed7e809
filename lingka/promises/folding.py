"""How a case's events change what was promised for it. Pure but for the row it is given."""

from datetime import datetime
from typing import Any

from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent

PROMISE = "promise"  # the action, and its clock
MERGED = "merged"  # the state


def made(event: StoredEvent) -> dict[str, Any] | None:
    """What a new promise says: its day, its unit, its words; None where nothing was promised.

    The same day promised twice at one moment changes no clock, and is one promise.
    """
    data = event.data
    if not isinstance(data, CaseActed) or data.action != PROMISE:
        return None
    clock = data.changes.get("clocks", {}).get(PROMISE)
    if clock is None:
        return None
    words = next((one["content"] for one in data.texts if one["name"] == "words"), None)
    return {
        "unit": data.unit, "words": words, "made_at": event.occurred_at,
        "due_at": datetime.fromisoformat(clock["due"]), "state": "running",
    }  # fmt: skip


def moved(due_at: datetime, at: datetime) -> dict[str, Any]:
    """The promise before, when another day is promised: moved in time, or broken already."""
    return {"state": "moved" if at <= due_at else "broken", "settled_at": at}


def followed(
    event: StoredEvent, *, due_at: datetime, reported_at: datetime | None
) -> dict[str, Any]:
    """What an event means for the promise that stands: reported, checked, taken up again, over."""
    data = event.data
    assert isinstance(data, CaseActed)
    if data.to_state == MERGED:
        return {}  # it stands, and goes on with the other case
    if data.to_stage == "verification" != data.from_stage:
        return {"reported_at": event.occurred_at}
    if data.to_stage in {"dispatch", "handling"} and data.from_stage in {"verification", "closed"}:
        return {"reported_at": None, "state": "running", "settled_at": None}
    checked = bool(data.changes.get("facts", {}).get("reopen_until"))
    if checked or (data.to_stage == "closed" != data.from_stage):
        return settled(due_at, reported_at, event.occurred_at)
    return {}


def settled(due_at: datetime, reported_at: datetime | None, at: datetime) -> dict[str, Any]:
    """Kept when what was reported by the day was found right. What was given up before its day
    is neither."""
    if reported_at is None:
        return {"state": "void" if at <= due_at else "broken", "settled_at": at}
    return {"state": "kept" if reported_at <= due_at else "broken", "settled_at": at}
