"""Rounds and checklists among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.patrols.permissions import READERS

register(
    Section(
        "patrols:rounds", _("Rounds"), READERS, 46,
        pages=frozenset({
            "patrols:round", "patrols:week", "patrols:plans", "patrols:plan", "patrols:new-plan",
            "patrols:month", "patrols:look", "patrols:drives", "patrols:drive", "patrols:new-drive",
        }),
    ),
    Section(
        "patrols:registers", _("Registers of places"), READERS, 73,
        pages=frozenset({"patrols:register", "patrols:entry"}),
    ),
    Section(
        "patrols:checklists", _("Checklists"), READERS, 74,
        pages=frozenset({
            "patrols:checklist", "patrols:version", "patrols:new-checklist", "patrols:edit",
        }),
    ),
)  # fmt: skip
