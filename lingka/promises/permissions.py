"""Who may open a heading: desks and supervisors, for their own area."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

OPENERS = frozenset({"dispatcher", "supervisor"})


def paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    return tuple(post.area_path for post in posts if post.role in OPENERS)


def may_promise_all(posts: Iterable[PostInfo]) -> Allowed | Denied:
    """Supervisors promise for several units at once; a unit promises for its own cases."""
    if any(post.role == "supervisor" for post in posts):
        return Allowed()
    return Denied("not_supervisor", _("A supervisor promises for all, a unit for its own cases."))


def may_open(actor: Actor, area_path: str) -> Allowed | Denied:
    if actor.kind == "system":
        return Allowed()
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    mine = paths(held)
    if not mine:
        return Denied("not_desk", _("Only desks and supervisors open headings."))
    if not area_path.startswith(mine):
        return Denied("other_area", _("This lies outside the area you look after."))
    return Allowed()
