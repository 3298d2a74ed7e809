"""What changes of members, of their signing in, and of workplaces."""

from lingka.members.actions.checking_in import check_in, confirm, end
from lingka.members.actions.joining import consent, correct, join, lapse, leave, warn_inactive
from lingka.members.actions.signing_in import (
    ask,
    enter,
    read_for_sending,
    reseal_reaches,
    send,
    send_waiting,
    sign_out,
    sign_out_everywhere,
    sweep,
    visited,
)

__all__ = [
    "ask", "check_in", "confirm", "consent", "correct", "end", "enter", "join", "lapse", "leave",
    "read_for_sending", "reseal_reaches", "send", "send_waiting", "sign_out",
    "sign_out_everywhere", "sweep", "visited", "warn_inactive",
]  # fmt: skip
