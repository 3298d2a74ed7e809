"""A station's programme as iCalendar, for those who want it among their own dates."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from lingka.core.icalendar import escaped, folded, utc
from lingka.rooms.selectors import Entry, StationInfo


def calendar(station: StationInfo, entries: Iterable[Entry], url: str) -> str:
    """One entry for each time that something happens; an entry keeps its id from day to day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lingka//Stations//EN",
             f"X-WR-CALNAME:{escaped(station.name)}"]  # fmt: skip
    for one in entries:
        lines += ["BEGIN:VEVENT", *_event(station, one, url), "TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(station: StationInfo, one: Entry, url: str) -> list[str]:
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    where = " · ".join(part for part in (station.name, one.room, station.where) if part)
    return [
        f"UID:{one.uuid}-{one.starts_at:%Y%m%d}@{host}",
        f"DTSTAMP:{utc(one.starts_at)}",
        f"DTSTART:{utc(one.starts_at)}",
        f"DTEND:{utc(one.ends_at)}",
        f"SUMMARY:{escaped(one.title)}",
        f"LOCATION:{escaped(where)}",
        f"URL:{url}",
    ]
