"""What callers send, read strictly: each function returns a value or raises GeoReportError.

An empty parameter counts as absent, as the specification's examples have it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from lingka.core import clock
from lingka.open311.errors import GeoReportError, invalid, missing

WINDOW = timedelta(days=90)
CAP = 1000
DEEPEST = 10_000  # rows reachable by paging; beyond it, narrow the dates
_ATTRIBUTE = re.compile(r"^attribute\[([^\]]{1,64})\](\[\])?$")


def text(data: QueryDict, name: str, limit: int = 255) -> str:
    """A trimmed text, "" where absent; longer than `limit` characters is an error."""
    value = (data.get(name) or "").strip()
    if "\x00" in value:
        raise invalid(name, _("contains a character that cannot be stored"))
    if len(value) > limit:
        raise invalid(name, _("at most %(limit)s characters") % {"limit": limit})
    return value


def number(data: QueryDict, name: str, low: float, high: float) -> float | None:
    raw = text(data, name)
    if not raw:
        return None
    try:
        value = float(raw)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise invalid(name, _("a number from %(low)s to %(high)s") % {"low": low, "high": high})
    return value


def whole(data: QueryDict, name: str, default: int, high: int) -> int:
    raw = text(data, name)
    if not raw:
        return default
    digits = raw if raw.isascii() and raw.isdecimal() else "0"
    if not 1 <= int(digits) <= high:
        raise invalid(name, _("a whole number from 1 to %(high)s") % {"high": high})
    return int(digits)


def moment(data: QueryDict, name: str) -> datetime | None:
    """A W3C date or date and time; one without an offset is read as UTC."""
    raw = text(data, name)
    if not raw:
        return None
    raw = raw.replace(" ", "+")  # "+08:00" that nobody escaped
    try:
        value = parse_datetime(raw)
        if value is None and (day := parse_date(raw)):
            value = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if value is not None:
            value = value if value.tzinfo else value.replace(tzinfo=UTC)
            return value.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid(name, _("a date and time such as 2026-11-20T08:00:00Z"))


def listed(data: QueryDict, name: str, limit: int = CAP) -> list[str]:
    values = [part.strip() for part in text(data, name, 16_000).split(",") if part.strip()]
    if len(values) > limit:
        raise invalid(name, _("at most %(limit)s values") % {"limit": limit})
    return values


@dataclass(frozen=True)
class Search:
    """A list of requests as asked for."""

    numbers: list[str]
    case_types: list[str]
    statuses: list[str]
    start: datetime | None
    end: datetime | None
    updated_after: datetime | None
    updated_before: datetime | None
    page: int
    page_size: int


def search(data: QueryDict) -> Search:
    """The filters of GET requests. Without dates, the last 90 days; never more than 90."""
    numbers = listed(data, "service_request_id")
    statuses = listed(data, "status")
    if unknown := set(statuses) - {"open", "closed"}:
        raise invalid("status", _("open or closed, not %(value)s") % {"value": min(unknown)})
    start, end = _opened(data)
    page, page_size = paging(data)
    return Search(
        numbers, listed(data, "service_code"), statuses, start, end,
        moment(data, "updated_after"), moment(data, "updated_before"), page, page_size,
    )  # fmt: skip


def paging(data: QueryDict) -> tuple[int, int]:
    """Which page, and how many rows on one."""
    page_size = whole(data, "page_size", CAP, CAP)
    page = whole(data, "page", 1, DEEPEST)
    if page * page_size > DEEPEST:
        raise invalid("page", _("narrow start_date and end_date to read further back"))
    return page, page_size


def _opened(data: QueryDict) -> tuple[datetime | None, datetime | None]:
    dated = text(data, "start_date") or text(data, "end_date")
    if not dated and (text(data, "updated_after") or text(data, "updated_before")):
        return None, None  # synchronising by change: the opening date does not matter
    return window(data)


def window(data: QueryDict) -> tuple[datetime, datetime]:
    """From start_date to end_date: the last 90 days where neither is given, never more."""
    start, end = moment(data, "start_date"), moment(data, "end_date")
    try:
        start = start or (end or clock.now()) - WINDOW
        end = end or start + WINDOW
    except OverflowError as error:
        raise invalid("start_date", _("a date within this century")) from error
    if start > end:
        raise invalid("start_date", _("must come before end_date"))
    return start, min(end, start + WINDOW)


def attributes(data: QueryDict) -> Mapping[str, list[str]]:
    """attribute[code]=value and attribute[code][]=value, by code."""
    found: dict[str, list[str]] = {}
    for key, values in data.lists():
        if match := _ATTRIBUTE.match(key):
            given = [value.strip() for value in values if value.strip()]
            if given:
                found.setdefault(match[1], []).extend(given)
    return found


def jurisdiction(data: QueryDict, own: str) -> None:
    """One installation serves one jurisdiction: absent or equal is right, another is unknown."""
    given = text(data, "jurisdiction_id")
    if given and given != own:
        raise GeoReportError(404, _("jurisdiction_id was not found"))


def required(data: QueryDict, name: str) -> str:
    value = text(data, name)
    if not value:
        raise missing(name)
    return value
