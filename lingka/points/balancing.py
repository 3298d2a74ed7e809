"""Balances are made anew from the legs alone and held against those that are kept."""

from django.db import connection

from lingka.core import clock, receivers
from lingka.core.verify import snapshot
from lingka.points.models import Account, Balancing, Leg, Owner
from lingka.volunteering import selectors as volunteering

_DIFFERENCES = """
SELECT account.id::text, format('balance %s, its legs give %s; held %s, open holds keep %s',
    account.balance, COALESCE(legs.total, 0), account.held, COALESCE(kept.total, 0))
FROM points_account account
LEFT JOIN (SELECT account_id, sum(amount) AS total FROM points_leg GROUP BY 1) legs
    ON legs.account_id = account.id
LEFT JOIN (SELECT account_id, sum(amount) AS total FROM points_hold WHERE state = 'open' GROUP BY 1)
    kept ON kept.account_id = account.id
WHERE account.balance IS NOT NULL AND (account.balance <> COALESCE(legs.total, 0)
    OR account.held <> COALESCE(kept.total, 0))
UNION ALL
SELECT 'transfer ' || transfer.uuid, format('its legs sum to %s', sum(leg.amount))
FROM points_transfer transfer LEFT JOIN points_leg leg ON leg.transfer_id = transfer.id
GROUP BY transfer.uuid HAVING COALESCE(sum(leg.amount), 1) <> 0
"""


def differences() -> list[tuple[str, str]]:
    """Where a kept balance is not what its legs give, or legs do not sum to zero; and what."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES)
        return [(str(where), str(what)) for where, what in cursor.fetchall()]


def hours_differences() -> list[tuple[str, str]]:
    """Where the ledger of hours is not what volunteering confirmed. While something is on its way
    from there into the ledger, nothing: that is no difference yet."""
    if any(receivers.behind(one) for one in ("points.hours", "volunteering.let-go")):
        return []
    owners = Owner.objects.filter(ledger="hours").exclude(member=None).select_related("account")
    booked = {one.member: one for one in owners if one.member}
    served = volunteering.minutes_by_member()
    found = [
        (str(one.account_id), f"{one.account.balance} minutes, {served.get(member, 0)} confirmed")
        for member, one in booked.items() if one.account.balance != served.get(member, 0)
    ]  # fmt: skip
    lost = sum(minutes for member, minutes in served.items() if member not in booked)
    return [*found, *([("hours", f"{lost} confirmed minutes are in no account")] if lost else [])]


def balance() -> Balancing:
    """Look at everything in one view of the database and keep what was found."""
    with snapshot():
        found = [*differences(), *hours_differences()]
        accounts, legs = Account.objects.count(), Leg.objects.count()
    first = ": ".join(found[0])[:200] if found else ""
    kept, _new = Balancing.objects.update_or_create(
        id=1,
        defaults={"at": clock.now(), "accounts": accounts, "legs": legs,
                  "differences": len(found), "first": first},
    )  # fmt: skip
    return kept
