"""Needs, resources and projects side by side: of this year, and what waits from before."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from lingka.areas.selectors import day_of
from lingka.projects import selectors
from lingka.volunteering import needs


def three(paths: tuple[str, ...]) -> dict[str, Any]:
    """Under these areas."""
    year = day_of(None).year
    since = datetime(year, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))
    lists = [one for one in selectors.public_lists() if one.year == year]
    lists = [one for one in lists if one.area_path.startswith(paths)]
    return {
        "year": year, "needs": needs.listed(since, paths), "counts": needs.counts(since, paths),
        "resources": needs.resources(paths),
        "lists": [(one, selectors.projects_of(one.uuid)) for one in lists],
    }  # fmt: skip
