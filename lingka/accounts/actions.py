"""Every change of staff, posts, duty and keys: by an administrator, in one transaction each."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors
from lingka.accounts.events import (
    PLAIN,
    ApiKeyIssued,
    ApiKeyRevoked,
    LeaveCancelled,
    LeaveRecorded,
    PostEnded,
    PostGranted,
    ShiftCancelled,
    ShiftPlanned,
    UserAdded,
    UserChanged,
)
from lingka.accounts.models import ApiKey, Leave, Post, Role, Shift, User
from lingka.accounts.permissions import may_administer, may_administer_person, must
from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.crypto import sha256
from lingka.core.events import NEW, record
from lingka.core.problems import Problem
from lingka.units import selectors as units

SCOPES = frozenset({"open311:read", "open311:write", "cases:read", "cases:act"})
PREFIX = "lk_"
CHANGEABLE = frozenset({"name", "email", "language", "is_active"})


def _checked(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Problem("weak_password", " ".join(error.messages), field="password") from None
    return password


@transaction.atomic
def create_user(
    *, actor: Actor, username: str, name: str, email: str = "", language: str = "",
    password: str | None = None,
) -> int:  # fmt: skip
    """Add a member of staff; without a password they cannot sign in by one. Returns the id."""
    must(may_administer(actor))
    username = username.strip()
    if not username or not name.strip():
        raise Problem(
            "invalid", _("Enter a name to sign in with and a name to show."), field="name"
        )
    if User.objects.filter(username__iexact=username).exists():
        raise Problem("taken", _("Somebody signs in by this name already."), field="username")
    user = User(username=username, name=name.strip(), email=email, language=language)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password if actor.kind == "system" else _checked(password, user))
    user.save()
    record(UserAdded(user.id), stream_id=user.uuid, actor=actor, after=NEW)
    return user.id


@transaction.atomic
def update_user(user_id: int, *, actor: Actor, **values: Any) -> None:
    """Change name, e-mail, language or whether somebody may sign in; oneself all but the last."""
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    if actor.id != user_id or "is_active" in values:
        must(may_administer_person(actor, user_id))
    user = User.objects.select_for_update().get(id=user_id)
    fields = sorted(name for name, value in values.items() if getattr(user, name) != value)
    if not fields:
        return
    plain = [name for name in fields if name in PLAIN]
    before = {name: getattr(user, name) for name in plain}
    for name in fields:
        setattr(user, name, values[name])
    user.save(update_fields=fields)
    selectors.forget()
    told = UserChanged(user.id, fields, before, {name: values[name] for name in plain})
    record(told, stream_id=user.uuid, actor=actor)


@transaction.atomic
def set_password(user_id: int, password: str, *, actor: Actor) -> None:
    """Give a colleague a new password; it ends their open sessions."""
    must(may_administer_person(actor, user_id))
    user = User.objects.select_for_update().get(id=user_id)
    user.set_password(_checked(password, user))
    user.save(update_fields=["password"])
    record(UserChanged(user.id, ["password"]), stream_id=user.uuid, actor=actor)


@transaction.atomic
def grant_post(
    user_id: int,
    *,
    actor: Actor,
    role: str,
    unit_id: int,
    area_id: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> int:
    """Give a role in a unit, over the unit's own area unless another is named."""
    if role not in Role.values:
        raise Problem("invalid", _("Choose a role from the list."), field="role")
    unit = units.unit(unit_id)
    over = areas.area(area_id).path if area_id else unit.area_path
    must(may_administer(actor, unit.area_path, over))
    begin = valid_from or selectors.today()
    if valid_to is not None and valid_to <= begin:
        raise Problem("invalid", _("The end lies before the beginning."), field="valid_to")
    user = User.objects.select_for_update().get(id=user_id)
    post = Post.objects.create(
        user=user, role=role, unit_id=unit_id, area_id=area_id or unit.area_id,
        valid_from=begin, valid_to=valid_to,
    )  # fmt: skip
    said = PostGranted(
        post.id, user.id, role, unit_id, post.area_id, begin.isoformat(),
        valid_to.isoformat() if valid_to else None,
    )  # fmt: skip
    record(said, stream_id=user.uuid, actor=actor)
    return post.id


def _post(post_id: int, actor: Actor) -> Post:
    """The post, its user locked, if the actor administers its unit."""
    post = (
        Post.objects.select_related("user", "unit__area")
        .select_for_update(of=("self", "user"))
        .get(id=post_id)
    )
    must(may_administer(actor, post.unit.area.path))
    return post


