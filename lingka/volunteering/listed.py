"""Activities as data for other software, in the words of Open311 where it has one for it."""

from datetime import UTC
from typing import Any

from lingka.areas import selectors as areas
from lingka.volunteering.selectors import ActivityInfo, ShiftInfo


def listed(one: ActivityInfo) -> dict[str, Any]:
    """What everybody reads of an activity; of whoever comes, how many places are left."""
    return {
        "activity_id": one.code, "status": "open" if one.coming else "closed",
        "service_code": one.kind, "service_name": one.kind_name, "title": one.title,
        "description": one.text, "training": one.training, "address": one.where,
        "area_code": areas.area(one.area_id).code, "area": one.area, "url": one.url,
        "times": [_time(time) for time in one.coming],
    }  # fmt: skip


def _time(one: ShiftInfo) -> dict[str, Any]:
    return {
        "time_id": str(one.uuid), "starts": one.starts_at.astimezone(UTC).isoformat(),
        "ends": one.ends_at.astimezone(UTC).isoformat(), "places": one.places,
        "places_left": one.left,
    }  # fmt: skip
