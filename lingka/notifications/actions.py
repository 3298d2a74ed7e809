"""What people change about their messages."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import actions as cases
from lingka.core import limits
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.notifications import devices
from lingka.notifications.audience import CHANNELS, DEFAULT, TOPICS
from lingka.notifications.models import Preference, Subscription

DEVICES = (20, 3600)  # how often a receipt's device may change, in so many seconds


@transaction.atomic
def choose(user_id: int, *, actor: Actor, wanted: Iterable[tuple[str, str]]) -> None:
    """Set all of one's preferences: the (topic, channel) pairs that are wanted, no others."""
    _oneself(user_id, actor)
    chosen = set(wanted)
    Preference.objects.filter(user_id=user_id).delete()
    Preference.objects.bulk_create(
        Preference(user_id=user_id, topic=topic, channel=channel, wanted=(topic, channel) in chosen)
        for topic in TOPICS
        for channel in CHANNELS
        if ((topic, channel) in chosen) != ((topic, channel) in DEFAULT)
    )


def subscribe(user_id: int, *, actor: Actor, subscription: Any) -> None:
    """Let a browser of one's own take messages; the same browser again replaces itself."""
    _oneself(user_id, actor)
    kept = devices.checked(subscription)
    Subscription.objects.update_or_create(
        endpoint=kept["endpoint"], defaults={"user_id": user_id, "keys": kept["keys"]}
    )


def listen(receipt: UUID, *, actor: Actor, subscription: Any) -> None:
    """Let the device by which a receipt is read take its messages: at most so often."""
    kept = devices.checked(subscription)
    if not limits.hit("devices", str(receipt), *DEVICES):
        raise Problem("limit", _("Too much at once. Please try again in an hour."), status=429)
    cases.set_push(receipt, actor=actor, subscription=json.dumps(kept))


def listen_no_more(receipt: UUID, *, actor: Actor) -> None:
    """No more messages of a receipt to any device."""
    cases.set_push(receipt, actor=actor, subscription="")


def unsubscribe(user_id: int, *, actor: Actor) -> None:
    """No more messages to any of one's browsers."""
    _oneself(user_id, actor)
    Subscription.objects.filter(user_id=user_id).delete()


def stop(receipt: UUID) -> bool:
    """A resident wants no more messages: the contact they left is erased."""
    return cases.erase_contact(receipt, actor=Actor("resident"), reason="unsubscribed")


def _oneself(user_id: int, actor: Actor) -> None:
    if actor.kind != "user" or actor.id != user_id:
        raise Problem("not_yours", _("These are somebody else's messages."), status=403)
