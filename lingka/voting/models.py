"""Votes, their rolls, and what is in the box while they run.

A secret ballot is a random id and sealed bytes of one length: no voter, no time, no number. When it
is counted, it goes, and so does the key that it was sealed with; sums alone stay. While a vote
runs, the rows of a voter and of a ballot bear one transaction's number: `docs/voting.md` says what
that tells to whom.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from lingka.voting import triggers


class Vote(models.Model):
    """A question that is put to a roll, under a rule that is kept as it was when it opened."""

    uuid = models.UUIDField(unique=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    question = models.JSONField()  # {language: text}
    about = models.JSONField(default=dict)
    options = models.JSONField()  # [{language: text}]
    proposal = models.BooleanField()  # in favour or against; else one of several is chosen
    rule_key = models.SlugField(max_length=40)
    rule = models.JSONField()
    secret = models.BooleanField()
    invited = models.JSONField()  # who will be in the roll; {} once it is frozen
    state = models.CharField(max_length=10, default="draft")  # `rules.STATES`
    closes_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    key = models.BinaryField(null=True)  # of the box, sealed under core.crypto, until counted
    why = models.JSONField(default=dict)  # it was cancelled
    result = models.JSONField(null=True)  # as published
    hash = models.BinaryField(max_length=32, null=True)  # of the result's canonical JSON
    near_told = models.BooleanField(default=False, db_default=False)  # told of before its end

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vote_whole",
                condition=Q(state="draft", opened_at=None, closed_at=None, key=None)
                | Q(state="open", closed_at=None) & ~Q(opened_at=None)
                | Q(state="closed") & ~Q(opened_at=None) & ~Q(closed_at=None)
                | Q(state="counted", key=None) & ~Q(closed_at=None)
                | Q(state="cancelled", key=None),
            ),
            models.CheckConstraint(
                name="vote_told_when_counted",
                condition=Q(state="counted", result__isnull=False, hash__isnull=False)
                | ~Q(state="counted") & Q(result__isnull=True, hash__isnull=True),
            ),
            models.CheckConstraint(
                name="vote_key_while_secret",
                condition=Q(secret=True) & ~Q(state__in=["open", "closed"])
                | Q(secret=True, key__isnull=False)
                | Q(secret=False, key__isnull=True),
            ),
        ]
        indexes = [
            models.Index("closes_at", name="votes_due", condition=Q(state="open")),
            models.Index("state", "closes_at", name="votes_by_state"),
        ]
        triggers = triggers.VOTE


class Voter(models.Model):
    """Somebody in a roll: a member, or a number on paper. That they voted is all that is noted."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="voters", db_index=False)
    number = models.IntegerField()  # drawn by lot at opening
    member = models.UUIDField(null=True)
    size = models.DecimalField(max_digits=9, decimal_places=2, null=True)  # square metres
    voted = models.CharField(max_length=6, blank=True)  # "", "online" or "paper"

    class Meta:
        constraints = [
            models.UniqueConstraint("vote", "number", name="voter_number_once"),
            models.UniqueConstraint("vote", "member", name="voter_once"),
            models.CheckConstraint(
                name="voter_fits",
                condition=Q(voted__in=["", "online", "paper"], number__gte=1)
                & (Q(size__isnull=True) | Q(size__gt=0)),
            ),
        ]
        triggers = triggers.VOTER


class Ballot(models.Model):
    """What lies in the box of a secret vote."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="ballots")
    sealed = models.BinaryField(max_length=29)

    class Meta:
        triggers = triggers.BALLOT


class Named(models.Model):
    """A ballot of an open vote. One on paper is entered by one colleague, confirmed by another."""

    voter = models.OneToOneField(
        Voter, primary_key=True, on_delete=models.PROTECT, related_name="named"
    )
    choice = models.SmallIntegerField()  # an option's number, `rules.BLANK` or `rules.INVALID`
    entered_by = models.BigIntegerField(null=True)  # a user; none: by the voter
    confirmed_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="named_by_two",
                condition=Q(confirmed_by__isnull=True)
                | Q(entered_by__isnull=False) & ~Q(confirmed_by=F("entered_by")),
            )
        ]
        triggers = triggers.NAMED


class PaperCount(models.Model):
    """What one colleague counted of a secret vote's paper; it goes when the vote is counted."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="paper_counts")
    by = models.BigIntegerField()  # a user
    counts = models.JSONField()  # [each option…, blank, invalid]

    class Meta:
        constraints = [models.UniqueConstraint("vote", "by", name="paper_counted_once_each")]


class Follower(models.Model):
    """A member who asked to be told of the votes in whose rolls they are."""

    member = models.UUIDField(primary_key=True)
