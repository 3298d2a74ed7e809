"""Every change of the ledgers, of what points are given for, and of exchange points."""

from lingka.points.actions.awarding import (
    Occasion,
    award_by_hand,
    award_event,
    correct_award,
    review,
)
from lingka.points.actions.exchanging import Reserved, cancel, hand_over, reserve, take_back
from lingka.points.actions.expiring import announce_expiry, expire_points, tell_holders
from lingka.points.actions.holding import expire_holds, place_hold, post_hold, void_hold
from lingka.points.actions.hours import book_hours
from lingka.points.actions.owning import leave, open_account, take_part
from lingka.points.actions.recognising import freeze_year, must_be_over, name_me
from lingka.points.actions.shops import Offer, count, deliver, set_good, set_shop
from lingka.points.actions.transferring import earn, reverse

__all__ = [
    "Occasion", "Offer", "Reserved", "announce_expiry", "award_by_hand", "award_event",
    "book_hours", "cancel", "correct_award", "count", "deliver", "earn", "expire_holds",
    "expire_points", "freeze_year", "hand_over", "leave", "must_be_over", "name_me",
    "open_account", "place_hold", "post_hold", "reserve", "reverse", "review", "set_good",
    "set_shop", "take_back", "take_part", "tell_holders", "void_hold",
]  # fmt: skip
