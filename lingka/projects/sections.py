"""The year's projects among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.projects.permissions import KEEPERS, OWNERS

register(
    Section(
        "projects:desk", _("Livelihood projects"), KEEPERS | OWNERS, 66,
        pages=frozenset(
            {"projects:list", "projects:enter", "projects:manage", "projects:desk-lists"}
        ),
    )
)  # fmt: skip
