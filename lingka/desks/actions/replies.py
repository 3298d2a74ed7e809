"""Standard replies of the town's own."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.desks import permissions, rules
from lingka.desks.events import ReplyPublished, ReplyRetired
from lingka.desks.models import ReplyVersion


@transaction.atomic
def publish_reply(key: str, body: Mapping[str, Any], *, actor: Actor) -> int:
    """Put a reply into use and return its version; the same words again change nothing.

    Raises Problem "reply" (422) beside the field that doesn't do.
    """
    _may(actor)
    rules.check(body)
    last = _last(key)
    if last is not None and last.body == dict(body):
        return last.number
    made = _add(key, dict(body), actor, last)
    record(ReplyPublished(key, made.number), stream_id=made.uuid, actor=actor)
    return made.number


@transaction.atomic
def retire_reply(key: str, *, actor: Actor) -> None:
    """Offer a reply no more, be it shipped or the town's own."""
    _may(actor)
    last = _last(key)
    if last is not None and not last.body:
        raise Problem("unknown_reply", _("There is no such reply."), status=404)
    made = _add(key, {}, actor, last)
    record(ReplyRetired(key, made.number), stream_id=made.uuid, actor=actor)


def _last(key: str) -> ReplyVersion | None:
    return ReplyVersion.objects.filter(key=key).order_by("-number").first()


def _add(key: str, body: dict[str, Any], actor: Actor, last: ReplyVersion | None) -> ReplyVersion:
    return ReplyVersion.objects.create(
        uuid=last.uuid if last else uuid7(), key=key, number=last.number + 1 if last else 1,
        body=body, published_at=clock.now(), published_by=actor.id or 0,
    )  # fmt: skip


def _may(actor: Actor) -> None:
    verdict = permissions.may_publish(actor)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
