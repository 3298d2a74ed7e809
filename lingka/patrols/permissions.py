"""Who reads checklists and rounds, who walks them, who plans them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas.selectors import whole_town
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


def may_plan(actor: Actor, area_path: str) -> Allowed | Denied:
    """Desks, supervisors and administrators, within their own area."""
    if actor.kind == "system":
        return Allowed()
    if planned_by(held(actor), area_path):
        return Allowed()
    return Denied(
        "not_planner", _("Only desks, supervisors and administrators of the area plan rounds.")
    )


def planned_by(posts: Iterable[PostInfo], area_path: str) -> bool:
    return any(post.role in PLANNERS and area_path.startswith(post.area_path) for post in posts)


def may_walk(actor: Actor, unit: int, area_path: str) -> Allowed | Denied:
    """Whoever serves in the unit that walks it, and grid workers of the area."""
    if actor.kind == "system":
        return Allowed()
    if walked_by(held(actor), unit, area_path):
        return Allowed()
    return Denied("not_walker", _("Another team walks this round."))


def walked_by(posts: Iterable[PostInfo], unit: int, area_path: str) -> bool:
    """Also handlers: in a joint drive their unit walks, though it reads no other round."""
    return any(
        post.unit_id == unit or (post.role in WALKERS and area_path.startswith(post.area_path))
        for post in posts
    )


def may_look(actor: Actor, area_path: str) -> Allowed | Denied:
    """Go through a checklist: workers, desks and leaders of the area."""
    if actor.kind == "system":
        return Allowed()
    mine = [post for post in held(actor) if post.role in READERS]
    if any(area_path.startswith(post.area_path) for post in mine):
        return Allowed()
    return Denied("other_area", _("This lies outside the area you look after."))