@transaction.atomic
def end_post(post_id: int, *, actor: Actor, on: date) -> None:
    """From this day on the post is nobody's; duty planned after it no longer counts."""
    post = _post(post_id, actor)
    post.valid_to = max(on, post.valid_from)
    post.save(update_fields=["valid_to"])
    said = PostEnded(post.id, post.valid_to.isoformat())
    record(said, stream_id=post.user.uuid, actor=actor)


def _span(starts_at: datetime, ends_at: datetime) -> tuple[str, str]:
    if ends_at <= starts_at:
        raise Problem("invalid", _("The end lies before the beginning."), field="ends_at")
    return starts_at.isoformat(), ends_at.isoformat()


@transaction.atomic
def plan_shift(post_id: int, *, actor: Actor, starts_at: datetime, ends_at: datetime) -> int:
    """Plan duty of a post. Two shifts of one post may not overlap."""
    span = _span(starts_at, ends_at)
    post = _post(post_id, actor)
    if post.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Problem("overlap", _("This post has duty then already."), field="starts_at")
    shift = Shift.objects.create(post=post, starts_at=starts_at, ends_at=ends_at)
    record(ShiftPlanned(shift.id, post.id, *span), stream_id=post.user.uuid, actor=actor)
    return shift.id


@transaction.atomic
def plan_shifts(
    post_id: int, *, actor: Actor, starts_at: datetime, ends_at: datetime, weeks: int
) -> list[int]:
    """The same duty in several weeks on end: all of them, or none."""
    return [
        plan_shift(post_id, actor=actor, starts_at=starts_at + step, ends_at=ends_at + step)
        for step in (timedelta(weeks=number) for number in range(weeks))
    ]


@transaction.atomic
def cancel_shift(shift_id: int, *, actor: Actor) -> None:
    shift = Shift.objects.get(id=shift_id)
    post = _post(shift.post_id, actor)
    shift.delete()
    record(ShiftCancelled(shift_id, post.id), stream_id=post.user.uuid, actor=actor)


@transaction.atomic
def record_leave(
    post_id: int,
    *,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    substitute_id: int | None = None,
) -> int:
    """An absence; the substitute stands in on every shift within it."""
    span = _span(starts_at, ends_at)
    post = _post(post_id, actor)
    if substitute_id is not None:
        other = Post.objects.filter(id=substitute_id, role=post.role).exclude(user=post.user)
        if not other.exists():
            message = _("Choose somebody else who holds the same role.")
            raise Problem("invalid", message, field="substitute")
    leave = Leave.objects.create(
        post=post, substitute_id=substitute_id, starts_at=starts_at, ends_at=ends_at
    )
    said = LeaveRecorded(leave.id, post.id, substitute_id, *span)
    record(said, stream_id=post.user.uuid, actor=actor)
    return leave.id


@transaction.atomic
def cancel_leave(leave_id: int, *, actor: Actor) -> None:
    leave = Leave.objects.get(id=leave_id)
    post = _post(leave.post_id, actor)
    leave.delete()
    record(LeaveCancelled(leave_id, post.id), stream_id=post.user.uuid, actor=actor)


@dataclass(frozen=True)
class Issued:
    """A new key. `secret` is shown once: only its hash is kept."""

    id: int
    secret: str


@transaction.atomic
def issue_api_key(
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    user_id: int | None = None,
    expires_at: datetime | None = None,
) -> Issued:
    """Make a key for other software, on its own behalf or on a user's."""
    must(may_administer_person(actor, user_id) if user_id else may_administer(actor))
    wanted = sorted(set(scopes))
    if not wanted or not SCOPES.issuperset(wanted):
        raise Problem("invalid", _("Choose what the key may do."), field="scopes")
    if not name.strip():
        raise Problem("invalid", _("Say what the key is for."), field="name")
    if expires_at is not None and expires_at <= clock.now():
        raise Problem("invalid", _("This day has passed. Choose a later one."), field="expires_at")
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name.strip(), hash=sha256(secret.encode()), scopes=wanted, user_id=user_id,
        expires_at=expires_at,
    )  # fmt: skip
    until = expires_at.isoformat() if expires_at else None
    record(ApiKeyIssued(key.id, wanted, user_id, until), stream_id=key.uuid, actor=actor, after=NEW)
    return Issued(key.id, secret)


@transaction.atomic
def revoke_api_key(key_id: int, *, actor: Actor) -> None:
    """From now on the key opens nothing; revoking twice is revoking once."""
    key = ApiKey.objects.select_for_update().get(id=key_id)
    must(may_administer_person(actor, key.user_id) if key.user_id else may_administer(actor))
    if key.revoked_at is not None:
        return
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    record(ApiKeyRevoked(key.id), stream_id=key.uuid, actor=actor)
