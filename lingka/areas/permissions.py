"""Who may change areas and places. Posts come with the request: this module lies below them."""

from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from lingka.core.permissions import Allowed, Denied


class HasRole(Protocol):
    """A post, as far as it matters here."""

    @property
    def role(self) -> str: ...


def may_administer(posts: Iterable[HasRole]) -> Allowed | Denied:
    """Administrators look after the map; everybody else reads it."""
    if any(post.role == "administrator" for post in posts):
        return Allowed()
    return Denied("not_administrator", _("Only an administrator looks after areas and places."))
