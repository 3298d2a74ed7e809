"""Who may change staff, units and keys."""

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors
from lingka.accounts.models import Role
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.units import selectors as units


def administered(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas that somebody administers; Lingka itself, all."""
    if actor.kind == "system":
        return ("/",)
    if actor.kind != "user" or actor.id is None:
        return ()
    held = selectors.posts_of(actor.id)
    return tuple(post.area_path for post in held if post.role == Role.ADMINISTRATOR)


def may_administer(actor: Actor, *area_paths: str) -> Allowed | Denied:
    """Administrators, within their area; Lingka itself everywhere."""
    if actor.kind not in {"system", "user"}:
        return Denied("not_staff", _("Sign in first."))
    mine = administered(actor)
    if not mine:
        return Denied("not_administrator", _("Only an administrator may do this."))
    if not all(path.startswith(mine) for path in area_paths):
        return Denied("other_area", _("This lies outside the area you administer."))
    return Allowed()


def may_administer_person(actor: Actor, user_id: int) -> Allowed | Denied:
    """Only who administers all that a colleague has a say in: whoever sets a password can use it.

    Somebody without a post is anybody's to look after.
    """
    return may_administer(actor, *selectors.reach_of(user_id))


def may_administer_calendar(actor: Actor, calendar_id: int) -> Allowed | Denied:
    """Only who administers every unit that works by this calendar."""
    return may_administer(
        actor,
        *(unit.area_path for unit in units.units(active=False) if unit.calendar_id == calendar_id),
    )


def must(answer: Allowed | Denied) -> None:
    """Raise the refusal, if it is one."""
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)
