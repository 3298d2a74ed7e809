"""Who may change standard replies, and take out a list."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.listings import Listing
from lingka.core.permissions import Allowed, Denied


def may_publish(actor: Actor) -> Allowed | Denied:
    """The administrators of the whole town: every desk offers what they write."""
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else ()
    mine = [post for post in held if post.role == "administrator"]
    if any(areas.area(post.area_id).parent_id is None for post in mine):
        return Allowed()
    return Denied("not_administrator", _("Only an administrator of the whole town may do this."))


def may_take(listing: Listing | None, posts: Sequence[PostInfo]) -> Allowed | Denied:
    if listing is not None and listing.open_to(posts):
        return Allowed()
    return Denied("list", _("Your post does not reach this list."))
