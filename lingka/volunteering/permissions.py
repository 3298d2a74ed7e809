"""Who prepares activities and confirms hours: desks, supervisors, administrators of the area."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied
from lingka.members import selectors as members

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


def may_approve(actor: Actor, area_path: str, *authors: int | None) -> Allowed | Denied:
    """Four eyes: nobody approves what they drafted, changed or added."""
    if actor.id in authors:
        return Denied("own_draft", _("You wrote this: somebody else approves it."))
    return may_organise(actor, area_path)


def own_units(posts: Iterable[PostInfo]) -> set[int]:
    """The units whose people may pick needs up."""
    return {post.unit_id for post in posts if post.role == "handler"}


def may_pick_up(actor: Actor, unit: int, area_path: str, area: int) -> Allowed | Denied:
    """The unit's own people, where it has checked in and was confirmed; or the area's desk."""
    if may_organise(actor, area_path):
        return Allowed()
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    if unit in own_units(posts) and unit in dict(members.workplace_choices(area)):
        return Allowed()
    return Denied("not_checked_in", _("Your unit has to check in with this community first."))


def may_offer(actor: Actor, unit: int, area_path: str) -> Allowed | Denied:
    """The unit's own people, or the community's desk."""
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    if unit in own_units(posts) or may_organise(actor, area_path):
        return Allowed()
    return Denied("not_own", _("Units list what is theirs, or the community's desk with them."))
