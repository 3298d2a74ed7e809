"""What happens to staff, their posts and duty, and to keys. Ids only: names stand in the rows."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type

PLAIN = frozenset({"is_active", "language"})  # of a user, say nothing personal


@event_type
@dataclass(frozen=True)
class UserAdded(EventData):
    type: ClassVar[str] = "accounts.UserAdded"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Member of staff added")
    user: int


@event_type
@dataclass(frozen=True)
class UserChanged(EventData):
    """`fields` names what changed. What it was and is stands there only for `PLAIN` fields: names
    and addresses are personal, and nothing is ever taken out of an event again."""

    type: ClassVar[str] = "accounts.UserChanged"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Member of staff changed")
    user: int
    fields: list[str]
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@event_type
@dataclass(frozen=True)
class PostGranted(EventData):
    type: ClassVar[str] = "accounts.PostGranted"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Post given")
    post: int
    user: int
    role: str
    unit: int
    area: int
    valid_from: str
    valid_to: str | None


@event_type
@dataclass(frozen=True)
class PostEnded(EventData):
    type: ClassVar[str] = "accounts.PostEnded"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Post ended")
    post: int
    valid_to: str


@event_type
@dataclass(frozen=True)
class ShiftPlanned(EventData):
    type: ClassVar[str] = "accounts.ShiftPlanned"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Duty planned")
    shift: int
    post: int
    starts_at: str
    ends_at: str


@event_type
@dataclass(frozen=True)
class ShiftCancelled(EventData):
    type: ClassVar[str] = "accounts.ShiftCancelled"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Duty cancelled")
    shift: int
    post: int


@event_type
@dataclass(frozen=True)
class LeaveRecorded(EventData):
    type: ClassVar[str] = "accounts.LeaveRecorded"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Leave recorded")
    leave: int
    post: int
    substitute: int | None
    starts_at: str
    ends_at: str


@event_type
@dataclass(frozen=True)
class LeaveCancelled(EventData):
    type: ClassVar[str] = "accounts.LeaveCancelled"
    stream: ClassVar[str] = "user"
    label: ClassVar[Any] = _("Leave cancelled")
    leave: int
    post: int


@event_type
@dataclass(frozen=True)
class ApiKeyIssued(EventData):
    type: ClassVar[str] = "accounts.ApiKeyIssued"
    stream: ClassVar[str] = "api_key"
    label: ClassVar[Any] = _("Key issued")
    key: int
    scopes: list[str]
    user: int | None
    expires_at: str | None


@event_type
@dataclass(frozen=True)
class ApiKeyRevoked(EventData):
    type: ClassVar[str] = "accounts.ApiKeyRevoked"
    stream: ClassVar[str] = "api_key"
    label: ClassVar[Any] = _("Key revoked")
    key: int
