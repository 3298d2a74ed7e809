"""Who may change areas and places. Posts come with the request: this module lies below them."""

from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from lingka.core.permissions import Allowed, Denied


class HasRole(Protocol):
    """A post, as far as it matters here."""

    @property
    def role(self) -> str: ...
    @property
    def area_id(self) -> int: ...
    @property
    def area_path(self) -> str: ...


def administered(posts: Iterable[HasRole]) -> dict[int, str]:
    """The areas that these posts administer, with their paths."""
    return {post.area_id: post.area_path for post in posts if post.role == "administrator"}


def may_administer(posts: Iterable[HasRole], *paths: str) -> Allowed | Denied:
    """Administrators look after the map of their area; everybody else reads it."""
    mine = tuple(administered(posts).values())
    if not mine:
        message = _("Only an administrator looks after areas and places.")
        return Denied("not_administrator", message)
    if not all(path.startswith(mine) for path in paths):
        return Denied("other_area", _("This lies outside the area you administer."))
    return Allowed()
