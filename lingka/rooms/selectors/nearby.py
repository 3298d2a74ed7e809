"""The 15-minute circle: what is open now, by an estimate of the walk."""

from dataclasses import dataclass

from lingka.areas.coordinates import metres_between
from lingka.rooms import rules
from lingka.rooms.selectors.stations import Now, StationInfo, now_of, stations


@dataclass(frozen=True)
class Nearby:
    station: StationInfo
    now: Now
    minutes: int | None  # on foot, estimated; None where nobody said from where

    @property
    def in_circle(self) -> bool:
        return self.minutes is not None and self.minutes <= rules.CIRCLE


def nearby(point: tuple[float, float] | None, audience: str = "") -> list[Nearby]:
    """All stations for these people: the open ones first, then by the walk."""
    listed = [one for one in stations() if one.serves(audience)]
    now = now_of(listed)
    found = [Nearby(one, now[one.id], _minutes(point, one)) for one in listed]
    return sorted(found, key=lambda one: (not one.now.is_open, one.minutes or 0))


def _minutes(point: tuple[float, float] | None, one: StationInfo) -> int | None:
    if point is None:
        return None
    metres = metres_between(*point, one.place.lon, one.place.lat)
    return rules.minutes_on_foot(metres)
