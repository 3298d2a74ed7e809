"""Reports that a person looks at before they become cases, and what was imported already."""

from django.db import models
from django.db.models import Q


class Quarantined(models.Model):
    """A report that came in a flood. Its words and contact are sealed until it is let in."""

    class Outcome(models.TextChoices):
        RELEASED = "released"  # became a case of its own
        MERGED = "merged"  # follows the case that another of its flood became
        DISCARDED = "discarded"

    uuid = models.UUIDField(unique=True)
    idempotency_key = models.UUIDField(unique=True)
    flood = models.CharField(max_length=80)  # what it came together with: type and place or cell
    case_type = models.CharField(max_length=64)
    desk_path = models.CharField(max_length=120, blank=True)  # whose dispatchers look at it
    reason = models.CharField(max_length=24)  # which limit
    sealed = models.BinaryField(null=True)  # the report; erased once it is looked at
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.BigIntegerField(null=True)
    sealed_token = models.BinaryField(null=True)  # the receipt it got, for the page that waits

    class Meta:
        indexes = [
            models.Index("flood", "id", name="quarantine_waiting", condition=Q(outcome="")),
        ]


class Imported(models.Model):
    """One row of a hotline's export that became a case: importing it again changes nothing."""

    source = models.CharField(max_length=64)
    source_id = models.CharField(max_length=120)
    case_uuid = models.UUIDField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("source", "source_id", name="imported_once")]


class CallDay(models.Model):
    """Hours in which a leader takes calls in person."""

    uuid = models.UUIDField(unique=True)
    # of the desk
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    leader = models.BigIntegerField()  # the user
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="call_day_ends_later"
            )
        ]


class LiveCall(models.Model):
    """What somebody said to the leader, as the case it became."""

    day = models.ForeignKey(CallDay, on_delete=models.PROTECT, related_name="calls")
    case_uuid = models.UUIDField(unique=True)
