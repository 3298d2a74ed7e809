"""Whoever can be given work, what each serves and promised, and the calendars that clocks use."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7


class Calendar(models.Model):
    """Working time of one or many units; what counts is in its versions."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    key = models.SlugField(unique=True)
    name = models.JSONField()


class CalendarVersion(models.Model):
    """Working hours and holidays from a date on. Immutable: a change is a new version."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    hours = models.JSONField()  # {"0": [["09:30", "13:00"], ["15:30", "18:30"]], …}, Monday = 0
    country = models.CharField(max_length=8, blank=True)  # for the `holidays` library
    days_off = models.JSONField(default=dict)  # {"2027-02-07": {"zh-hans": "洛萨", …}}
    days_on = models.JSONField(default=dict)  # make-up working days, the same shape
    years_entered = models.JSONField(default=list)  # years the library lacks, entered by hand
    valid_from = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="calendar_version_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
        constraints = [
            models.UniqueConstraint("calendar", "number", name="calendar_version_number")
        ]


class Unit(models.Model):
    """A department, street or community office, grid team, partner, service team…"""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("Department")
        STREET_OFFICE = "street_office", _("Street or town office")
        COMMUNITY_OFFICE = "community_office", _("Community or village office")
        GRID_TEAM = "grid_team", _("Grid team")
        UTILITY = "utility", _("Utility")
        PARTNER = "partner", _("Partner unit")
        ENTERPRISE = "enterprise", _("Enterprise")
        SOCIAL_ORGANISATION = "social_organisation", _("Social organisation")
        SERVICE_TEAM = "service_team", _("Service team")

    uuid = models.UUIDField(unique=True, default=uuid7)
    key = models.SlugField(unique=True, max_length=80)
    kind = models.CharField(max_length=32, choices=Kind)
    name = models.JSONField()
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=24, blank=True)  # the office's, never a person's
    active = models.BooleanField(default=True)


class Service(models.Model):
    """Who serves which area for which case types: what routing chooses from."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="services")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    case_type = models.CharField(max_length=64)  # "water.burst", or its category "water", or "*"
    basis = models.JSONField()  # why, in words a resident can read, three languages
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index("case_type", "area", name="service_lookup")]


class AgreementDocument(models.Model):
    """The signed paper of an agreement, once by the hash of its bytes. Staff read it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()
    name = models.CharField(max_length=120)  # as the file was called


class Agreement(models.Model):
    """One version of what a unit promises, for which areas and work, until when (共建协议).

    Immutable: a change, a renewal, an early end are each a new version of the same `uuid`.
    """

    uuid = models.UUIDField(default=uuid7)
    number = models.IntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    areas = models.JSONField()  # their ids
    case_types = models.JSONField(default=list)  # what routing may call on it for
    promise = models.JSONField()  # in words a resident can read, three languages
    valid_from = models.DateField()
    valid_to = models.DateField()  # not included: every agreement ends
    document = models.ForeignKey(
        AgreementDocument, null=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="agreement_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
        constraints = [models.UniqueConstraint("uuid", "number", name="agreement_version")]


class DutyList(models.Model):
    """An activated version of what a level must do, helps with, must not be given. Immutable."""

    key = models.SlugField(max_length=64)
    number = models.IntegerField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    activated_at = models.DateTimeField()
    activated_by = models.BigIntegerField(null=True)  # a user; NULL: shipped with the package

    class Meta:
        constraints = [models.UniqueConstraint("key", "number", name="duty_list_version")]
        triggers = [
            pgtrigger.Protect(
                name="duty_list_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Revision(models.Model):
    """Changes with every change of units, services or calendars: other processes look here."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=uuid7)
