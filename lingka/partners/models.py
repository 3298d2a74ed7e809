"""What units ask of each other, where it goes against what was agreed."""

from django.db import models


class Override(models.Model):
    """How often, in a month, a unit was given what its duty list keeps from it. Never by whom."""

    month = models.DateField()  # its first day
    duty_list = models.CharField(max_length=64)
    article = models.IntegerField()
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    count = models.IntegerField(default=0)
    last_position = models.BigIntegerField(default=0)  # of the last event counted here

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "month", "duty_list", "article", "unit", name="override_counted_once"
            )
        ]
