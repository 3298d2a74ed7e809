"""Asking another unit, what goes against the duty lists, and the lists themselves."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

ASKS = frozenset({"handler", "dispatcher", "supervisor"})
OVERSEES = frozenset({"supervisor", "leader", "administrator"})

register(
    Section("partners:ask", _("Ask a unit"), ASKS, 60),
    Section("partners:calls", _("Calls to units"), OVERSEES, 72),
    Section("partners:burden", _("Burden"), OVERSEES, 75),
    Section(
        "partners:lists", _("Duty lists"), frozenset({"administrator"}), 15, group="administration"
    ),
)
