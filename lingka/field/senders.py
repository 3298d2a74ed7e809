"""Who sends: the device that a token belongs to, and the worker in whose name it does."""

from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.crypto import sha256
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.field.models import Device
from lingka.field.permissions import may_send


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
    first = next((post for post in posts if post.role == "grid_worker"), posts[0])
    return Sender(device, Actor("user", device.user_id, first.id))


def _device(request: HttpRequest) -> Device:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "device" and token:
        digest = sha256(token.strip().encode("utf-8", "replace"))
        found = Device.objects.filter(token_hash=digest).first()
    if found is not None and found.revoked_at:
        if found.told_at is None:
            found.told_at = clock.now()
            found.save(update_fields=["told_at"])
        message = _("This phone was revoked. Lingka erases what it keeps here.")
        raise Problem("revoked", message, status=403, wipe=True)
    if found is None or found.evicted_at:
        message = _("This phone is not known here. Sign in, and it is made known again.")
        raise Problem("device", message, status=401)
    return found
