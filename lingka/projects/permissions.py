"""The area's desk keeps its list; who owns a project says how far it is; neither confirms it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

KEEPERS = frozenset({"dispatcher", "supervisor", "administrator"})
OWNERS = frozenset({"handler"})


def paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts keep lists."""
    return tuple(post.area_path for post in posts if post.role in KEEPERS)


def own_units(posts: Iterable[PostInfo]) -> set[int]:
    return {post.unit_id for post in posts if post.role in OWNERS}


def _posts(actor: Actor) -> list[PostInfo]:
    return accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []


def may_keep(actor: Actor, area_path: str) -> Allowed | Denied:
    mine = paths(_posts(actor))
    if mine and area_path.startswith(mine):
        return Allowed()
    return Denied("not_keeper", _("The area's desk and its supervisors keep this list."))


def may_report(actor: Actor, area_path: str, owner: int) -> Allowed | Denied:
    """How far it is: the owner's own people, and whoever keeps the list."""
    if owner in own_units(_posts(actor)) or may_keep(actor, area_path):
        return Allowed()
    return Denied("not_owner", _("Who owns the project says how far it is."))
