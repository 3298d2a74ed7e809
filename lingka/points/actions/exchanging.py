"""Reserving a good with points, and handing it over: the points are kept with the good, and both
go or stay together."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import day_of
from lingka.core import clock, codes, locks
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.points import book, goods, locking, permissions
from lingka.points.actions.holding import place_hold, post_hold, void_hold
from lingka.points.actions.owning import HOLDER
from lingka.points.actions.shops import locked, move
from lingka.points.actions.transferring import reverse
from lingka.points.models import Good, Hold, Reservation
from lingka.points.permissions import must


@dataclass(frozen=True)
class Reserved:
    uuid: UUID
    code: str


def reserve(
    good: UUID, account: UUID, *, actor: Actor, key: UUID, another: bool = True
) -> Reserved:  # fmt: skip
    """Keep one of a good, and its points, for some days; the same key again is the same one.

    Raises Problem "gone" (409) for the last one that somebody else has, "too_few" for points that
    are not there, "most" for what one person may have in a year, and "held" for one more than is
    kept for them already, where they did not say that they want `another`.
    """
    del actor  # told of nobody
    with locking.patience():
        until = _until(key)
        known = Reservation.objects.filter(hold__key=key).select_related("good", "hold").first()
        if known is not None:
            if (known.good.uuid, known.hold.account_id) != (good, account):
                said = _("This was sent before with other content.")
                raise Problem("key_reused", said, status=409)
            return Reserved(known.uuid, known.code)
        locking.account(account)
        row = locked(good)
        _must_be_there(row, account)
        if not another:
            _must_hold_none(row, account)
        hold = place_hold(account, row.points, until, actor=HOLDER, key=key)
        made = Reservation.objects.create(
            uuid=uuid7(), good=row, hold=Hold.objects.get(uuid=hold), code=codes.short_code()
        )
    return Reserved(made.uuid, made.code)


def _until(key: UUID) -> datetime:
    """The request is nobody else's from here on; what it asks for is kept until then."""
    locks.hold(key)
    return clock.now().astimezone(UTC) + goods.KEPT_FOR


def _must_be_there(row: Good, account: UUID) -> None:
    if row.closed_at or row.shop.closed_at:
        raise Problem("closed", _("This is offered no more."), status=409)
    if row.stock - row.kept < 1:
        raise Problem(
            "gone", _("Somebody was quicker: none is left. You keep your points."), status=409
        )
    if row.most is None:
        return
    year = day_of(None).year
    had = Reservation.objects.filter(
        good=row, hold__account=account, hold__state__in=["open", "posted"],
        hold__placed_at__year=year,
    )  # fmt: skip
    if had.count() >= row.most:
        said = _("One person gets %(most)s of these in a year, so that there are some for others.")
        raise Problem("most", said % {"most": row.most}, status=409)


def _must_hold_none(row: Good, account: UUID) -> None:
    held = Reservation.objects.filter(good=row, hold__account=account, hold__state="open")
    if held.exists():
        said = _("One of these is kept for you already. Do you want another one?")
        raise Problem("held", said, status=409)


def hand_over(reservation: UUID, *, actor: Actor) -> None:
    """Somebody at the counter gives it out: the points are spent, the good is gone. Once."""
    with locking.patience():
        found = _at_counter(reservation, actor)
        if found.hold.state == "posted":
            return
        post_hold(found.hold.uuid, actor=actor)
        move(locked(found.good.uuid), -1, "handed", actor)


def cancel(reservation: UUID, account: UUID) -> bool:
    """Its holder wants it no more; False where it was given back before."""
    found = _found(reservation)
    if found.hold.account_id != account:
        raise _none()
    return void_hold(found.hold.uuid, actor=HOLDER)


def take_back(reservation: UUID, *, actor: Actor) -> None:
    """What was handed over came back whole: the points are there again, and the good."""
    with locking.patience():
        found = _at_counter(reservation, actor)
        key = uuid5(book.NAMESPACE, f"{found.uuid}:returned")
        reverse(found.hold.uuid, "returned", actor=actor, key=key)
        move(locked(found.good.uuid), 1, "returned", actor)


def _at_counter(reservation: UUID, actor: Actor) -> Reservation:
    """Its account locked first, then what is known of it; for who serves at its exchange point."""
    found = _found(reservation)
    shop = found.good.shop
    must(permissions.may_serve(actor, shop.unit_id, areas.area(shop.area_id).path))
    locking.account(found.hold.account_id)
    return _found(reservation)


def _found(reservation: UUID) -> Reservation:
    rows = Reservation.objects.select_related("hold", "good__shop")
    found = rows.filter(uuid=reservation).first()
    if found is None:
        raise _none()
    return found


def _none() -> Problem:
    return Problem("no_reservation", _("There is no such reservation."), status=404)
