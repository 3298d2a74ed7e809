"""Reads on exchange points: what lies there, and what is reserved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lingka.accounts.selectors import PostInfo
from lingka.core import codes
from lingka.core.keeping import Kept
from lingka.core.text import pick
from lingka.points import goods, permissions
from lingka.points.models import Good, Move, Reservation, Shop
from lingka.units import selectors as units

MOVES = 30
LOOK_EVERY = 5.0  # seconds between looks for exchange points that another process set up or closed


@dataclass(frozen=True)
class GoodInfo:
    uuid: UUID
    name: str
    names: dict[str, str]
    points: int
    stock: int
    kept: int
    sponsor_id: int | None
    sponsor: str
    most: int | None
    offered: bool
    shop: UUID

    @property
    def left(self) -> int:
        return self.stock - self.kept


@dataclass(frozen=True)
class ShopInfo:
    uuid: UUID
    name: str
    names: dict[str, str]
    where: str
    wheres: dict[str, str]
    unit_id: int
    unit: str
    area_id: int
    area: str
    area_path: str
    is_open: bool
    goods: list[GoodInfo]

    @property
    def offered(self) -> list[GoodInfo]:
        return [one for one in self.goods if one.offered]


def catalogue() -> list[ShopInfo]:
    """Every open exchange point with what it offers, for everybody."""
    return _shown(Shop.objects.filter(closed_at=None))


def shops(*, paths: tuple[str, ...] = (), own: Iterable[int] = ()) -> list[ShopInfo]:
    """Those under these areas or of these units, closed ones too."""
    chosen = Q(unit__in=list(own))
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    return _shown(Shop.objects.filter(chosen))


def _serving() -> frozenset[int]:
    """Units that serve at an exchange point that is open."""
    return frozenset(Shop.objects.filter(closed_at=None).values_list("unit_id", flat=True))


_SERVING = Kept(_serving, every=LOOK_EVERY)
forget_serving = _SERVING.forget


def has_a_part(posts: Sequence[PostInfo]) -> bool:
    """Whether these posts look after exchange points or entries, or serve at one: each page of the
    desk asks, so it is kept."""
    roles = {post.role for post in posts}
    looks_after = bool(roles & (permissions.KEEPERS | permissions.REVIEWERS))
    return looks_after or bool(permissions.served_units(posts) & _SERVING.now())


def shop(uuid: UUID) -> ShopInfo | None:
    return next(iter(_shown(Shop.objects.filter(uuid=uuid))), None)


def good(uuid: UUID) -> GoodInfo | None:
    row = Good.objects.filter(uuid=uuid).select_related("shop").first()
    return _good(row) if row else None


def _shown(rows: QuerySet[Shop]) -> list[ShopInfo]:
    found = list(rows.select_related("area").order_by("closed_at", "area__code", "id"))
    lying: dict[int, list[GoodInfo]] = {}
    for row in Good.objects.filter(shop__in=found).select_related("shop").order_by("points", "id"):
        lying.setdefault(row.shop_id, []).append(_good(row))
    return [
        ShopInfo(
            one.uuid, pick(one.name), one.name, pick(one.where), one.where, one.unit_id,
            pick(units.unit(one.unit_id).name), one.area_id, pick(one.area.name), one.area.path,
            one.closed_at is None, lying.get(one.pk, []),
        ) for one in found
    ]  # fmt: skip


def _good(row: Good) -> GoodInfo:
    sponsor = pick(units.unit(row.sponsor_id).name) if row.sponsor_id else ""
    return GoodInfo(
        row.uuid, pick(row.name), row.name, row.points, row.stock, row.kept, row.sponsor_id,
        sponsor, row.most, row.closed_at is None, row.shop.uuid,
    )  # fmt: skip


@dataclass(frozen=True)
class MoveInfo:
    at: datetime
    why: str
    change: int
    counted: int | None


def moves(uuid: UUID) -> list[MoveInfo]:
    """What came and went of a good, the newest first; never to whom."""
    rows = Move.objects.filter(good__uuid=uuid).order_by("-id")[:MOVES]
    return [MoveInfo(one.at, str(goods.WHYS[one.why]), one.change, one.counted) for one in rows]


@dataclass(frozen=True)
class ReservationInfo:
    uuid: UUID
    account: UUID
    code: str
    good: GoodInfo
    shop: str
    where: str
    points: int
    state: str
    until: datetime


def reservation(uuid: UUID) -> ReservationInfo | None:
    return next(iter(_reserved(Reservation.objects.filter(uuid=uuid))), None)


def reservations_of(account: UUID) -> list[ReservationInfo]:
    """What a holder can fetch."""
    return _reserved(Reservation.objects.filter(hold__account=account, hold__state="open"))


def by_short_code(typed: str, shop: UUID, state: str = "open") -> ReservationInfo | None:
    """What somebody at an exchange point reads out: of this one only, while it is kept; or, with
    "posted", what they bring back."""
    code = codes.normalise(typed)
    rows = Reservation.objects.filter(code=code, good__shop__uuid=shop, hold__state=state)
    return next(iter(_reserved(rows)), None) if code else None


def _reserved(rows: QuerySet[Reservation]) -> list[ReservationInfo]:
    return [
        ReservationInfo(
            one.uuid, one.hold.account_id, one.code, _good(one.good), pick(one.good.shop.name),
            pick(one.good.shop.where), one.hold.amount, one.hold.state, one.hold.expires_at,
        ) for one in rows.select_related("hold", "good__shop").order_by("hold__expires_at")
    ]  # fmt: skip
