"""Checklists, version by version."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import History, Version, register
from lingka.core.text import pick
from lingka.patrols.models import ChecklistVersion


def _checklists() -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for row in ChecklistVersion.objects.select_related("checklist").order_by("id"):
        made = Version(row.number, row.published_at, row.published_by, row.body)
        found.setdefault(row.checklist.key, []).append(made)
    return found


register(
    History(
        "checklist", _("Checklist"), _checklists, lambda body: pick(body["title"]),
        "patrols:checklist",
    )
)  # fmt: skip
