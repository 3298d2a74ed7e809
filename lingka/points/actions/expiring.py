"""Points that grow old: told of long before, then taken out of the books."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, Sum

from lingka.areas.selectors import day_of
from lingka.core.actors import SYSTEM
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.points import book, locking, rules
from lingka.points.events import ExpiryAnnounced, HoldersTold
from lingka.points.models import Account, ExpiryNotice, Leg, Owner
from lingka.points.posting import Asked, between, write

AT_ONCE = 500
# What was earned and expires by a day, less all that was ever spent: the oldest points go first.
_COMING = """
SELECT leg.account_id, max(leg.expires_on) FILTER (WHERE leg.expires_on <= %(until)s)
FROM points_leg leg JOIN points_account account ON account.id = leg.account_id
WHERE account.balance > 0
GROUP BY leg.account_id
HAVING COALESCE(sum(leg.amount) FILTER (WHERE leg.expires_on <= %(until)s), 0)
    + COALESCE(sum(leg.amount) FILTER (WHERE leg.expires_on IS NULL), 0) > 0
    AND NOT EXISTS (SELECT FROM points_expirynotice told WHERE told.account_id = leg.account_id
        AND told.until = max(leg.expires_on) FILTER (WHERE leg.expires_on <= %(until)s))
LIMIT %(many)s
"""


def announce_expiry() -> int:
    """Tell the holders of points that will go soon; returns how many were told."""
    today = day_of(None)
    until = today + timedelta(days=rules.BOOK.now().announced)  # never sooner than this
    with connection.cursor() as cursor:
        cursor.execute(_COMING, {"until": until, "many": AT_ONCE})
        coming = cursor.fetchall()
    return sum(_announce(account, last, max(last, until), today) for account, last in coming)


def _announce(account: UUID, last: date, on: date, today: date) -> bool:
    """Told late, it goes later: everybody has the whole time that the rules name."""
    with locking.patience():
        row = locking.account(account)
        points = _due(row, last)
        if not points:
            return False
        _told, new = ExpiryNotice.objects.get_or_create(
            account=row, until=last, defaults={"points": points, "told_on": today, "expires_on": on}
        )
        if new:
            told = ExpiryAnnounced(points, on.isoformat())
            record(told, stream_id=account, actor=SYSTEM)
    return new


@transaction.atomic
def tell_holders() -> int:
    """Have members sent a message of what was announced and not told of yet, all by one event;
    returns of how many announcements that is."""
    night = uuid7()
    members = Owner.objects.filter(member__isnull=False).values("account")
    waiting = ExpiryNotice.objects.filter(night=None, settled_on=None, account__in=members)
    told = waiting.update(night=night)
    if told:
        record(HoldersTold(), stream_id=night, actor=SYSTEM, after=NEW)
    return told


def _due(account: Account, on: date) -> int:
    """What of an account's points has come to its end on a day, and is not kept for anything."""
    found: dict[str, Any] = Leg.objects.filter(account=account).aggregate(
        earned=Sum("amount", filter=Q(expires_on__lte=on)),
        rest=Sum("amount", filter=Q(expires_on__isnull=True)),
    )
    free = (account.balance or 0) - account.held
    return rules.expiring(found["earned"] or 0, -(found["rest"] or 0), free)


def expire_points() -> int:
    """Take out what was told of and whose day is over; returns how many accounts that was. What is
    kept for goods stays until that is over."""
    today = day_of(None)
    due = ExpiryNotice.objects.filter(settled_on=None, expires_on__lt=today).order_by("id")
    return sum(_expire(notice.pk, notice.account_id, today) for notice in due[:AT_ONCE])


def _expire(notice: int, account: UUID, today: date) -> bool:
    with locking.patience():
        row = locking.account(account)
        told = ExpiryNotice.objects.select_for_update().filter(pk=notice, settled_on=None).first()
        if told is None:
            return False
        points = min(_due(row, told.until), told.points)
        if points:
            key = uuid4()
            asked = Asked(key, book.digest({"do": "expire", "account": account}))
            legs = between(row, "expire", -points)
            write(row.ledger, "expire", legs, asked, actor=SYSTEM)
        if not row.held:
            told.settled_on = today
            told.save(update_fields=["settled_on"])
    return bool(points)
