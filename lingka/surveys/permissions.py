"""Who may ask an area."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.permissions import Allowed, Denied

ASKERS = frozenset({"supervisor", "administrator"})


def may_ask(posts: Iterable[PostInfo], area: int) -> Allowed | Denied:
    """Supervisors and administrators of the area, or of one above it."""
    path = areas.area(area).path
    if any(post.role in ASKERS and path.startswith(post.area_path) for post in posts):
        return Allowed()
    return Denied("area", _("Supervisors and administrators of the area open its surveys."))
