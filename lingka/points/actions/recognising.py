"""Thanking for a year: frozen once the year is over, by thresholds alone; who agrees is named."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lingka.areas.selectors import day_of
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.points import book, permissions, recognised, thanks
from lingka.points.events import YearRecognised
from lingka.points.models import Recognised, Recognition
from lingka.points.permissions import must


@transaction.atomic
def freeze_year(year: int, *, actor: Actor) -> None:
    """Keep who reached which threshold in a year, once and for ever; nobody is named by it."""
    must(permissions.may_recognise(actor))
    locks.hold(book.own_account("recognition", str(year)))
    must_be_over(year)
    levels = thanks.BOOK.now()
    made = Recognition.objects.create(
        uuid=uuid7(), year=year, number=thanks.BOOK.number, frozen_at=clock.now(),
        levels=[{"key": one.key, "ledger": one.ledger, "at_least": one.at_least,
                 "name": dict(one.names)} for one in levels],
    )  # fmt: skip
    Recognised.objects.bulk_create(
        Recognised(recognition=made, account_id=account, level=level.key)
        for account, ledger, amount in recognised.earned(year)
        if (level := thanks.reached(levels, ledger, amount))
    )
    told = YearRecognised(year, made.number)
    record(told, stream_id=made.uuid, actor=actor, after=NEW)


def must_be_over(year: int) -> None:
    """It can be frozen now, once."""
    if year >= day_of(None).year:
        raise Problem("not_over", _("This year is not over yet."), field="year", status=422)
    if Recognition.objects.filter(year=year).exists():
        raise Problem("frozen", _("This year is frozen already."), field="year", status=409)


def name_me(year: int, account: UUID, level: str, *, named: bool) -> bool:
    """Whether somebody stands by name under one threshold of a year: theirs to say, at any time. It
    is told of nobody. False where there is nothing to be named for."""
    rows = Recognised.objects.filter(recognition__year=year, account=account, level=level)
    return bool(rows.update(named=named))
