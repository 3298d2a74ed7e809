"""Workplaces among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.members.permissions import ASKERS, KEEPERS

register(
    Section(
        "members:workplaces", _("Workplaces"), KEEPERS | ASKERS, 66,
        pages=frozenset({"members:new-workplace", "members:workplace"}),
    )
)  # fmt: skip
