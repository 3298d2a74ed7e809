"""Notices among the desk's pages, their templates among the administrators'."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core.sections import Section, register
from lingka.notices.permissions import PUBLISHERS


def whole_town(posts: Sequence[Any]) -> bool:
    """All desks write from the templates, so only administrators of the whole town do this."""
    return any(
        post.role == "administrator" and areas.area(post.area_id).parent_id is None
        for post in posts
    )


register(
    Section(
        "notices:desk", _("Notices"), PUBLISHERS, 55,
        pages=frozenset({"notices:new", "notices:new-in", "notices:new-for", "notices:manage"}),
    ),
    Section(
        "notices:templates", _("Notice templates"), frozenset({"administrator"}), 88,
        group="administration", fits=whole_town,
        pages=frozenset({"notices:template", "notices:new-template"}),
    ),
)  # fmt: skip
