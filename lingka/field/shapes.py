"""Shapes of what a phone sends, by kind of operation. docs/sync.md has them in words."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

MOST_OPERATIONS = 100
FIRST_YEAR, LAST_YEAR = 1970, 2200
Line = Annotated[str, StringConstraints(max_length=255)]
Key = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9_.-]+$")]
Kind = Annotated[str, StringConstraints(max_length=24, pattern=r"^[a-z0-9_.-]+$")]  # the column's
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
App = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Schema = Annotated[int, Field(ge=1, le=32767)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


def _of_our_time(at: datetime) -> datetime:
    """A year that every reader can hold, in whatever zone it is read."""
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        raise ValueError(f"from {FIRST_YEAR} to {LAST_YEAR - 1}")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]


class Strict(BaseModel):
    """Refuses what it doesn't know: a field of a newer app must not vanish silently."""

    model_config = ConfigDict(extra="forbid", strict=False)


class DeviceIn(Strict):
    name: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
    app: App
    schema_: Annotated[Schema, Field(alias="schema")]
    worker: UUID | None = None  # whose records the phone keeps


class Left(Strict):
    """What will still be on the phone when all of this has arrived."""

    operations: Count = 0
    attachments: Count = 0


class PushIn(Strict):
    """The envelope; each operation is read by itself, so that one bad one stops nobody."""

    protocol: int
    app: App
    schema_: Annotated[Schema, Field(alias="schema")]
    checklists: Annotated[dict[Key, Version], Field(max_length=200)] = {}
    sent_at: Moment
    left: Left | None = None
    operations: list[Any]


class OperationIn(Strict):
    op_id: UUID
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]
    kind: Kind
    record: UUID
    base_version: Version | None = None
    depends_on: Annotated[list[UUID], Field(max_length=20)] = []
    occurred_at: Moment
    data: dict[str, Any]


class ReportIn(Strict):
    """A new case. Where it is: a place as pulled, a code as scanned, or a point."""

    type: Key
    words: Annotated[str, StringConstraints(max_length=4000)] = ""
    language: Literal["zh-hans", "bo", "en"] = "zh-hans"
    lon: Lon | None = None
    lat: Lat | None = None
    place: UUID | None = None
    code: Annotated[str, StringConstraints(max_length=12)] = ""
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    attributes: Annotated[dict[Key, Line | list[Line]], Field(max_length=40)] = {}
    attachments: Annotated[list[UUID], Field(max_length=10)] = []


class NothingIn(Strict):
    """The record says it all."""


class StopIn(Strict):
    """What became of one stop of a round."""

    stop: UUID
    outcome: Literal["done", "skipped"]
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class PlaceIn(Strict):
    """A correction of what is said of a place, field by field."""

    changes: Annotated[dict[str, Any], Field(min_length=1, max_length=20)]


class ChecklistIn(Strict):
    """A checklist as it was filled in; photos in `answers` are named in `attachments` too."""

    checklist: Key
    version: Version
    place: UUID | None = None
    round: UUID | None = None
    stop: UUID | None = None
    answers: Annotated[dict[Key, Any], Field(max_length=200)]
    attachments: Annotated[list[UUID], Field(max_length=20)] = []
    lon: Lon | None = None
    lat: Lat | None = None


class TaskIn(Strict):
    """Something done with a task at a place; the source that gave it says what it takes."""

    source: Key
    action: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z_]+$")]
    given: Annotated[dict[Key, Any], Field(max_length=40)] = {}
    attachments: Annotated[list[UUID], Field(max_length=5)] = []


class ActIn(Strict):
    """Something done to a case; photos apart from what else is given."""

    case: UUID
    action: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z_]+$")]
    given: Annotated[dict[Key, Any], Field(max_length=40)] = {}
    attachments: Annotated[list[UUID], Field(max_length=5)] = []
