"""Exchange points and what lies there: opened, delivered, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.points import goods, locking, permissions, showing
from lingka.points.events import GoodSet, ShopSet, StockMoved
from lingka.points.models import Good, Move, Shop
from lingka.points.permissions import must

LONGEST = 80


def set_shop(
    uuid: UUID | None, *, actor: Actor, unit: int, area: int, name: Mapping[str, str],
    where: Mapping[str, str], is_open: bool = True,
) -> UUID:  # fmt: skip
    """Open an exchange point (no `uuid` yet), change it, or close it: what is reserved there can
    still be fetched."""
    with transaction.atomic():
        row = Shop.objects.select_for_update().filter(uuid=uuid).first() if uuid else None
        if uuid and row is None:
            raise no_shop()
        for one in {area, row.area_id if row else area}:
            must(permissions.may_set_up(actor, areas.area(one).path))
        _spoken("name", name)
        _spoken("where", where)
        row = row or Shop(uuid=uuid7())
        row.unit_id, row.area_id, row.name, row.where = unit, area, dict(name), dict(where)
        row.closed_at = None if is_open else row.closed_at or clock.now()
        row.save()
        told = ShopSet(unit, area, digest_of({"name": row.name, "where": row.where}), is_open)
        record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    showing.forget_serving()
    return row.uuid


def no_shop() -> Problem:
    return Problem("no_shop", _("There is no such exchange point."), status=404)


def no_good() -> Problem:
    return Problem("no_good", _("There is no such thing here."), status=404)


def _spoken(field: str, texts: Mapping[str, str]) -> None:
    for code, _name in settings.LANGUAGES:
        if not texts.get(code, "").strip():
            said = _("Write this in all three languages.")
            raise Problem("words", said, field=f"{field}_{code}", status=422)


@dataclass(frozen=True)
class Offer:
    """A good as somebody wants it offered."""

    name: Mapping[str, str]
    points: int
    sponsor: int | None = None
    most: int | None = None  # for one person in a year
    offered: bool = True


def set_good(shop: UUID, uuid: UUID | None, offer: Offer, *, actor: Actor) -> UUID:
    """Offer something (no `uuid` yet), change it, or offer it no more. Reservations keep the price
    they were made at."""
    with transaction.atomic():
        at = Shop.objects.filter(uuid=shop).first()
        if at is None:
            raise no_shop()
        must(permissions.may_serve(actor, at.unit_id, areas.area(at.area_id).path))
        _spoken("name", offer.name)
        _within("points", offer.points)
        if offer.most is not None:
            _within("most", offer.most)
        rows = Good.objects.select_for_update(no_key=True).filter(shop=at)
        row = rows.filter(uuid=uuid).first() if uuid else Good(uuid=uuid7(), shop=at)
        if row is None:
            raise no_good()
        row.name, row.points, row.sponsor_id = dict(offer.name), offer.points, offer.sponsor
        row.most = offer.most
        row.closed_at = None if offer.offered else row.closed_at or clock.now()
        _save(row)
        told = GoodSet(
            str(at.uuid), offer.points, offer.sponsor, offer.most, offer.offered,
            digest_of({"name": row.name}),
        )  # fmt: skip
        record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    return row.uuid


def _save(row: Good) -> None:
    """Never stock and what is kept of it: those follow what came, went and is reserved."""
    if row.pk is None:
        row.save()
    else:
        row.save(update_fields=["name", "points", "sponsor", "most", "closed_at"])


def _within(field: str, number: int, least: int = 1) -> None:
    if not least <= number <= goods.MOST_STOCK:
        said = _("Enter a number from %(least)s to %(most)s.")
        named = {"least": least, "most": goods.MOST_STOCK}
        raise Problem("amount", said % named, field=field, status=422)


def deliver(good: UUID, number: int, *, actor: Actor) -> None:
    """So many were brought."""
    _within("number", number)
    with locking.patience():
        row = _served(good, actor)
        if row.stock + number > goods.MOST_STOCK:
            _within("number", row.stock + number)
        move(row, number, "delivered", actor)


def count(good: UUID, counted: int, *, actor: Actor) -> int:
    """Somebody counted what lies there; returns the difference to the books, which is kept."""
    _within("counted", counted, least=0)
    with locking.patience():
        row = _served(good, actor)
        if counted < row.kept:
            said = _("%(kept)s are reserved. Give reservations back first, or count again.")
            raise Problem("kept", said % {"kept": row.kept}, field="counted", status=409)
        difference = counted - row.stock
        move(row, difference, "counted", actor, counted=counted)
    return difference


def _served(good: UUID, actor: Actor) -> Good:
    row = locked(good)
    must(permissions.may_serve(actor, row.shop.unit_id, areas.area(row.shop.area_id).path))
    return row


def locked(good: UUID) -> Good:
    """A good as it is now, and stays until the transaction ends."""
    rows = Good.objects.select_for_update(of=("self",), no_key=True).select_related("shop")
    found = rows.filter(uuid=good).first()
    if found is None:
        raise no_good()
    return found


def move(row: Good, change: int, why: str, actor: Actor, *, counted: int | None = None) -> None:
    """Enter what came or went of a locked good."""
    by = actor.id if actor.kind == "user" else None
    Move.objects.create(
        good=row, change=change, why=why, counted=counted, by=by, at=clock.now()
    )  # fmt: skip
    told: Any = StockMoved(change, why, counted)
    record(told, stream_id=row.uuid, actor=actor)
