"""Who may enter what was earned, and who may correct it."""

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused

CORRECTORS = frozenset({"supervisor", "administrator"})


def _held(actor: Actor) -> frozenset[str]:
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    return frozenset(post.role for post in held)


def may_correct(actor: Actor) -> Allowed | Denied:
    """Taking back what was entered wrongly."""
    if actor.kind == "system" or _held(actor) & CORRECTORS:
        return Allowed()
    return Denied("not_corrector", _("Only supervisors and administrators correct entries."))


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
