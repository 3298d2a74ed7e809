"""What operators and administrators may know of messages: how many are stuck, never to whom."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from lingka.core import clock
from lingka.notifications.models import Message

LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Trouble:
    """Messages of one channel that could not be sent lately, and the kind of error."""

    channel: str
    error: str
    failed: int  # given up
    waiting: int  # to be tried again


def troubles() -> list[Trouble]:
    """What went wrong since yesterday, by channel and kind of error, the most frequent first."""
    rows = (
        Message.objects.filter(created_at__gt=clock.now() - LATELY)
        .exclude(error="")
        .values("channel", "error", "state")
        .annotate(number=Count("id"))
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        found.setdefault((row["channel"], row["error"]), {})[row["state"]] = row["number"]
    listed = [
        Trouble(channel, error, counts.get("failed", 0), counts.get("queued", 0))
        for (channel, error), counts in found.items()
    ]
    return sorted(listed, key=lambda one: (-one.failed - one.waiting, one.channel, one.error))


def counts() -> dict[str, int]:
    """Messages since yesterday by state."""
    rows = Message.objects.filter(created_at__gt=clock.now() - LATELY).values_list("state")
    return dict(rows.annotate(number=Count("id")))
