"""What a workplace was given beside one of its people. It is found from theirs by a keyed hash and
from nothing else: once they have left, nothing leads from it to them."""

from uuid import UUID

from lingka.core.crypto import mac
from lingka.points.models import Award, Transfer


def source_of(award: UUID) -> bytes:
    """What stands as the occasion of the part beside an award."""
    return mac("points-source", f"beside:{award}")


def beside(award: Award) -> Award | None:
    rows = Award.objects.filter(rule=award.rule, source=source_of(award.uuid))
    return rows.select_related("transfer").first()


def of_entry(transfer: Transfer) -> Award | None:
    """The award that an entry was written for."""
    rows = Award.objects.filter(transfer=transfer)
    return rows.select_related("account", "area").first()
