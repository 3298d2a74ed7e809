"""What a clock bar shows: words first, bar second. Built from plain times, without a database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from lingka.core import saying

ClockState = Literal["running", "soon", "late", "suspended", "done"]
SOON = 0.75  # the second tick of the bar


@dataclass(frozen=True)
class ClockView:
    """One bar: `share` of the allowed time that is used (0…1), words, and what it is about."""

    state: ClockState
    words: str
    share: float
    label: str = ""
    note: str = ""

    @property
    def width(self) -> str:
        """For the SVG attribute; a sliver stays visible from the first minute."""
        return f"{min(max(self.share, 0.02), 1) * 100:.0f}%"

    @property
    def edge(self) -> str:
        return f"{max(min(self.share, 1) * 100 - 2, 0):.0f}%"


def clock_view(
    *,
    now: datetime,
    started_at: datetime,
    due_at: datetime,
    label: str = "",
    share: float | None = None,
    suspended: bool = False,
    resumes_at: datetime | None = None,
    done_at: datetime | None = None,
) -> ClockView:
    """The face of one clock. `share` may come from working time; else it is by elapsed time."""
    if share is None:
        share = _elapsed_share(started_at, due_at, done_at or now)
    if done_at is not None:
        return ClockView("done", _done_words(due_at, done_at), 1, label)
    if suspended:
        note = _("resumes %(day)s") % {"day": saying.day(resumes_at)} if resumes_at else ""
        return ClockView("suspended", _("Suspended"), share, label, note)
    if now >= due_at:
        return ClockView("late", _("%(span)s late") % {"span": _span(now - due_at)}, 1, label)
    words = _("%(span)s left") % {"span": _span(due_at - now)}
    return ClockView("soon" if share >= SOON else "running", words, share, label)


def _elapsed_share(started_at: datetime, due_at: datetime, at: datetime) -> float:
    allowed = (due_at - started_at).total_seconds()
    return min(max((at - started_at).total_seconds() / allowed, 0), 1) if allowed > 0 else 1


def _done_words(due_at: datetime, done_at: datetime) -> str:
    if done_at > due_at:
        return _("done, %(span)s late") % {"span": _span(done_at - due_at)}
    if due_at - done_at < timedelta(minutes=1):
        return _("done in time")
    return _("done %(span)s early") % {"span": _span(due_at - done_at)}


def _span(length: timedelta) -> str:
    return saying.span(int(length.total_seconds()))
