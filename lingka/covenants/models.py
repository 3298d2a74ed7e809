"""Covenants and their versions. A version is never changed: another one follows it."""

import pgtrigger
from django.db import models
from django.db.models import Q


class Covenant(models.Model):
    """What the neighbours of an area agreed on about one matter: a yard, a building, a lane."""

    uuid = models.UUIDField(unique=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()  # {language: text}
    ended_on = models.DateField(null=True)
    key = models.UUIDField(null=True, unique=True)  # of whoever began it: sent twice, it is one


class Version(models.Model):
    """The text as it was adopted. Append-only."""

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    text = models.JSONField()  # {language: paragraphs, one a line}
    vote = models.UUIDField(null=True, unique=True)  # of `voting`, that carried it
    meeting = models.JSONField(default=dict)  # else: where and when it was adopted
    adopted_on = models.DateField()
    since = models.DateField()  # in force

    class Meta:
        constraints = [
            models.UniqueConstraint("covenant", "number", name="covenant_version_once"),
            models.CheckConstraint(
                name="covenant_adopted_somewhere",
                condition=Q(vote__isnull=False, meeting={}) | Q(vote=None) & ~Q(meeting={}),
            ),
            models.CheckConstraint(
                name="covenant_adopted_before_in_force",
                condition=Q(since__gte=models.F("adopted_on")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="covenant_version_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]
