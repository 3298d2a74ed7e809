"""Other platforms among the administrators' pages."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core.sections import Section, register


def whole_town(posts: Sequence[Any]) -> bool:
    """What goes over concerns all desks."""
    return any(
        post.role == "administrator" and areas.area(post.area_id).parent_id is None
        for post in posts
    )


register(
    Section(
        "exchange:index", _("Exchange"), frozenset({"administrator"}), 45, group="administration",
        pages=frozenset({"exchange:new", "exchange:peer", "exchange:edit"}), fits=whole_town,
    )
)  # fmt: skip
