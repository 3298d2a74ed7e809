"""Checklists in versions. What was gone through stays readable as it was asked."""

import pgtrigger
from django.db import models


class Checklist(models.Model):
    """One thing to be looked at again and again, under one key. What it asks is in its versions."""

    uuid = models.UUIDField(unique=True)
    key = models.SlugField(unique=True, max_length=64)
    retired_at = models.DateTimeField(null=True)


class ChecklistVersion(models.Model):
    """What is asked from a moment on. Immutable: a change is a new version.

    `body` is as in data/checklists; `lingka.patrols.schema` says what it must hold.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)  # a user; NULL: shipped with the package

    class Meta:
        constraints = [models.UniqueConstraint("checklist", "number", name="checklist_version")]
        triggers = [
            pgtrigger.Protect(
                name="checklist_version_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
