"""What units ask of each other, where it goes against what was agreed."""

from django.db import models


class Call(models.Model):
    """One call of an area to other units, or that a called unit held one not to be lawful.

    A row for each event, so that what is delivered twice or late counts once. Never who called,
    nor who came.
    """

    position = models.BigIntegerField(primary_key=True)  # of the event
    month = models.DateField()  # its first day
    workflow = models.CharField(max_length=64)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    lawful = models.BooleanField()  # false: it tells that a call was held not to be

    class Meta:
        indexes = [models.Index("month", "workflow", "area", name="call_by_month")]


class Override(models.Model):
    """That a unit was given what its duty list keeps from it. Never by whom.

    A row for each event, so that what is delivered twice or late counts once.
    """

    position = models.BigIntegerField(primary_key=True)  # of the event
    month = models.DateField()  # its first day
    duty_list = models.CharField(max_length=64)
    article = models.IntegerField()
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index("month", "unit", name="override_by_month")]
