"""Phones of workers, what they sent, and files on their way. docs/sync.md says what for."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Device(models.Model):
    """One installation of the app, of one worker. Its token is kept as a hash alone."""

    uuid = models.UUIDField(unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.BinaryField(max_length=32, unique=True)
    marker = models.UUIDField()  # the app keeps it too: storage without it was cleared
    app = models.CharField(max_length=40)
    schema = models.IntegerField()
    registered_at = models.DateTimeField()
    last_seen_on = models.DateField()  # the day is enough to tell a lost phone
    left_operations = models.IntegerField(default=0)  # as it last said: not sent yet
    left_attachments = models.IntegerField(default=0)
    evicted_at = models.DateTimeField(null=True)  # its browser threw the app's storage away
    revoked_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # came by after that, and was told to erase itself


class Operation(models.Model):
    """One thing that a worker did, and what became of it.

    The row is written in the transaction of the effect. What was said stays only while it is
    held; afterwards it lies with the thing it was done to. So do the moments, and of a round's
    steps the order (`forgetting`).
    """

    class Status(models.TextChoices):
        APPLIED = "applied"
        CONFLICT = "conflict"
        REJECTED = "rejected"
        HELD = "held"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="operations")
    op_id = models.UUIDField()
    seq = models.BigIntegerField()  # of a round's steps any one of theirs, once they are settled
    kind = models.CharField(max_length=24)
    record = models.UUIDField(null=True)
    status = models.CharField(max_length=8, choices=Status)
    said = models.BinaryField(max_length=32)  # keyed hash: tells whether it came again as it was
    app = models.CharField(max_length=40)
    schema = models.IntegerField()
    occurred_at = models.DateTimeField(null=True)  # by the device's clock
    occurred_offset = models.SmallIntegerField(null=True)  # minutes east of UTC
    clock_difference = models.FloatField(null=True)  # seconds that the device was ahead
    received_at = models.DateTimeField(null=True)
    received_on = models.DateField()  # stays
    attachments = ArrayField(models.UUIDField(), default=list)
    waits_for = ArrayField(models.UUIDField(), default=list)
    sealed = models.BinaryField(null=True)  # the whole of it, while held
    result = models.JSONField(null=True)
    problem = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "op_id"], name="operation_once")]
        indexes = [
            models.Index("device", "seq", name="operation_standing"),
            models.Index("record", name="operation_record"),
            models.Index("device", name="operation_held", condition=Q(status="held")),
            GinIndex("attachments", name="operation_attachments"),
        ]


class Upload(models.Model):
    """A photo or voice note on its way, or here and waiting for the operation that names it."""

    class Status(models.TextChoices):
        RECEIVING = "receiving"
        VERIFIED = "verified"
        REFUSED = "refused"

    attachment = models.UUIDField(unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="uploads")
    record = models.UUIDField(null=True)
    kind = models.CharField(max_length=8)  # "photo", "voice"
    length = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVING)
    problem = models.JSONField(null=True)
    begun_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    used = models.BooleanField(default=False)  # it is with its case, and its moments are forgotten

    class Meta:
        indexes = [
            models.Index("device", "status", name="upload_standing"),
            models.Index(
                "device", name="upload_waiting", condition=Q(status="verified", used=False)
            ),
        ]
