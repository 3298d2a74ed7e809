"""Who reads checklists and rounds, who walks them, who plans them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

WALKERS = frozenset({"grid_worker"})
PLANNERS = frozenset({"dispatcher", "supervisor", "administrator"})
READERS = WALKERS | PLANNERS | {"leader"}


def held(actor: Actor) -> list[PostInfo]:
    return accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []


def may_publish(actor: Actor) -> Allowed | Denied:
    """All workers go by them, so only administrators of the whole town write checklists."""
    if actor.kind == "system":
        return Allowed()
    if whole_town(held(actor)):
        return Allowed()
    return Denied("not_administrator", _("Only an administrator of the whole town may do this."))


def whole_town(posts: Iterable[PostInfo]) -> bool:
    """Is one of these posts that of an administrator of the whole town?"""
    mine = [post for post in posts if post.role == "administrator"]
    return any(areas.area(post.area_id).parent_id is None for post in mine)
