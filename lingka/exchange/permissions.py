"""Who sets up other platforms and sees what went over: administrators of the whole town."""

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied


def may_exchange(actor: Actor) -> Allowed | Denied:
    if actor.kind == "system":
        return Allowed()
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else ()
    mine = [post for post in held if post.role == "administrator"]
    if any(areas.area(post.area_id).parent_id is None for post in mine):
        return Allowed()
    return Denied("not_administrator", _("Only an administrator of the whole town may do this."))
