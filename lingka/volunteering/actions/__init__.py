"""What changes of activities, places in them, and hours served."""

from lingka.volunteering.actions.needing import (
    Wanted,
    end_need,
    give_up,
    pick_up,
    publish_need,
)
from lingka.volunteering.actions.offering import Idle, offer, take_back
from lingka.volunteering.actions.organising import (
    Draft,
    add_shift,
    approve,
    cancel,
    change,
    draft,
    publish,
)
from lingka.volunteering.actions.serving import (
    certify,
    check_in,
    check_out,
    close_shift,
    correct_hours,
    put_gone,
    put_here,
    say_later,
    settle,
)
from lingka.volunteering.actions.taking_part import give_back, let_go, remind_due, sign_up

__all__ = [
    "Draft",
    "Idle",
    "Wanted",
    "add_shift",
    "approve",
    "cancel",
    "certify",
    "change",
    "check_in",
    "check_out",
    "close_shift",
    "correct_hours",
    "draft",
    "end_need",
    "give_back",
    "give_up",
    "let_go",
    "offer",
    "pick_up",
    "publish",
    "publish_need",
    "put_gone",
    "put_here",
    "remind_due",
    "say_later",
    "settle",
    "sign_up",
    "take_back",
]  # fmt: skip
