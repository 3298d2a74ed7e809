"""Reads on checklists and rounds that others may call."""

from lingka.patrols.selectors.catalogue import (
    ChecklistInfo,
    VersionInfo,
    checklist,
    checklists,
    forget,
    info,
    infos,
    versions,
)
from lingka.patrols.selectors.entries import (
    EntryInfo,
    ended_among,
    entries_in,
    entry,
    register_rows,
)
from lingka.patrols.selectors.sounds import lacking_sounds, sound
from lingka.patrols.selectors.walks import (
    RoundInfo,
    StopInfo,
    round_of,
    rounds,
    rounds_between,
    rounds_for,
    walkers_of,
)

__all__ = [
    "ChecklistInfo", "EntryInfo", "RoundInfo", "StopInfo", "VersionInfo", "checklist",
    "checklists", "ended_among", "entries_in", "entry", "forget", "info", "infos",
    "lacking_sounds", "register_rows", "round_of", "rounds", "rounds_between", "rounds_for",
    "sound", "versions", "walkers_of",
]  # fmt: skip
