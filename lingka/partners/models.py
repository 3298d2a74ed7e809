"""What units ask of each other, where it goes against what was agreed."""

from django.db import models


class Call(models.Model):
    """One call of an area to other units, or what one side said of the other afterwards.

    A row for each event, so that what is delivered twice or late counts once; of what is said
    again, the last word counts. Units and areas; never a person.
    """

    class Said(models.TextChoices):
        CALLED = "called"  # nothing yet: the call itself
        OF_CALL = "of_call"  # a called unit: was it one that the rules allow?
        OF_UNIT = "of_unit"  # who called: was the unit there in time, did it solve its part?

    position = models.BigIntegerField(primary_key=True)  # of the event
    month = models.DateField()  # its first day
    workflow = models.CharField(max_length=64)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=8, choices=Said)
    case_uuid = models.UUIDField(null=True)  # with `unit`: whose last word counts; null: a call
    unit = models.ForeignKey(
        "units.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # that was called
    lawful = models.BooleanField(null=True)  # said of a call; null of a unit
    in_time = models.BooleanField(null=True)  # said of a unit
    solved = models.BooleanField(null=True)

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
