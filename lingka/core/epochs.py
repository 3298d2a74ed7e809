"""The life of this data: changed by a restore, so that phones send again what they keep, and other
platforms hear that their cursors are of a life that is over."""

from uuid import UUID

from lingka.core.ids import uuid7
from lingka.core.models import Epoch


def current() -> UUID:
    """This installation's epoch; the first reader makes it."""
    found = Epoch.objects.values_list("token", flat=True).first()
    if found is None:
        Epoch.objects.bulk_create([Epoch(token=uuid7())], ignore_conflicts=True)
        found = Epoch.objects.values_list("token", flat=True).get()
    return found


def begin() -> UUID:
    """Another one, from now on."""
    token = uuid7()
    Epoch.objects.update_or_create(id=1, defaults={"token": token})
    return token
