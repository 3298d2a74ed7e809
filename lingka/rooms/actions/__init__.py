"""Every change at stations: setting them up, booking their rooms, coming and not coming."""

from lingka.rooms.actions.booking import Booked, Wish, book
from lingka.rooms.actions.contacts import Freed, Group, freed, read_contact, read_for_sending
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
    "Booked", "Freed", "Group", "Wish", "approve", "book", "check_in", "check_in_at_door",
    "forget_past", "freed", "give_back", "put_on", "read_contact", "read_for_sending", "refuse",
    "release", "release_missed", "set_room", "set_special_day", "set_station", "take_off",
]  # fmt: skip
