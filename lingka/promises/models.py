"""Promises as the events of cases tell of them, and the headings that gather cases."""

from django.db import models

STATES = ("running", "kept", "broken", "moved", "void")


class Promise(models.Model):
    """One day promised in public for one case. A fold of the case's events, never written else."""

    position = models.BigIntegerField(unique=True)  # of the event that made it
    case_uuid = models.UUIDField()
    case_number = models.CharField(max_length=12)
    case_type = models.CharField(max_length=64)
    area_path = models.CharField(max_length=120)
    unit = models.BigIntegerField(null=True)  # who promised
    words = models.UUIDField(null=True)  # content id of what was said with it
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)  # the unit says done; empty again when redone
    state = models.CharField(max_length=8, choices=[(one, one) for one in STATES])
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("case_uuid", "position", name="promise_of_case"),
            models.Index("state", "due_at", "id", name="promise_by_day"),
        ]


class Heading(models.Model):
    """A programme, an inspection, a campaign: where from, of which day, who answers for it."""

    uuid = models.UUIDField(unique=True)
    code = models.CharField(max_length=12, unique=True)  # in its address: /headings/<code>
    title = models.JSONField()  # authored, all languages
    source = models.JSONField()
    day = models.DateField()
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class HeadingCase(models.Model):
    """One row of a heading's sheet, and the case that it became."""

    heading = models.ForeignKey(Heading, on_delete=models.PROTECT, related_name="cases")
    line = models.IntegerField()
    case_uuid = models.UUIDField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint("heading", "line", name="heading_line")]
