"""Every change at stations: setting them up, booking their rooms, coming and not coming."""

from lingka.rooms.actions.booking import Booked, Wish, book
from lingka.rooms.actions.contacts import read_contact
from lingka.rooms.actions.moving import (
    approve,
    check_in,
    check_in_at_door,
    forget_past,
    give_back,
    refuse,
    release,
    release_missed,
)
from lingka.rooms.actions.setting import (
    put_on,
    set_room,
    set_special_day,
    set_station,
    take_off,
)

__all__ = [
    "Booked", "Wish", "approve", "book", "check_in", "check_in_at_door", "forget_past",
    "give_back", "put_on", "read_contact", "refuse", "release", "release_missed", "set_room",
    "set_special_day", "set_station", "take_off",
]  # fmt: skip
