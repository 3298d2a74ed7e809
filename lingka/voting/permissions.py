"""Who prepares votes and counts paper: the desk of the area. Who votes: who is in the roll."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused

KEEPERS = frozenset({"dispatcher", "supervisor", "administrator"})
NOT_IN_ROLL = Denied("not_in_roll", _("You are not in the roll of this vote."))
NO_MEMBER = Denied("no_member", _("Sign in to vote."))


def kept_paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts prepare votes."""
    return tuple(post.area_path for post in posts if post.role in KEEPERS)


def may_keep(actor: Actor, path: str) -> Allowed | Denied:
    """Preparing, opening, counting paper: the desk of the area, or of one above it."""
    if actor.kind == "system":
        return Allowed()
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    if (paths := kept_paths(posts)) and path.startswith(paths):
        return Allowed()
    return Denied("not_desk", _("The desk of the area looks after this vote."))


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
