"""Who keeps a council's table, and who sets councils up."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused

KEEPERS = frozenset({"dispatcher", "administrator"})


def paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts keep the tables."""
    return tuple(post.area_path for post in posts if post.role in KEEPERS)


def may_keep(actor: Actor, area_path: str) -> Allowed | Denied:
    """The desks of the area, and those above."""
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    mine = paths(posts)
    if mine and area_path.startswith(mine):
        return Allowed()
    return Denied("not_keeper", _("The desk of the area keeps this table."))


def must_keep(actor: Actor, area_path: str) -> None:
    verdict = may_keep(actor, area_path)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
