"""What happens in the ledgers: random ids of accounts and amounts, never whose they are."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class AccountOpened(EventData):
    type: ClassVar[str] = "points.AccountOpened"
    stream: ClassVar[str] = "points_account"
    label: ClassVar[Any] = _("Account opened")
    day_s_work: ClassVar[bool] = True
    ledger: str
    kind: str


@event_type
@dataclass(frozen=True)
class AccountLeft(EventData):
    """Nothing leads from the account to anybody any more."""

    type: ClassVar[str] = "points.AccountLeft"
    stream: ClassVar[str] = "points_account"
    label: ClassVar[Any] = _("Account left")
    day_s_work: ClassVar[bool] = True
    ledger: str


@event_type
@dataclass(frozen=True)
class Transferred(EventData):
    """`legs`: [account, amount, day of expiry or None]; `reverses` names what it corrects."""

    type: ClassVar[str] = "points.Transferred"
    stream: ClassVar[str] = "points"
    label: ClassVar[Any] = _("Points or hours transferred")
    day_s_work: ClassVar[bool] = True
    ledger: str
    kind: str
    legs: list[list[Any]]
    ground: str
    reason: str
    reverses: str | None


@event_type
@dataclass(frozen=True)
class HoldPlaced(EventData):
    type: ClassVar[str] = "points.HoldPlaced"
    stream: ClassVar[str] = "points"
    label: ClassVar[Any] = _("Points held")
    day_s_work: ClassVar[bool] = True
    account: str
    amount: int
    until: str


@event_type
@dataclass(frozen=True)
class HoldEnded(EventData):
    """The points are free again: it was voided, or its time ran out."""

    type: ClassVar[str] = "points.HoldEnded"
    stream: ClassVar[str] = "points"
    label: ClassVar[Any] = _("Hold ended")
    day_s_work: ClassVar[bool] = True
    how: str
