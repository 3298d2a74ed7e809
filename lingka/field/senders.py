"""Who sends: the device that a token belongs to, and the worker in whose name it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.crypto import sha256
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.field.models import Device
from lingka.field.permissions import may_send

SIGNED_IN = "signed_in_at"  # in the session


@dataclass(frozen=True)
class Sender:
    device: Device
    actor: Actor

    @property
    def user(self) -> int:
        return self.device.user_id

    def alone(self) -> None:
        """One operation of a worker after the other, to the end of the transaction.

        Else one could be held for another that is applied at this moment and sees nobody wait.
        """
        locks.hold(uuid5(NAMESPACE_OID, f"lingka:field:{self.user}"))


def sender(request: HttpRequest) -> Sender:
    """The device of the request's token; Problem 401 or 403 as docs/sync.md says."""
    device = _device(request)
    posts = accounts.posts_of(device.user_id)
    allowed = may_send(posts)
    if isinstance(allowed, Denied):
        raise PermissionRefused(allowed)
    return in_the_name(device, posts)


def in_the_name(device: Device, posts: Sequence[PostInfo]) -> Sender:
    """Its worker, through the post of a grid worker before any other."""
    ids = [post.id for post in sorted(posts, key=lambda one: one.role != "grid_worker")]
    return Sender(device, Actor("user", device.user_id, next(iter(ids), None)))


def stamp(request: HttpRequest, **_signal: Any) -> None:
    """Remember with a session when somebody signed in."""
    request.session[SIGNED_IN] = clock.now().timestamp()


def refuse_revoked(request: HttpRequest, former: UUID | None) -> None:
    """Problem 403 where a worker's phone was revoked, until they sign in there after that."""
    found = Device.objects.filter(uuid=former).first() if former else None
    if found is None or found.revoked_at is None or found.user_id != request.user.pk:
        return
    if request.session.get(SIGNED_IN, 0.0) <= found.revoked_at.timestamp():
        raise _revoked(request, found)


def refuse_another(user: Any, worker: UUID | None) -> None:
    """Problem 403 where a phone that keeps one worker's records would become another's: they would
    go out in the wrong name."""
    if worker is None or Device.objects.filter(user_id=user, user__uuid=worker).exists():
        return
    message = _("This phone keeps what somebody else wrote down. Let them sign in, or empty it.")
    raise Problem("other_user", message, status=403)


def _revoked(request: HttpRequest, device: Device) -> Problem:
    """Signs its worker out of that browser: else it would make itself known again."""
    if device.told_at is None:
        device.told_at = clock.now()
        device.save(update_fields=["told_at"])
    if request.user.pk == device.user_id:
        logout(request)
    message = _("This phone was revoked. Lingka erases what it keeps here.")
    return Problem("revoked", message, status=403, wipe=True)


def _device(request: HttpRequest) -> Device:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "device" and token:
        digest = sha256(token.strip().encode("utf-8", "replace"))
        found = Device.objects.filter(token_hash=digest).first()
    if found is not None and found.revoked_at:
        raise _revoked(request, found)
    if found is None or found.evicted_at:
        message = _("This phone is not known here. Sign in, and it is made known again.")
        raise Problem("device", message, status=401)
    return found
