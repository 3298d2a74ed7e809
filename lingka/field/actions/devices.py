"""Phones become known, are revoked, and lose their storage."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.core import clock, events, limits
from lingka.core.actors import Actor
from lingka.core.crypto import sha256
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.field.events import DeviceRegistered, DeviceRevoked
from lingka.field.models import Device
from lingka.field.permissions import may_revoke, may_send

A_DAY = 20  # phones that one worker can register
DAY = 24 * 3600
LEFT = ("left_operations", "left_attachments")


@dataclass(frozen=True)
class Registered:
    """The token is in no other place than this and the phone."""

    device: Device
    token: str
    evicted: dict[str, Any] | None


@transaction.atomic
def register(*, actor: Actor, name: str, app: str, schema: int, former: UUID | None) -> Registered:
    """Make a phone known. `former` is the device that this browser was until its storage went."""
    user = actor.id or 0
    _must(may_send(accounts.posts_of(user) if actor.kind == "user" else []))
    if not limits.hit("device", str(user), A_DAY, DAY):
        message = _("Too many phones in one day. Ask your administrator, or try tomorrow.")
        raise Problem("often", message, status=429, headers={"Retry-After": str(DAY)})
    before = _former(user, former)
    lost = evict(before) if before else None
    # Until this phone says what is left, that of the one before: it may be the storage that went
    # twice before anybody read that it went.
    left = {name: getattr(before, name) for name in LEFT} if before else {}
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        uuid=uuid7(), user_id=user, name=name, token_hash=sha256(token.encode()), marker=uuid7(),
        app=app, schema=schema, registered_at=clock.now(), last_seen_on=accounts.today(), **left,
    )  # fmt: skip
    events.record(
        DeviceRegistered(user, str(before.uuid) if before else ""),
        stream_id=device.uuid, actor=actor, after=events.NEW,
    )  # fmt: skip
    return Registered(device, token, lost)


def _former(user: int, uuid: UUID | None) -> Device | None:
    """Also one that was closed by such a registering before: its answer, and the cookie with it,
    did not arrive, and the worker has been told of nothing."""
    if uuid is None:
        return None
    return (
        Device.objects.select_for_update().filter(uuid=uuid, user_id=user, revoked_at=None).first()
    )


def evict(device: Device) -> dict[str, Any]:
    """Close a device whose storage is gone; returns what it last told of itself."""
    device.evicted_at = device.evicted_at or clock.now()
    device.save(update_fields=["evicted_at"])
    return {
        "device": str(device.uuid),
        "name": device.name,
        "last_seen_on": str(device.last_seen_on),
        "operations": device.left_operations,
        "attachments": device.left_attachments,
    }


@transaction.atomic
def revoke(device_uuid: UUID, *, actor: Actor) -> None:
    """Let a phone send nothing any more; it erases itself at its next contact."""
    device = Device.objects.select_for_update().filter(uuid=device_uuid).first()
    if device is None:
        raise Problem("missing", _("There is no such phone."), status=404)
    _must(may_revoke(actor, device.user_id))
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        device.save(update_fields=["revoked_at"])
        events.record(DeviceRevoked(device.user_id), stream_id=device.uuid, actor=actor)


def _must(answer: Any) -> None:
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)
