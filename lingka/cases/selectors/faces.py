"""Words, icons and bars for what a case row keeps as keys: channels, states, clocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks
from lingka.cases.models import Case, Stage
from lingka.core import saying
from lingka.core.clockviews import ClockView, clock_view
from lingka.core.text import pick
from lingka.units import selectors as units


@dataclass(frozen=True)
class Face:
    label: str | Promise
    icon: str


CHANNELS: dict[str, Face] = {
    "door": Face(_("Door code"), "scan-qr-code"),
    "web": Face(_("Web page"), "house"),
    "hotline": Face(_("Hotline 12345"), "phone"),
    "letterbox": Face(_("Red letterbox"), "inbox"),
    "counter": Face(_("Counter"), "building-2"),
    "grid_worker": Face(_("Grid worker"), "footprints"),
    "api": Face(_("Other software"), "link"),
    "open311": Face(_("Other software"), "link"),
    "leader": Face(_("Leader's live call"), "phone"),
    "exposure": Face(_("Public exposure"), "megaphone"),
    "unit": Face(_("Another unit"), "building-2"),
    "review": Face(_("Monthly review"), "calendar"),
    "part": Face(_("Split off another case"), "split"),
    "council": Face(_("Brought before the council"), "users"),
    "import": Face(_("Imported"), "download"),
}

CLOCKS: dict[str, str | Promise] = {
    "accept": _("Accept"),
    "dispatch": _("Dispatch"),
    "sign_in": _("Confirmation by the unit"),
    "respond": _("Respond"),
    "arrive": _("Arrive"),
    "resolve": _("Resolve"),
    "verify": _("Verify"),
    "call_back": _("Call back"),
    "rate": _("Resident's rating"),
    "help": _("Help"),
    "ruling": _("Ruling"),
    "extension": _("Decision on more time"),
    "listing": _("Listing"),
    "protect": _("Keep safe"),
    "claim": _("Claim"),
    "lead_answer": _("Answer of the named lead"),
    "promise": _("Public promise"),
    "supervise": _("Answer to the supervision"),
    "publish": _("Read out the result"),
    "settle": _("Meeting of the council"),
}


def channel(key: str) -> Face:
    return CHANNELS.get(key) or Face(key, "inbox")


def clock_name(key: str) -> str:
    """What a clock is called, and of which unit where several have one."""
    kind, unit = clocks.parted(key)
    name = str(CLOCKS.get(kind, kind))
    if unit is None:
        return name
    return gettext("%(clock)s: %(unit)s") % {"clock": name, "unit": pick(units.unit(unit).name)}


def moment(value: Any) -> datetime | None:
    """A time out of JSON."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def clock_face(case: Case, key: str, clock: Mapping[str, Any], now: datetime) -> ClockView | None:
    """The bar of one clock of the case; None for one that never ran."""
    started, due = moment(clock.get("started")), moment(clock.get("due"))
    if started is None or due is None:
        return None
    return clock_view(
        now=now,
        started_at=started,
        due_at=due,
        label=clock_name(key),
        suspended=bool(clock.get("paused")),
        resumes_at=moment(case.facts.get("resume_on")),
        done_at=moment(clock.get("stopped")),
    )


def case_clock(case: Case, now: datetime) -> ClockView:
    """The one bar that a row of the queue shows: the deadline that comes first."""
    if case.stage == Stage.SUSPENDED:
        resumes = moment(case.facts.get("resume_on"))
        note = gettext("resumes %(day)s") % {"day": saying.day(resumes)} if resumes else ""
        return ClockView("suspended", gettext("Suspended"), 0.4, note=note)
    if case.stage == Stage.CLOSED:
        return ClockView("done", gettext("Closed"), 1)
    if case.due_at is None:
        return ClockView("running", gettext("no deadline"), 0)
    return clock_view(now=now, started_at=_start(case), due_at=case.due_at)


def _start(case: Case) -> datetime:
    """When the clock of the earliest deadline began."""
    for clock in case.clocks.values():
        if moment(clock.get("due")) == case.due_at:
            return moment(clock.get("started")) or case.opened_at
    return case.opened_at
