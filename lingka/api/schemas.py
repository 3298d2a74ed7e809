"""Shapes of the REST API: what comes in and what goes out, in the field's terms."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, field_validator

Words = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(max_length=255, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9_.-]+$")]


class Strict(Schema):
    """Input that refuses what it doesn't know: a misspelt field must not vanish silently."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """PostgreSQL stores no NUL and no lone surrogate; say so beside the field."""
        if isinstance(value, str) and ("\x00" in value or not _encodable(value)):
            raise ValueError("contains a character that cannot be stored")
        return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class ContactIn(Strict):
    """How the reporter may be reached. Erased after the case is closed."""

    name: Line = ""
    phone: Annotated[str, StringConstraints(max_length=32)] = ""
    email: Annotated[str, StringConstraints(max_length=254)] = ""

    @field_validator("email", mode="after")
    @classmethod
    def reachable(cls, value: str) -> str:
        """An address that no letter can reach is the caller's to mend, while they are there."""
        try:
            if value:
                validate_email(value)
        except ValidationError as error:
            raise ValueError("is no e-mail address") from error
        return value


class CaseIn(Strict):
    """A report. Where it is comes as a point (WGS 84), a place's code or an address."""

    idempotency_key: UUID
    case_type: Key
    words: Words = ""
    language: Literal["zh-hans", "bo", "en"] = "zh-hans"
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    place_code: Annotated[str, StringConstraints(max_length=12)] = ""
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    attributes: dict[Key, Line | list[Line]] = Field(default_factory=dict, max_length=40)
    contact: ContactIn | None = None
    attachments: list[UUID] = Field(default_factory=list, max_length=10)


class OpenedOut(Schema):
    """The new case and the reporter's receipt. `existing`: this key was used before."""

    case: UUID
    number: str
    receipt_token: str
    short_code: str
    existing: bool


class ActionIn(Strict):
    """One action on a case. `op_id` makes a retry harmless, `expected_version` guards reading."""

    op_id: UUID
    data: dict[str, Any] = Field(default_factory=dict, max_length=40)
    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class PerformedOut(Schema):
    version: int
    state: str
    stage: str


class NeedOut(Schema):
    """One field that an action asks for."""

    name: str
    kind: str
    required: bool


class OfferOut(Schema):
    """An action that concerns the caller: allowed now, or refused with the reason."""

    key: str
    label: str
    allowed: bool
    reason: str
    needs: list[NeedOut]


class CaseOut(Schema):
    """A case as staff see it; words and files only to those whom it concerns."""

    case: UUID
    number: str
    case_type: str
    state: str
    stage: str
    owner: str
    urgent: bool
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    version: int


class CasesOut(Schema):
    cases: list[CaseOut]
    next: str | None = Field(description="Give as `after` for the next page; null at the end.")


class CaseTypeOut(Schema):
    key: str
    group: str
    name: str
    description: str
    urgent: bool


class LocatedOut(Schema):
    """Which grid a point lies in, and how that was decided."""

    grid: UUID | None
    code: str | None
    name: str | None
    how: str


class AttachmentOut(Schema):
    attachment: UUID


class ProblemOut(Schema):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = Field(default_factory=list)
