"""Who keeps the list of workplaces: the community's desk; a unit's own people ask for theirs."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

KEEPERS = frozenset({"dispatcher", "administrator"})
ASKERS = frozenset({"handler"})


def posts_of(actor: Actor) -> list[PostInfo]:
    return accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []


def kept_paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts keep the list of workplaces."""
    return tuple(post.area_path for post in posts if post.role in KEEPERS)


def own_units(posts: Iterable[PostInfo]) -> set[int]:
    """The units that these posts may check in."""
    return {post.unit_id for post in posts if post.role in ASKERS}


def may_confirm(actor: Actor, area_path: str) -> Allowed | Denied:
    """The desk of the community, or one above it."""
    if actor.kind == "system":
        return Allowed()
    paths = kept_paths(posts_of(actor))
    if paths and area_path.startswith(paths):
        return Allowed()
    return Denied("not_keeper", _("The community's desk keeps this list."))


def may_check_in(actor: Actor, unit: int, area_path: str) -> Allowed | Denied:
    """Whoever confirms, and the unit's own people."""
    if may_confirm(actor, area_path) or unit in own_units(posts_of(actor)):
        return Allowed()
    return Denied("not_keeper", _("The community's desk or the unit itself may do this."))
