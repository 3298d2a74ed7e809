"""Every change of votes. Of casting no event tells: decision and limits in docs/voting.md."""

from lingka.voting.actions.casting import cast, hand_paper
from lingka.voting.actions.counting import count
from lingka.voting.actions.papers import confirm_paper, count_papers, enter_paper, leave_out
from lingka.voting.actions.preparing import Draft, prepare
from lingka.voting.actions.running import (
    cancel,
    close_due,
    close_vote,
    let_go,
    open_vote,
    reseal_keys,
)
from lingka.voting.actions.telling import follow, forget_follower, tell_near, unfollow

__all__ = [
    "Draft", "cancel", "cast", "close_due", "close_vote", "confirm_paper", "count",
    "count_papers", "enter_paper", "follow", "forget_follower", "hand_paper", "leave_out",
    "let_go", "open_vote", "prepare", "reseal_keys", "tell_near", "unfollow",
]  # fmt: skip
