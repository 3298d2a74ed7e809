"""Activities as iCalendar (RFC 5545): an entry for each time that one takes place."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.core.icalendar import escaped, folded, utc
from lingka.volunteering.selectors import ActivityInfo, ShiftInfo


def calendar(activities: Iterable[ActivityInfo]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lingka//Activities//EN",
             f"X-WR-CALNAME:{escaped(_('Activities'))}"]  # fmt: skip
    for one in activities:
        for shift in one.shifts:
            lines += _event(one, shift)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: ActivityInfo, shift: ShiftInfo) -> list[str]:
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    return [
        "BEGIN:VEVENT",
        f"UID:{shift.uuid}@{host}",
        f"DTSTAMP:{utc(shift.said_at or shift.starts_at)}",
        f"SEQUENCE:{int(bool(shift.off))}",
        f"DTSTART:{utc(shift.starts_at)}",
        f"DTEND:{utc(shift.ends_at)}",
        f"SUMMARY:{escaped(one.title)}",
        f"DESCRIPTION:{escaped(one.text)}",
        f"LOCATION:{escaped(one.where)}",
        f"URL:{one.url}",
        f"STATUS:{'CANCELLED' if shift.off else 'CONFIRMED'}",
        "END:VEVENT",
    ]
