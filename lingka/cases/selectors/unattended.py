"""Cases whose time has come and that the engine could not attend to: for the administrator."""

from dataclasses import dataclass
from datetime import datetime

from lingka.cases.models import Unattended
from lingka.core import clock


@dataclass(frozen=True)
class UnattendedCase:
    """One of them: since when, why, and when it is tried again."""

    number: str
    error: str
    attempts: int
    since: datetime
    next_try_at: datetime


def unattended(limit: int = 100) -> list[UnattendedCase]:
    """Those that still wait, longest first."""
    rows = Unattended.objects.filter(case__wake_at__lte=clock.now()).order_by("since")
    fields = ("case__number", "error", "attempts", "since", "next_try_at")
    return [UnattendedCase(*row) for row in rows.values_list(*fields)[:limit]]
