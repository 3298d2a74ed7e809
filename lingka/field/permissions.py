"""Whose phones somebody sees and revokes, and who may have one."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied


def may_send(posts: Sequence[PostInfo]) -> Allowed | Denied:
    """Staff with a post, as long as they hold it."""
    if posts:
        return Allowed()
    return Denied("no_post", _("You hold no post just now. What you recorded stays on the phone."))


def may_revoke(actor: Actor, owner: int) -> Allowed | Denied:
    """The worker, and who administers all that the worker has a say in."""
    if actor.kind == "system" or (actor.kind == "user" and actor.id == owner):
        return Allowed()
    if actor.kind == "user" and actor.id is not None:
        mine = administered(accounts.posts_of(actor.id))
        if oversees(mine, accounts.reach_of(owner)):
            return Allowed()
    return Denied("not_yours", _("Only the worker and their administrator may revoke a phone."))


def administered(posts: Sequence[PostInfo]) -> list[str]:
    return [post.area_path for post in posts if post.role == "administrator"]


def oversees(mine: Sequence[str], reach: Sequence[str]) -> bool:
    """Whether these areas hold all that somebody has a say in; without any, the town does."""
    if not reach:
        return any(root.path in mine for root in areas.roots())
    return bool(mine) and all(path.startswith(tuple(mine)) for path in reach)


def may_correct(
    posts: Sequence[PostInfo], grid_path: str, *, deciding: bool = False
) -> Allowed | Denied:
    """Whoever serves where the place is; which of two corrections counts, its administrator."""
    here = [post for post in posts if grid_path.startswith(post.area_path)]
    if any(post.role == "administrator" for post in here) or (here and not deciding):
        return Allowed()
    return Denied("elsewhere", _("This place lies where you hold no post."))
