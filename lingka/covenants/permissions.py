"""Who writes down what was adopted: the desk of the area, as for votes."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused

KEEPERS = frozenset({"dispatcher", "supervisor", "administrator"})


def kept_paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts keep covenants."""
    return tuple(post.area_path for post in posts if post.role in KEEPERS)


def may_keep(actor: Actor, path: str) -> Allowed | Denied:
    if actor.kind == "system":
        return Allowed()
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    if (paths := kept_paths(posts)) and path.startswith(paths):
        return Allowed()
    return Denied("not_desk", _("The desk of the area keeps its covenants."))


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
