"""Who may look after the running of Lingka: administrators of the whole town, not of a part."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied


def whole(posts: Iterable[PostInfo]) -> bool:
    """Whether one of these administers the root of the areas."""
    return any(
        post.role == "administrator" and post.area_path == f"/{post.area_id}/" for post in posts
    )


def may_operate(actor: Actor) -> Allowed | Denied:
    """Lingka itself (the operator's command), and administrators of the whole town."""
    if actor.kind == "system":
        return Allowed()
    if actor.kind == "user" and actor.id is not None and whole(accounts.posts_of(actor.id)):
        return Allowed()
    return Denied("not_administrator", _("Only an administrator of the whole town may do this."))
