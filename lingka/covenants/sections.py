"""Covenants among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.covenants.permissions import KEEPERS

register(
    Section(
        "covenants:desk", _("Covenants"), KEEPERS, 69,
        pages=frozenset({"covenants:new", "covenants:change"}),
    )
)  # fmt: skip
