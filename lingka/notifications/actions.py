"""What people change about their messages."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import actions as cases
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.notifications.audience import CHANNELS, DEFAULT, TOPICS
from lingka.notifications.models import Preference, Subscription


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


def subscribe(user_id: int, *, actor: Actor, endpoint: str, keys: dict[str, str]) -> None:
    """Let a browser of one's own take messages; the same browser again replaces itself."""
    _oneself(user_id, actor)
    if not endpoint.startswith("https://") or not {"p256dh", "auth"} <= keys.keys():
        raise Problem("invalid", _("This browser's answer is not understood."))
    if not settings.VAPID_KEY:
        raise Problem("no_push", _("Messages on devices are not set up here."), status=409)
    Subscription.objects.update_or_create(
        endpoint=endpoint, defaults={"user_id": user_id, "keys": keys}
    )


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
