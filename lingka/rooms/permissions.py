"""Who runs a station, and who sets stations up."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo, posts_of
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

DESKS = frozenset({"dispatcher", "administrator"})
RUNNING = DESKS | {"handler"}  # of the people of the unit that runs it


def posts_behind(actor: Actor) -> list[PostInfo]:
    return posts_of(actor.id) if actor.kind == "user" and actor.id else []


def runs(posts: Sequence[PostInfo], unit_id: int, area_path: str) -> bool:
    """Who handles or dispatches in the unit that runs it, and the desks of the area that it lies
    in. Who walks the grid, calls back, oversees or leads there does not."""
    return any(
        (post.unit_id == unit_id and post.role in RUNNING)
        or (post.role in DESKS and area_path.startswith(post.area_path))
        for post in posts
    )


def may_run(actor: Actor, unit_id: int, area_path: str) -> Allowed | Denied:
    if actor.kind == "system" or runs(posts_behind(actor), unit_id, area_path):
        return Allowed()
    return Denied("other_station", _("Only the unit that runs this station may do this."))


def administered(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose stations somebody sets up; Lingka itself, all."""
    if actor.kind == "system":
        return ("/",)
    return tuple(one.area_path for one in posts_behind(actor) if one.role == "administrator")


def may_set_up(actor: Actor, area_path: str) -> Allowed | Denied:
    """Administrators, within their area."""
    mine = administered(actor)
    if mine and area_path.startswith(mine):
        return Allowed()
    return Denied("other_area", _("This lies outside the area you administer."))
