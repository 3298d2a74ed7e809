"""What is known of cases for rates, added up; what was published; what is appealed.

Nothing here knows a person: a fact hangs on a case, a number on an area, a unit and a type.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lingka.core.ids import uuid7
from lingka.insight.measures import COLUMNS


class Definition(models.Model):
    """An activated version of the rates. Immutable."""

    number = models.IntegerField(unique=True)
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    valid_from = models.DateField()  # cases opened from this day on
    activated_at = models.DateTimeField()
    activated_by = models.BigIntegerField(null=True)  # a user; NULL: shipped with the package

    class Meta:
        triggers = [
            pgtrigger.Protect(name="rates_immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class CaseFacts(models.Model):
    """How one case counts, by the definition in force on the day it was opened."""

    case = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    month = models.DateField()  # its first day, on the town's calendar
    areas = ArrayField(models.BigIntegerField())  # ids from the root down to the community
    unit = models.BigIntegerField()  # 0: nobody has had it yet
    case_type = models.CharField(max_length=64)
    reason = models.CharField(max_length=32, blank=True)  # why it is left out
    contact = models.CharField(
        max_length=12
    )  # "open", "met", "missed", "aside", "" without a clock
    handled = models.CharField(max_length=12)  # the same, and "overdue"
    answer = models.CharField(max_length=12)  # as measured, or "" where nobody is asked
    solved = models.BooleanField()
    satisfied = models.BooleanField(null=True)  # NULL: did not say
    redone = models.BooleanField()

    class Meta:
        abstract = True


class Fact(CaseFacts):
    """A case as now known: the fold of its events (`insight.rules`)."""

    memory = models.JSONField()

    class Meta:
        indexes = [
            models.Index("opened_at", "case", name="fact_opened"),
            models.Index("unit", "opened_at", "case", name="fact_unit"),
        ]


class Counts(models.Model):
    """How many cases of a month, area, unit and type; `reason` names those left out for it."""

    month = models.DateField()
    area = models.BigIntegerField()
    unit = models.BigIntegerField()
    case_type = models.CharField(max_length=64)
    reason = models.CharField(max_length=32)

    class Meta:
        abstract = True


for _name in COLUMNS:
    models.IntegerField(default=0).contribute_to_class(Counts, _name)


class Count(Counts):
    """As now known. Every case is counted in each of its areas, so that any level reads alike."""

    pk = models.CompositePrimaryKey("area", "month", "unit", "case_type", "reason")


class WeekCount(Counts):
    """The same by weeks: what is called month here holds the week's Monday."""

    pk = models.CompositePrimaryKey("area", "month", "unit", "case_type", "reason")


class Publication(models.Model):
    """The figures of a month: first shown to the units alone, then published and frozen."""

    class State(models.TextChoices):
        PREVIEW = "preview"
        PUBLISHED = "published"

    uuid = models.UUIDField(unique=True, default=uuid7)
    month = models.DateField()
    number = models.IntegerField()  # version: the old ones stay
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State)
    shown_at = models.DateTimeField()
    appeals_until = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    upheld = models.IntegerField(default=0)  # appeals that changed something since the last version

    class Meta:
        constraints = [models.UniqueConstraint("month", "number", name="publication_version")]


class FrozenFact(CaseFacts):
    """A case as it was published."""

    pk = models.CompositePrimaryKey("publication_id", "case")
    case = models.UUIDField()
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")


class FrozenCount(Counts):
    """The numbers as they were published. Nobody changes them."""

    pk = models.CompositePrimaryKey("publication_id", "area", "unit", "case_type", "reason")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="published_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Appeal(models.Model):
    """Somebody asks that a case, or part of it, be not counted; another decides."""

    class State(models.TextChoices):
        FILED = "filed"
        UPHELD = "upheld"
        REFUSED = "refused"
        OBJECTED = "objected"  # the resident does not agree: a second reviewer decides

    uuid = models.UUIDField(unique=True, default=uuid7)
    case = models.UUIDField(db_index=True)
    number = models.CharField(max_length=12)  # the case's
    area_path = models.CharField(max_length=120)
    unit = models.BigIntegerField()  # whose rates it concerns
    kind = models.CharField(max_length=12)
    ground = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=State)
    words = models.UUIDField()  # content id of the unit's reason
    decision = models.UUIDField(null=True)  # of the reviewer's
    objection = models.UUIDField(null=True)  # of the resident's
    filed_by = models.BigIntegerField()
    reviewed_by = models.BigIntegerField(null=True)  # who decided first
    final = models.BooleanField(default=False)
    filed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    object_until = models.DateTimeField(null=True)
    version = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case", "kind", name="appeal_open_once",
                condition=Q(state__in=["filed", "objected"]),
            )
        ]  # fmt: skip
        indexes = [models.Index("state", "filed_at", name="appeal_waiting")]


class Mark(models.Model):
    """What one unit says of another for a quarter. Of units only: there are no marks of people."""

    uuid = models.UUIDField(unique=True)
    period = models.CharField(max_length=8)
    unit = models.BigIntegerField()
    by_unit = models.BigIntegerField()
    side = models.CharField(max_length=12)  # "superior" or "departments"
    given = models.JSONField()  # step by aspect
    given_at = models.DateTimeField()
    given_by = models.BigIntegerField(null=True)  # a user, who spoke for the unit

    class Meta:
        constraints = [
            models.UniqueConstraint("period", "unit", "by_unit", "side", name="mark_once")
        ]


class Assessment(models.Model):
    """A quarter's open assessment as it was published, in versions. Nobody changes them."""

    uuid = models.UUIDField(unique=True)
    period = models.CharField(max_length=8)
    number = models.IntegerField()
    body = models.JSONField()  # weights, and each unit's sides (`assessing.row`)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("period", "number", name="assessment_version")]
        triggers = [
            pgtrigger.Protect(
                name="assessment_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
