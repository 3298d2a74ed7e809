"""What changes of activities, places in them, and hours served."""

from lingka.volunteering.actions.campaigning import (
    Run,
    begin_campaign,
    close_campaign,
    close_over,
    mark,
    take_on,
)
from lingka.volunteering.actions.needing import (
    Wanted,
    end_need,
    give_up,
    pick_up,
    pick_up_as_team,
    publish_need,
)
from lingka.volunteering.actions.offering import Idle, offer, take_back
from lingka.volunteering.actions.organising import (
    Draft,
    approve,
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
from lingka.volunteering.actions.teaming import (
    Crew,
    ask_team,
    confirm_team,
    end_team,
    join_team,
    leave_team,
    let_go_of_teams,
    sign_team_up,
)
from lingka.volunteering.actions.ticking import tick
from lingka.volunteering.actions.timing import add_shift, call_off, cancel, open_shift

__all__ = [
    "Crew",
    "Draft",
    "Idle",
    "Run",
    "Wanted",
    "add_shift",
    "approve",
    "ask_team",
    "begin_campaign",
    "call_off",
    "cancel",
    "certify",
    "change",
    "check_in",
    "check_out",
    "close_campaign",
    "close_over",
    "close_shift",
    "confirm_team",
    "correct_hours",
    "draft",
    "end_need",
    "end_team",
    "give_back",
    "give_up",
    "join_team",
    "leave_team",
    "let_go",
    "let_go_of_teams",
    "mark",
    "offer",
    "open_shift",
    "pick_up",
    "pick_up_as_team",
    "publish",
    "publish_need",
    "put_gone",
    "put_here",
    "remind_due",
    "say_later",
    "settle",
    "sign_team_up",
    "sign_up",
    "take_back",
    "take_on",
    "tick",
]  # fmt: skip
