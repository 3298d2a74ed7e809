"""The administrator's pages of the map."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

register(
    Section(
        "areas:tree", _("Areas and places"), frozenset({"administrator"}), 30,
        group="administration", pages=frozenset({"areas:area", "areas:import"}),
    ),
)  # fmt: skip
