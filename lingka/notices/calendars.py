"""Notices as iCalendar (RFC 5545), for those who want outages among their own dates."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.core.icalendar import escaped, folded, utc
from lingka.notices.selectors import NoticeInfo


def calendar(notices: Iterable[NoticeInfo]) -> str:
    """One calendar with an entry each; what is over is said to be cancelled or ends when it did."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lingka//Notices//EN",
             f"X-WR-CALNAME:{escaped(_('Notices'))}"]  # fmt: skip
    for one in notices:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: NoticeInfo) -> list[str]:
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    ends = max(one.over_at or one.ends_at, one.begins_at)
    return [
        "BEGIN:VEVENT",
        f"UID:{one.code}@{host}",
        f"DTSTAMP:{utc(one.over_at or one.begins_at)}",
        f"DTSTART:{utc(one.begins_at)}",
        f"DTEND:{utc(ends)}",
        f"SUMMARY:{escaped(one.title)}",
        f"DESCRIPTION:{escaped(one.text)}",
        f"LOCATION:{escaped(one.where)}",
        f"URL:{one.url}",
        f"STATUS:{'CANCELLED' if one.state == 'over' and ends <= one.begins_at else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
