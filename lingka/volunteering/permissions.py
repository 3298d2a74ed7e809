"""Who prepares activities and confirms hours: desks, supervisors, administrators of the area."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

ORGANISERS = frozenset({"dispatcher", "supervisor", "administrator"})


def paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    return tuple(post.area_path for post in posts if post.role in ORGANISERS)


def may_organise(actor: Actor, area_path: str) -> Allowed | Denied:
    """Within one's own area."""
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    mine = paths(posts)
    if mine and area_path.startswith(mine):
        return Allowed()
    return Denied("not_organiser", _("Desks and supervisors of the area prepare its activities."))


def may_approve(actor: Actor, area_path: str, drafted_by: int) -> Allowed | Denied:
    """Four eyes: nobody approves what they drafted."""
    if actor.id == drafted_by:
        return Denied("own_draft", _("You drafted it: somebody else approves it."))
    return may_organise(actor, area_path)
