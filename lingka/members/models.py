"""Residents who take part by choice: to volunteer, to vote, to collect points.

A member is no user: no post, no password, no case. What is kept of one is here and whole; words
(the name they chose) are erasable content, the way to reach them lies apart, sealed.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lingka.core.ids import uuid7


class Member(models.Model):
    """Somebody who takes part. Whoever left is a number that leads nowhere."""

    uuid = models.UUIDField(unique=True)
    area = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.UUIDField(null=True)  # of the content row with the name that they chose
    workplace = models.ForeignKey(
        "units.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=12, blank=True)
    consent = models.CharField(max_length=16)  # which text they agreed to
    consented_at = models.DateTimeField()
    joined_at = models.DateTimeField()
    month = models.DateField(null=True)  # its first day: when they last came by, no finer
    warned_on = models.DateField(null=True)  # told that all goes unless they come by
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="member_left_whole",
                condition=Q(left_at=None) & ~Q(area=None) & ~Q(name=None) & ~Q(month=None)
                | ~Q(left_at=None)
                & Q(area=None, name=None, workplace=None, month=None, warned_on=None, language=""),
            )
        ]
        indexes = [
            models.Index("area", "workplace", name="member_here", condition=Q(left_at=None)),
            models.Index("month", name="member_by_month", condition=Q(left_at=None)),
        ]


class Reach(models.Model):
    """How a member is reached, sealed; `mac` serves to sign in and is matched by nothing else."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="reach")
    sealed = models.BinaryField()  # {"kind": "phone" | "email", "to"} under core.crypto
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint("mac", name="one_member_an_address")]


class Session(models.Model):
    """A browser in which a member is signed in. Only the hash of its key is kept, and no traces."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sessions")
    hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)


class Code(models.Model):
    """Six digits on their way to a number or address, for the one browser that asked for them.

    Whether somebody is a member is looked up only after the right digits came back.
    """

    hash = models.BinaryField(max_length=32, unique=True)  # of the asking browser's token
    sealed = models.BinaryField()  # {"kind", "to"}, until they are sent with the digits
    mac = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    digits = models.BinaryField(max_length=32)  # keyed hash with the salt
    tries = models.SmallIntegerField(default=0)
    language = models.CharField(max_length=12)
    member = models.ForeignKey(  # who changes their number to this one
        Member, null=True, on_delete=models.CASCADE, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)


class Workplace(models.Model):
    """A unit that checked in with a community: what its people help with there, and when.

    How many of them are members is a count, taken when the community confirms; who they are is
    nowhere on it.
    """

    uuid = models.UUIDField(unique=True, default=uuid7)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    kinds = ArrayField(models.CharField(max_length=16))  # of data/service_kinds.yaml
    weekdays = ArrayField(models.SmallIntegerField())  # Monday is 0
    times = ArrayField(models.CharField(max_length=12))  # `rules.TIMES`
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # by the community; none: asked for
    members = models.IntegerField(null=True)  # how many had named it then
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "unit", "area", name="workplace_once_a_community", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="workplace_counted_when_confirmed",
                condition=Q(confirmed_at=None, members=None)
                | ~Q(confirmed_at=None) & Q(members__gte=0),
            ),
        ]
