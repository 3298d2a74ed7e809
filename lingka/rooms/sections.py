"""A station's day, and setting stations up, among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.rooms import permissions, selectors

register(
    Section(
        "rooms:day", _("Stations"), permissions.RUNNING, 58,
        pages=frozenset({"rooms:edit", "rooms:contact"}), fits=selectors.runs_some,
    ),
    Section(
        "rooms:stations", _("Stations and rooms"), frozenset({"administrator"}), 89,
        group="administration",
        pages=frozenset({"rooms:new_station", "rooms:set_up", "rooms:set_up_room"}),
    ),
)  # fmt: skip
