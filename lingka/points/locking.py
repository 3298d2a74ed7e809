"""Who holds which row: the request's key first, then accounts by id, then goods by id. All in this
order, so nobody waits in a circle; nobody waits for long; what was read before is read again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from lingka.core import locks
from lingka.core.problems import Problem
from lingka.points.models import Account

PATIENCE = timedelta(seconds=3)
_BEFORE = """
SELECT uuid, digest FROM points_transfer WHERE key = %s
UNION ALL SELECT uuid, digest FROM points_hold WHERE key = %s LIMIT 1
"""


@contextmanager
def patience(span: timedelta | None = None) -> Iterator[None]:
    """A transaction in which nobody waits longer for a row; Problem "busy" (503) where it is not
    free by then."""
    try:
        with transaction.atomic():
            before = _waiting(f"{int((span or PATIENCE).total_seconds() * 1000)}ms")
            yield
            _waiting(before)  # the caller's own transaction goes on as it was
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            said = _("Much is going on here just now. Please try again in a moment.")
            raise Problem("busy", said, status=503) from None
        raise


_WAIT = "SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)"


def _waiting(longest: str) -> str:
    """Set how long this transaction waits for a row; returns what it was."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, [longest])
        return str(cursor.fetchone()[0])


def repeated(key: UUID, digest: bytes) -> UUID | None:
    """What a request with this key led to before, the whole transaction long nobody else's.

    Problem "key_reused" (409) where it asked for something else.
    """
    locks.hold(key)
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [key, key])
        before = cursor.fetchone()
    if before is None:
        return None
    if bytes(before[1]) != digest:
        said = _("This was sent before with other content.")
        raise Problem("key_reused", said, status=409)
    found: UUID = before[0]
    return found


def accounts(ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts as they are now, and stay until the transaction ends."""
    rows = Account.objects.select_for_update(no_key=True).filter(id__in=set(ids)).order_by("id")
    return {one.id: one for one in rows}


def account(one: UUID) -> Account:
    found = accounts([one]).get(one)
    if found is None:
        raise Problem("no_account", _("There is no such account."), status=404)
    return found
