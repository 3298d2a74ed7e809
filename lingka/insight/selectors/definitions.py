"""The versions of the rates, and which is in force on a day. Held in the process."""

from datetime import date
from time import monotonic

from lingka.insight.definitions import Definition, definition, shipped
from lingka.insight.models import Definition as Row

LOOK_EVERY = 30.0  # seconds until another process's new version is seen


class _Held:
    versions: tuple[Definition, ...] = ()
    looked_at = 0.0


def forget() -> None:
    """Read the versions anew: this process activated one."""
    _Held.versions = ()


def versions() -> tuple[Definition, ...]:
    """All versions, by the day from which each is in force, then by number."""
    now = monotonic()
    if not _Held.versions or now - _Held.looked_at > LOOK_EVERY:
        rows = Row.objects.order_by("valid_from", "number")
        _Held.versions = tuple(definition(row.body, row.pk, row.number) for row in rows)
        _Held.looked_at = now
    return _Held.versions


def on(day: date) -> Definition:
    """The version for cases opened on a day; the first one for days before any.

    Where none was ever activated, the shipped one is what would be.
    """
    chosen, *later = versions() or (definition(shipped()),)
    for one in later:
        if one.valid_from <= day:
            chosen = one
    return chosen
