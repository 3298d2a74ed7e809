"""Windows, who is expected when, and which papers came with a case. No names, no numbers."""

from django.db import models
from django.db.models import Q


class Window(models.Model):
    """A place at which anybody's matter is taken in, during its unit's working hours."""

    uuid = models.UUIDField(unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()  # {language: text}
    slot_minutes = models.SmallIntegerField()
    capacity = models.SmallIntegerField()  # people in one slot
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1, slot_minutes__gte=5), name="window_takes_somebody"
            )
        ]


class Appointment(models.Model):
    """One expected visit. Whoever holds the code is the one expected: nothing else is kept.

    Taken back, the row is deleted; past ones go by themselves.
    """

    class State(models.TextChoices):
        BOOKED = "booked"
        ARRIVED = "arrived"
        HANDED_IN = "handed_in"
        MISSED = "missed"

    uuid = models.UUIDField(unique=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # as given out: the window's minutes may change meanwhile
    guide = models.SlugField(max_length=64, blank=True)  # what for; "" for anything else
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    token_hash = models.BinaryField(max_length=32, unique=True)
    token_key = models.SmallIntegerField()  # which server key derives the token
    short_code = models.CharField(max_length=12, unique=True)
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index("window", "starts_at", name="appointment_slot")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="appointment_lasts"
            )
        ]


class HandIn(models.Model):
    """The papers of one case, ticked against the version of the guide that was read out."""

    uuid = models.UUIDField(unique=True)
    case_uuid = models.UUIDField(unique=True)
    receipt_id = models.BigIntegerField(unique=True)  # who brings a missing paper holds this one
    short_code = models.CharField(max_length=12, unique=True)  # of that receipt
    asked = models.CharField(max_length=40, blank=True)  # when the missing ones were asked for
    guide = models.SlugField(max_length=64)
    number = models.IntegerField()  # of the guide's version
    papers = models.JSONField()  # "here", "missing" or "unneeded" for each paper of that version
