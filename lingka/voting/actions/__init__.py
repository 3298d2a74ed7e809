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

__all__ = [
    "Draft", "cancel", "cast", "close_due", "close_vote", "confirm_paper", "count",
    "count_papers", "enter_paper", "hand_paper", "leave_out", "let_go", "open_vote", "prepare",
    "reseal_keys",
]  # fmt: skip
