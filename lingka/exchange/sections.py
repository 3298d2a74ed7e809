"""Other platforms among the administrators' pages."""

from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import whole_town
from lingka.core.sections import Section, register

register(
    Section(
        "exchange:index", _("Exchange"), frozenset({"administrator"}), 45, group="administration",
        pages=frozenset({"exchange:new", "exchange:peer", "exchange:edit"}), fits=whole_town,
    )
)  # fmt: skip
