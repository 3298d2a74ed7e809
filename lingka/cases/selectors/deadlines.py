"""Why a deadline is when it is, in words: what it counts in, since when, and what moved it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingka.cases.models import Case
from lingka.cases.selectors.faces import clock_name, moment
from lingka.core import saying
from lingka.core.text import pick
from lingka.units import selectors as units


def explain_clock(case: Case, key: str) -> str:
    """One paragraph for one clock of the case; empty where there is none."""
    clock = case.clocks.get(key)
    if not clock:
        return ""
    first = _("%(clock)s: %(basis)s") % {"clock": clock_name(key), "basis": basis_of(clock)}
    parts = [first, _since(clock), _holidays(clock)]
    parts.append(_now(clock))
    if key == "resolve" and case.facts.get("extensions") and not clock.get("stopped"):
        parts.append(_("More time was granted once: see the timeline."))
    return " ".join(part for part in parts if part)


def basis_of(clock: Mapping[str, Any]) -> str:
    """What a clock, or its rule, counts and how much of it, in words."""
    amount = int(clock.get("amount") or 0)
    basis = clock.get("basis")
    if basis == "elapsed":
        return _("%(span)s, counted day and night.") % {"span": saying.span(amount * 60)}
    if basis == "working_hours":
        text = ngettext(
            "%(count)d working hour; weekends and holidays do not count.",
            "%(count)d working hours; weekends and holidays do not count.",
            amount,
        )
        return text % {"count": amount}
    if basis == "working_days":
        text = ngettext(
            "%(count)d working day; weekends and holidays do not count.",
            "%(count)d working days; weekends and holidays do not count.",
            amount,
        )
        return text % {"count": amount}
    if basis == "end_of_week":
        return _("by the end of the working week.")
    if basis == "end_of_month":
        return _("by the end of the month.")
    return ""


def _since(clock: Mapping[str, Any]) -> str:
    started = moment(clock.get("started"))
    return _("It began %(when)s.") % {"when": saying.when(started)} if started else ""


def _holidays(clock: Mapping[str, Any]) -> str:
    """Which days between beginning and due were not counted, by name; years not yet entered."""
    started, due = moment(clock.get("started")), moment(clock.get("due"))
    if clock.get("basis") == "elapsed" or started is None or due is None:
        return ""
    calendar = units.calendar_version(clock["calendar"])
    days = [
        f"{saying.day(day)} {pick(names)}" for day, names in calendar.holidays_between(started, due)
    ]
    said = _("Not counted: %(days)s.") % {"days": saying.listed(days)} if days else ""
    missing = calendar.missing_years(started, due)
    if missing:
        years = saying.listed(str(year) for year in missing)
        said += " " + _("The holidays of %(years)s are not entered yet.") % {"years": years}
    return said.strip()


def _now(clock: Mapping[str, Any]) -> str:
    due = moment(clock.get("due"))
    if clock.get("stopped"):
        return _("It was stopped %(when)s.") % {"when": saying.when(moment(clock["stopped"]))}  # type: ignore[arg-type]
    if clock.get("paused"):
        return _("It stands still while the case waits, and what is left is kept.")
    return _("So it is due %(when)s.") % {"when": saying.when(due)} if due else ""
