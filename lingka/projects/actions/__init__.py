"""Every change of lists and projects, and the counting of users' answers."""

from lingka.projects.actions.asking import answer, begin, close_asking, close_due, report_done
from lingka.projects.actions.changing import explain, move, reach, spend, stop
from lingka.projects.actions.listing import (
    Draft,
    add_milestone,
    begin_list,
    leave_out,
    leave_step_out,
    publish,
    set_project,
)
from lingka.projects.actions.picturing import show_photo, take_photo_down

__all__ = [
    "Draft", "add_milestone", "answer", "begin", "begin_list", "close_asking", "close_due",
    "explain", "leave_out", "leave_step_out", "move", "publish", "reach", "report_done",
    "set_project", "show_photo", "spend", "stop", "take_photo_down",
]  # fmt: skip
