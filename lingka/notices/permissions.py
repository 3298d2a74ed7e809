"""Who may put up notices: desks, supervisors and administrators, within their own area."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

PUBLISHERS = frozenset({"dispatcher", "supervisor", "administrator"})


def paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """The areas in which these posts let somebody put up notices."""
    return tuple(post.area_path for post in posts if post.role in PUBLISHERS)


def may_publish(actor: Actor, *area_paths: str) -> Allowed | Denied:
    """Within one's own area; Lingka itself everywhere."""
    if actor.kind == "system":
        return Allowed()
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    mine = paths(held)
    if not mine:
        return Denied("not_desk", _("Only desks, supervisors and administrators put up notices."))
    if not all(path.startswith(mine) for path in area_paths):
        return Denied("other_area", _("This lies outside the area you look after."))
    return Allowed()


def may_write_templates(actor: Actor) -> Allowed | Denied:
    """All desks write from them, so only administrators of the whole town change them."""
    if actor.kind == "system":
        return Allowed()
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    roots = {one.id for one in areas.roots()}
    if any(post.role == "administrator" and post.area_id in roots for post in held):
        return Allowed()
    return Denied("not_administrator", _("Only an administrator of the whole town may do this."))
