"""Every change to checklists and rounds. One file per noun; re-exported here."""

from lingka.patrols.actions.publishing import (
    new_key,
    publish_checklist,
    publish_shipped,
    retire_checklist,
)

__all__ = ["new_key", "publish_checklist", "publish_shipped", "retire_checklist"]
