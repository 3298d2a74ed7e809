"""The desk's lists and its workflows."""

from django.utils.translation import gettext_lazy as _

from lingka.cases.desk import DESK_ROLES, OVERSEERS
from lingka.core.sections import Section, register

register(
    Section("cases:queue", _("Queue"), DESK_ROLES, 10),
    Section("cases:below", _("Whole area"), OVERSEERS, 20),
    Section("cases:grid", _("My grids"), frozenset({"grid_worker"}), 5),
    Section("cases:workflows", _("Workflows"), DESK_ROLES, 80, pages=frozenset({"cases:workflow"})),
)
