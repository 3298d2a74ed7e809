"""Messages on their way, devices that asked for them, and who wants to hear of what."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message to one recipient about one event. Holds no contact data and no rendered text."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"  # given up after the last try
        DROPPED = "dropped"  # nobody to send to any more: contact erased, device gone, opted out

    position = models.BigIntegerField()  # of the event; negative: a number that leads to none
    recipient = models.CharField(max_length=48)  # "receipt:<uuid>"…; "" once settled if negative
    channel = models.CharField(max_length=8)  # "contact", "email", "push"
    key = models.CharField(max_length=24)  # which text of data/messages.yaml
    language = models.CharField(max_length=12)
    case_uuid = models.UUIDField(null=True)  # None: of something else than a case
    values = models.JSONField(
        default=dict
    )  # case number, type, unit, moment, page: nothing personal
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()  # while one process sends, its lease lasts until then
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=8, blank=True)  # the channel that took it
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("position", "recipient", "channel", name="message_once")
        ]
        indexes = [
            models.Index("next_try_at", name="message_due", condition=Q(state="queued")),
        ]


class Subscription(models.Model):
    """A browser of a member of staff that takes Web Push."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=600, unique=True)
    keys = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)


class Preference(models.Model):
    """Whether somebody wants a kind of message by a channel; without a row the default counts."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("user", "topic", "channel", name="preference_once")]


class DemoMessage(models.Model):
    """What was sent, readable, in the demo alone: elsewhere no text is kept."""

    to = models.CharField(max_length=200)
    channel = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    language = models.CharField(max_length=12)
    sent_at = models.DateTimeField()
