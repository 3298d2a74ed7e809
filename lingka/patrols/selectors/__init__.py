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

__all__ = [
    "ChecklistInfo", "VersionInfo", "checklist", "checklists", "forget", "info", "infos",
    "versions",
]  # fmt: skip
