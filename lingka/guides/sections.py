"""Guides among the administrators' pages."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core.sections import Section, register


def whole_town(posts: Sequence[Any]) -> bool:
    """All desks read from them, so only administrators of the whole town write them."""
    return any(
        post.role == "administrator" and areas.area(post.area_id).parent_id is None
        for post in posts
    )


register(
    Section(
        "guides:desk", _("Guides"), frozenset({"administrator"}), 86, group="administration",
        pages=frozenset({"guides:new", "guides:edit"}), fits=whole_town,
    )
)  # fmt: skip
