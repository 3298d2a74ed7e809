"""A station's day among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.rooms import selectors

register(
    Section(
        "rooms:day", _("Stations"), frozenset({"dispatcher", "handler", "administrator"}), 58,
        pages=frozenset({"rooms:edit", "rooms:contact"}), fits=selectors.runs_some,
    ),
)  # fmt: skip
