"""Who may change staff, units and keys."""

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors
from lingka.accounts.models import Role
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused


def may_administer(actor: Actor, area_path: str = "") -> Allowed | Denied:
    """Administrators, within their area; Lingka itself everywhere."""
    if actor.kind == "system":
        return Allowed()
    if actor.kind != "user" or actor.id is None:
        return Denied("not_staff", _("Sign in first."))
    mine = [p for p in selectors.posts_of(actor.id) if p.role == Role.ADMINISTRATOR]
    if not mine:
        return Denied("not_administrator", _("Only an administrator may do this."))
    if area_path and not any(area_path.startswith(post.area_path) for post in mine):
        return Denied("other_area", _("This lies outside the area you administer."))
    return Allowed()


def must(answer: Allowed | Denied) -> None:
    """Raise the refusal, if it is one."""
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)
