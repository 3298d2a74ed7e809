"""Other platforms, what they say of their cases, what we told them, and each exchange."""

from django.db import models
from django.db.models import Q


class Peer(models.Model):
    """Another platform. `mapping` is a mapping file of `lingka.intake.imports`."""

    class Shares(models.TextChoices):
        OWN = "own"  # how their own cases stand here
        LISTED = "listed"  # and every case that anybody may see

    uuid = models.UUIDField(unique=True)
    key = models.SlugField(unique=True, max_length=40)  # the `source` of its rows, for ever
    name = models.JSONField()  # {language: text}
    mapping = models.TextField()
    address = models.CharField(max_length=300, blank=True)  # of its Open311, "" for files alone
    sealed_key = models.BinaryField(null=True)  # with which we report there
    shares = models.CharField(max_length=8, choices=Shares, default=Shares.OWN)
    answers = models.BooleanField(default=False)  # what units answer on their cases goes over too
    asks_with = models.BinaryField(null=True)  # a key's hash, with which they ask what changed
    active = models.BooleanField(default=True)
    pulled_until = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)
    files = models.IntegerField(default=0)  # written for it


class Theirs(models.Model):
    """What a platform says of one of its cases."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="theirs")
    their_id = models.CharField(max_length=120)
    is_open = models.BooleanField(null=True)  # NULL: it does not say
    changed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("peer", "their_id", name="theirs_once")]


class Given(models.Model):
    """What a platform was told of one of our cases, and its number there where we reported it."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="given")
    case_uuid = models.UUIDField()
    version = models.IntegerField(default=0)  # of the case, as told last
    their_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("peer", "case_uuid", name="given_once"),
            models.UniqueConstraint(
                fields=["peer", "their_id"], condition=~Q(their_id=""), name="given_their_id"
            ),
        ]


class Run(models.Model):
    """One exchange: what came or went, and what did not."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8)  # take, send, pull, push, compare
    name = models.CharField(max_length=200, blank=True)  # of the file
    digest = models.CharField(max_length=64, blank=True)  # of a file that was taken to its end
    counts = models.JSONField()
    faults = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(models.F("peer"), models.F("id").desc(), name="exchange_run_newest")
        ]
