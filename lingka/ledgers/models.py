"""Which cases stand in which ledger, and which words of theirs were released for it."""

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One case in a ledger. How it stands is read from the case itself."""

    class Ledger(models.TextChoices):
        HAZARD = "hazard"
        WISH = "wish"
        DEMAND = "enterprise_demand"

    case = models.UUIDField(unique=True)
    ledger = models.CharField(max_length=20, choices=Ledger)
    opened_at = models.DateTimeField()
    agreed = models.BooleanField(default=False)  # whoever reported it agreed to its being shown
    shown_at = models.DateTimeField(null=True)  # staff released it
    words = models.UUIDField(null=True)  # content id of the released words
    about = models.CharField(max_length=32, blank=True, db_default="")  # of a wish: its kind
    thanks = models.CharField(max_length=32, blank=True, db_default="")  # as the wisher chose
    protection = models.UUIDField(null=True)  # of a hazard: how it is kept safe, as released
    ended_at = models.DateTimeField(null=True)  # empty again when it is opened again
    end = models.CharField(max_length=32, blank=True)  # the state in which it ended

    class Meta:
        indexes = [
            models.Index(fields=["ledger", "opened_at"], name="entry_by_year"),
            models.Index(
                fields=["ledger", "-shown_at"],
                name="entry_open",
                condition=Q(shown_at__isnull=False, ended_at__isnull=True),
            ),
            models.Index(
                fields=["ledger", "-ended_at"],
                name="entry_ended",
                condition=Q(shown_at__isnull=False, ended_at__isnull=False),
            ),
        ]
