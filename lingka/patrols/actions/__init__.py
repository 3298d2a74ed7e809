"""Every change to checklists and rounds. One file per noun; re-exported here."""

from lingka.patrols.actions.driving import Part, end_drive, join_drive, make_drive, note_visit
from lingka.patrols.actions.planning import change_plan, end_plan, lay_out_rounds, make_plan
from lingka.patrols.actions.publishing import (
    new_key,
    publish_checklist,
    publish_shipped,
    retire_checklist,
)
from lingka.patrols.actions.recording import LARGEST as LARGEST_SOUND
from lingka.patrols.actions.recording import drop_sounds, keep_sound
from lingka.patrols.actions.registering import (
    Overtaken,
    Seen,
    change_entry,
    end_entry,
    make_entry,
    see_entry,
)
from lingka.patrols.actions.reviewing import NewCase, NewRule, decide
from lingka.patrols.actions.submitting import Submitted, submit_checklist
from lingka.patrols.actions.walking import (
    Walked,
    close_missed,
    end_round,
    explain_miss,
    record_stop,
    start_round,
)

__all__ = [
    "LARGEST_SOUND", "NewCase", "NewRule", "Overtaken", "Part", "Seen", "Submitted", "Walked",
    "change_entry", "change_plan", "close_missed", "decide", "drop_sounds", "end_drive",
    "end_entry", "end_plan", "end_round", "explain_miss", "join_drive", "keep_sound",
    "lay_out_rounds", "make_drive", "make_entry", "make_plan", "new_key", "note_visit",
    "publish_checklist", "publish_shipped", "record_stop", "retire_checklist", "see_entry",
    "start_round", "submit_checklist",
]  # fmt: skip
