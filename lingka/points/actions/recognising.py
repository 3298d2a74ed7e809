"""Thanking for a year: frozen once the year is over, by thresholds alone; who agrees is named."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lingka.areas.selectors import day_of
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.points import book, permissions, thanks
from lingka.points.events import YearRecognised
from lingka.points.models import Leg, Owner, Recognised, Recognition
from lingka.points.permissions import must
from lingka.volunteering import selectors as volunteering


@transaction.atomic
def freeze_year(year: int, *, actor: Actor) -> None:
    """Keep who reached which threshold in a year, once and for ever; nobody is named by it."""
    must(permissions.may_recognise(actor))
    if year >= day_of(None).year:
        raise Problem("not_over", _("This year is not over yet."), field="year", status=422)
    locks.hold(book.own_account("recognition", str(year)))
    if Recognition.objects.filter(year=year).exists():
        raise Problem("frozen", _("This year is frozen already."), field="year", status=409)
    levels = thanks.BOOK.now()
    made = Recognition.objects.create(
        uuid=uuid7(), year=year, number=thanks.BOOK.number, frozen_at=clock.now(),
        levels=[{"key": one.key, "ledger": one.ledger, "at_least": one.at_least,
                 "name": dict(one.names)} for one in levels],
    )  # fmt: skip
    Recognised.objects.bulk_create(
        Recognised(recognition=made, account_id=account, level=level.key)
        for account, ledger, amount in _earned(year)
        if (level := thanks.reached(levels, ledger, amount))
    )
    told = YearRecognised(year, made.number)
    record(told, stream_id=made.uuid, actor=actor, after=NEW)


def _earned(year: int) -> list[tuple[UUID, str, int]]:
    """What people's accounts were given in a year. Of those who left, none: their accounts are
    nobody's."""
    return [*_hours(year), *_points(year)]


def _hours(year: int) -> list[tuple[UUID, str, int]]:
    """By the day on which they were served: when they were entered, or corrected, says nothing."""
    served = volunteering.minutes_by_member(year)
    owners = Owner.objects.filter(ledger="hours", member__in=list(served)).order_by("account")
    return [(one.account_id, "hours", served[one.member]) for one in owners if one.member]


def _points(year: int) -> list[tuple[UUID, str, int]]:
    """As they were entered, without what was taken back."""
    owned: Any = Leg.objects.filter(
        transfer__kind="earn", transfer__reversal=None, transfer__at__year=year,
        account__kind="person", account__ledger="points",
        account__in=Owner.objects.values("account"),
    )  # fmt: skip
    rows = owned.values_list("account", "account__ledger").annotate(all=Sum("amount"))
    return list(rows.order_by("account"))


def name_me(year: int, account: UUID, level: str, *, named: bool) -> bool:
    """Whether somebody stands by name under one threshold of a year: theirs to say, at any time. It
    is told of nobody. False where there is nothing to be named for."""
    rows = Recognised.objects.filter(recognition__year=year, account=account, level=level)
    return bool(rows.update(named=named))
