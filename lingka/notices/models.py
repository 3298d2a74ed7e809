"""Notices as published, and the templates that they are written from."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Template(models.Model):
    """A template as it was in force from a moment on. Immutable: a correction is a new number.

    `body` is as in data/templates.yaml; `lingka.notices.rules` says what it must hold.
    """

    key = models.SlugField(max_length=64)
    number = models.IntegerField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)  # a user

    class Meta:
        constraints = [models.UniqueConstraint("key", "number", name="notice_template_number")]
        triggers = [
            pgtrigger.Protect(
                name="notice_template_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Notice(models.Model):
    """What residents of some places or areas are told, from one moment to another."""

    uuid = models.UUIDField(unique=True)
    code = models.CharField(max_length=12, unique=True)  # in the poster's link: /n/<code>
    kind = models.CharField(max_length=16)  # `rules.KINDS`
    template = models.CharField(max_length=64, blank=True)
    case_uuid = models.UUIDField(null=True)  # it ends with this case
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    areas = ArrayField(models.BigIntegerField())  # whole areas, with all below them
    places = ArrayField(models.BigIntegerField())
    title = models.JSONField()  # authored, variables not yet filled in
    text = models.JSONField()
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=32, blank=True)  # an office's, never a person's
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # sooner than planned
    ended_by = models.CharField(max_length=16, blank=True)  # `rules.WITH_CASE`, `WITHDRAWN`

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_it_begins", condition=Q(ends_at__gt=models.F("begins_at"))
            ),
            models.CheckConstraint(
                name="notice_ended_for_a_reason",
                condition=Q(ended_at__isnull=True, ended_by="")
                | ~Q(ended_at=None) & ~Q(ended_by=""),
            ),
        ]
        indexes = [
            GinIndex("places", name="notice_places", condition=Q(ended_at__isnull=True)),
            models.Index("ends_at", name="notice_going", condition=Q(ended_at__isnull=True)),
            models.Index("case_uuid", name="notice_of_case", condition=Q(case_uuid__isnull=False)),
        ]


class Poster(models.Model):
    """The sheet of a notice as it was last made. Thrown away, it is made anew."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=64)  # hash of what it says and of the sheet's own file
    body = models.BinaryField()
