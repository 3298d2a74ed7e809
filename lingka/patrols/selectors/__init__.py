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
    "ChecklistInfo", "RoundInfo", "StopInfo", "VersionInfo", "checklist", "checklists", "forget",
    "info", "infos", "round_of", "rounds", "rounds_between", "rounds_for", "versions",
    "walkers_of",
]  # fmt: skip
