"""Every change of councils, topics and meetings. Of support and of coming no event tells."""

from lingka.deliberation.actions.closing import close_council
from lingka.deliberation.actions.councils import set_council
from lingka.deliberation.actions.deciding import adjourn, decide, resolve
from lingka.deliberation.actions.meetings import (
    call_off,
    come,
    convene,
    hold,
    invite,
    plan,
    put_on_agenda,
)
from lingka.deliberation.actions.polls import put_to_vote, vote_ended
from lingka.deliberation.actions.recording import forget_recordings, keep_recording
from lingka.deliberation.actions.results import case_ended, case_late, case_opened_again
from lingka.deliberation.actions.talk import (
    contribute,
    hide,
    judge,
    object_to_hiding,
    take_back,
)
from lingka.deliberation.actions.topics import (
    accept,
    add_material,
    decline,
    forget_backings,
    let_go,
    propose,
    raise_topic,
    stop,
    support,
    tell_me,
)

__all__ = [
    "accept",
    "add_material",
    "adjourn",
    "call_off",
    "case_ended",
    "case_late",
    "case_opened_again",
    "close_council",
    "come",
    "contribute",
    "convene",
    "decide",
    "decline",
    "forget_backings",
    "forget_recordings",
    "hide",
    "hold",
    "invite",
    "judge",
    "keep_recording",
    "let_go",
    "object_to_hiding",
    "plan",
    "propose",
    "put_on_agenda",
    "put_to_vote",
    "raise_topic",
    "resolve",
    "set_council",
    "stop",
    "support",
    "take_back",
    "tell_me",
    "vote_ended",
]  # fmt: skip
