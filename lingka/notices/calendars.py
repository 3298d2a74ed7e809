"""Notices as iCalendar (RFC 5545), for those who want outages among their own dates."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.notices.selectors import NoticeInfo

LINE = 75  # bytes of one line, by the standard


def calendar(notices: Iterable[NoticeInfo]) -> str:
    """One calendar with an entry each; what is over is said to be cancelled or ends when it did."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lingka//Notices//EN",
             f"X-WR-CALNAME:{_escaped(_('Notices'))}"]  # fmt: skip
    for one in notices:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(one: NoticeInfo) -> list[str]:
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    ends = max(one.over_at or one.ends_at, one.begins_at)
    return [
        "BEGIN:VEVENT",
        f"UID:{one.code}@{host}",
        f"DTSTAMP:{_utc(one.over_at or one.begins_at)}",
        f"DTSTART:{_utc(one.begins_at)}",
        f"DTEND:{_utc(ends)}",
        f"SUMMARY:{_escaped(one.title)}",
        f"DESCRIPTION:{_escaped(one.text)}",
        f"LOCATION:{_escaped(one.where)}",
        f"URL:{one.url}",
        f"STATUS:{'CANCELLED' if one.state == 'over' and ends <= one.begins_at else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines of 75 bytes at most, never cut inside a letter; the rest is indented."""
    kept = ""
    for letter in line:
        if len(f"{kept}{letter}".encode()) > LINE:
            yield kept
            kept = " "
        kept += letter
    yield kept
