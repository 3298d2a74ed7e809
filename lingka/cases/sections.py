"""The desk's lists and its workflows."""

from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import whole_town
from lingka.cases.desk import DESK_ROLES, OVERSEERS
from lingka.cases.selectors.leads import NAMING
from lingka.core.sections import Section, register

register(
    Section("cases:day", _("My day"), DESK_ROLES, 2),
    Section("cases:queue", _("Queue"), DESK_ROLES, 10, pages=frozenset({"cases:kept"})),
    Section("cases:below", _("Whole area"), OVERSEERS, 20),
    Section("cases:grid", _("My grids"), frozenset({"grid_worker"}), 5),
    Section("cases:hand_over", _("Hand over leads"), NAMING, 78),
    Section(
        "cases:replies",
        _("Standard replies"),
        frozenset({"administrator"}),
        35,
        group="administration",
        pages=frozenset({"cases:new_reply", "cases:reply"}),
        fits=whole_town,
    ),
    Section(
        "cases:workflows",
        _("Workflows"),
        DESK_ROLES,
        80,
        pages=frozenset({"cases:workflow", "cases:try"}),
    ),
)
