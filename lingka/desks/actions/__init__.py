"""Every change to what people keep at their desk."""

from lingka.desks.actions.drafts import drop_draft, forget_old, keep_draft
from lingka.desks.actions.lists import make_some, sweep_lists, take_list
from lingka.desks.actions.mentions import hand_over, mention, see
from lingka.desks.actions.replies import publish_reply, retire_reply

__all__ = [
    "drop_draft",
    "forget_old",
    "hand_over",
    "keep_draft",
    "make_some",
    "mention",
    "publish_reply",
    "retire_reply",
    "see",
    "sweep_lists",
    "take_list",
]
