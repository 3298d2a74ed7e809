"""Guides in versions. What was read to somebody stays readable as it was."""

import pgtrigger
from django.db import models


class Guide(models.Model):
    """One question that people ask, under one key. What it answers is in its versions."""

    uuid = models.UUIDField(unique=True)
    key = models.SlugField(unique=True, max_length=64)
    retired_at = models.DateTimeField(null=True)


class GuideVersion(models.Model):
    """An answer as it was given from a day on. Immutable: a correction is a new version.

    `body` is as in data/guides.yaml; `lingka.guides.rules` says what it must hold.
    """

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)  # a user; NULL: shipped with the package

    class Meta:
        constraints = [models.UniqueConstraint("guide", "number", name="guide_version")]
        triggers = [
            pgtrigger.Protect(
                name="guide_version_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
