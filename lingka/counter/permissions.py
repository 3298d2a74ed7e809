"""Who serves at counters, and who sets windows up."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo, posts_of
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied


def may_serve(posts: Sequence[PostInfo]) -> Allowed | Denied:
    """Every desk handles everything: whoever dispatches anywhere takes papers from anybody."""
    if any(post.role == "dispatcher" for post in posts):
        return Allowed()
    return Denied("not-a-desk", _("Only a desk that takes papers may do this."))


def administered(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose windows somebody sets up; Lingka itself, all."""
    if actor.kind == "system":
        return ("/",)
    held = posts_of(actor.id) if actor.kind == "user" and actor.id else []
    return tuple(post.area_path for post in held if post.role == "administrator")


def may_set_up(actor: Actor, area_path: str) -> Allowed | Denied:
    """Administrators, within their area."""
    mine = administered(actor)
    if mine and area_path.startswith(mine):
        return Allowed()
    return Denied("other_area", _("This lies outside the area you administer."))
