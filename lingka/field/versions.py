"""Which protocols and app schemas are spoken, and until when."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import today
from lingka.core.problems import Problem

PROTOCOLS = (1,)
KEPT = timedelta(days=180)
# Schemas of the app's own database, and the day from which the next one is in use.
SCHEMAS: dict[int, date | None] = {1: None}


def schemas() -> list[int]:
    """Those that are taken today."""
    day = today()
    return [number for number, until in SCHEMAS.items() if until is None or day <= until + KEPT]


def check(protocol: int, schema: int) -> None:
    """Problem 409 for what is not understood: the app keeps everything and updates itself."""
    if protocol not in PROTOCOLS:
        message = _("This app speaks another language than the server. Update it, nothing is lost.")
        raise Problem("protocol", message, status=409, protocols=list(PROTOCOLS))
    if schema not in schemas():
        message = _("This app is too old. Open it with a network to update, nothing is lost.")
        raise Problem("too_old", message, status=409, schemas=schemas())
