"""The versions of the rates, and which is in force on a day. Held in the process."""

from datetime import date

from lingka.core.keeping import Kept
from lingka.insight.definitions import Definition, definition, shipped
from lingka.insight.models import Definition as Row

LOOK_EVERY = 30.0  # seconds until another process's new version is seen


def _read() -> tuple[Definition, ...]:
    rows = Row.objects.order_by("valid_from", "number")
    return tuple(definition(row.body, row.pk, row.number) for row in rows)


_ALL = Kept(_read, every=LOOK_EVERY)
forget = _ALL.forget


def versions() -> tuple[Definition, ...]:
    """All versions, by the day from which each is in force, then by number."""
    found = _ALL.now()
    if not found:
        forget()  # the first one is seen at once
    return found


def on(day: date) -> Definition:
    """The version for cases opened on a day; the first one for days before any.

    Where none was ever activated, the shipped one is what would be.
    """
    chosen, *later = versions() or (definition(shipped()),)
    for one in later:
        if one.valid_from <= day:
            chosen = one
    return chosen
