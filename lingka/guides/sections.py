"""Guides among the administrators' pages."""

from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import whole_town
from lingka.core.sections import Section, register

register(
    Section(
        "guides:desk", _("Guides"), frozenset({"administrator"}), 86, group="administration",
        pages=frozenset({"guides:new", "guides:edit"}), fits=whole_town,
    )
)  # fmt: skip
