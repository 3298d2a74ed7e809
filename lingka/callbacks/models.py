"""The lots by which, in weeks with too many, it is decided whom to call."""

import pgtrigger
from django.db import models


class Draw(models.Model):
    """The share of one week's cases that are called, and the seed of its lots. Immutable.

    The seed's hash is public from the first day, the seed itself once the week is over: nobody
    could know beforehand who would be called, and everybody can check it afterwards.
    """

    week = models.DateField(unique=True)  # its Monday
    counted = models.IntegerField()  # cases to call back in the seven days before
    share = models.IntegerField()  # in hundred
    seed = models.CharField(max_length=64)
    seed_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="draw_immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
