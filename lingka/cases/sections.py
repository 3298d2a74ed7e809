"""The desk's lists and its workflows."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.desk import DESK_ROLES, OVERSEERS
from lingka.core.sections import Section, register


def _whole_town(posts: Sequence[PostInfo]) -> bool:
    """Every desk is offered the same replies: whoever administers a part does not write them."""
    administered = (post.area_id for post in posts if post.role == "administrator")
    return any(areas.area(area_id).parent_id is None for area_id in administered)


register(
    Section("cases:day", _("My day"), DESK_ROLES, 2),
    Section("cases:queue", _("Queue"), DESK_ROLES, 10, pages=frozenset({"cases:kept"})),
    Section("cases:below", _("Whole area"), OVERSEERS, 20),
    Section("cases:grid", _("My grids"), frozenset({"grid_worker"}), 5),
    Section(
        "cases:replies",
        _("Standard replies"),
        frozenset({"administrator"}),
        35,
        group="administration",
        pages=frozenset({"cases:new_reply", "cases:reply"}),
        fits=_whole_town,
    ),
    Section(
        "cases:workflows",
        _("Workflows"),
        DESK_ROLES,
        80,
        pages=frozenset({"cases:workflow", "cases:try"}),
    ),
)
