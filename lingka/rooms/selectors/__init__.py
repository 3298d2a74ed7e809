"""Stations, their hours and programme; rooms, and who has them when."""

from lingka.rooms.selectors.bookings import (
    BookingInfo,
    DateInfo,
    ReadingInfo,
    booking_by_token,
    date_info,
    dates_on,
    first_free_day,
    free_starts,
    readings,
    taken,
    to_answer,
)
from lingka.rooms.selectors.nearby import Nearby, nearby
from lingka.rooms.selectors.stations import (
    Entry,
    Now,
    RoomInfo,
    StationInfo,
    entries,
    forget_running,
    now_of,
    opening,
    openings,
    programme,
    room,
    rooms_of,
    runs_some,
    special_days,
    station,
    stations,
    stations_run_by,
    stations_under,
    today,
    week,
    zone,
)

__all__ = [
    "BookingInfo", "DateInfo", "Entry", "Nearby", "Now", "ReadingInfo", "RoomInfo",
    "StationInfo", "booking_by_token", "date_info", "dates_on", "entries", "first_free_day",
    "forget_running", "free_starts", "nearby", "now_of", "opening", "openings", "programme",
    "readings", "room", "rooms_of", "runs_some", "special_days", "station", "stations",
    "stations_run_by", "stations_under", "taken", "to_answer", "today", "week", "zone",
]  # fmt: skip
