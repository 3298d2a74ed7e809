"""What units ask of each other, where it goes against what was agreed."""

from django.db import models


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
