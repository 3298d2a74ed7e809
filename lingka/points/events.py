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


@event_type
@dataclass(frozen=True)
class AwardReviewed(EventData):
    """What was drawn was looked at by another; `taken`: its points went back."""

    type: ClassVar[str] = "points.AwardReviewed"
    stream: ClassVar[str] = "points"
    label: ClassVar[Any] = _("Points looked at")
    day_s_work: ClassVar[bool] = True
    award: str
    outcome: str
    taken: bool


@event_type
@dataclass(frozen=True)
class ExpiryAnnounced(EventData):
    type: ClassVar[str] = "points.ExpiryAnnounced"
    stream: ClassVar[str] = "points_account"
    label: ClassVar[Any] = _("Told that points will expire")
    day_s_work: ClassVar[bool] = True
    points: int
    on: str


@event_type
@dataclass(frozen=True)
class HoldersTold(EventData):
    """Some members are to be sent a message that points will go: of how many it is about, and whose
    they are, nothing stands here."""

    type: ClassVar[str] = "points.HoldersTold"
    stream: ClassVar[str] = "points_told"
    label: ClassVar[Any] = _("Members told that points will expire")
    day_s_work: ClassVar[bool] = True


@event_type
@dataclass(frozen=True)
class YearRecognised(EventData):
    """Who reached a threshold in a year is kept; how many they are is not told here."""

    type: ClassVar[str] = "points.YearRecognised"
    stream: ClassVar[str] = "recognition"
    label: ClassVar[Any] = _("Thanks of a year frozen")
    year: int
    rules: int


@event_type
@dataclass(frozen=True)
class ShopSet(EventData):
    """`words` is the hash of its name and of how it is found."""

    type: ClassVar[str] = "points.ShopSet"
    stream: ClassVar[str] = "exchange_point"
    label: ClassVar[Any] = _("Exchange point set up")
    unit: int
    area: int
    words: str
    is_open: bool


@event_type
@dataclass(frozen=True)
class GoodSet(EventData):
    type: ClassVar[str] = "points.GoodSet"
    stream: ClassVar[str] = "good"
    label: ClassVar[Any] = _("Goods for points offered")
    shop: str
    points: int
    sponsor: int | None
    most: int | None
    offered: bool
    words: str


@event_type
@dataclass(frozen=True)
class StockMoved(EventData):
    """Goods came or went; of those handed over not to whom."""

    type: ClassVar[str] = "points.StockMoved"
    stream: ClassVar[str] = "good"
    label: ClassVar[Any] = _("Goods for points came or went")
    day_s_work: ClassVar[bool] = True
    change: int
    why: str
    counted: int | None
