"""Councils, topics, meetings, what was decided and who carries it out.

No row says what somebody thinks: who stands behind a proposal is kept to count them once and to
tell them what became of it, and is listed nowhere; of those who came, a number.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from lingka.core.ids import uuid7


class Council(models.Model):
    """Where the neighbours of an area sit together, with the unit that keeps the table."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    key = models.SlugField(max_length=64, unique=True)  # in its address
    kind = models.SlugField(max_length=32)  # of data/venues.yaml
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()
    about = models.JSONField(default=dict)  # when and where it sits, as its page says it
    seats = models.SmallIntegerField(null=True)  # where its quorum is a share of them
    closed_at = models.DateTimeField(null=True)
    why = models.UUIDField(null=True)  # content: why it was closed
    successor = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )  # fmt: skip


class Topic(models.Model):
    """What is brought before a council."""

    class State(models.TextChoices):
        ASKED = "asked"  # a neighbour's proposal, nobody has looked at it yet
        OPEN = "open"
        AGENDA = "agenda"
        VOTING = "voting"  # of lingka/voting, whose result moves it
        ADOPTED = "adopted"  # nobody carries it out yet
        IN_WORK = "in_work"
        RETURNED = "returned"  # overdue or not done: it comes to the table again
        DONE = "done"
        REJECTED = "rejected"
        DECLINED = "declined"  # not for this council; the desk said why

    class Origin(models.TextChoices):
        PROPOSAL = "proposal"
        OFFICE = "office"
        CASE = "case"

    uuid = models.UUIDField(unique=True, default=uuid7)
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="topics")
    origin = models.CharField(max_length=10, choices=Origin)
    case = models.UUIDField(null=True)
    words = models.UUIDField()  # content: {"title", "text"}
    said = models.UUIDField(null=True)  # content: why it was declined
    state = models.CharField(max_length=10, choices=State)
    raised_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True, default=uuid7)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="topic_of_a_case_names_it",
                condition=Q(origin="case", case__isnull=False)
                | ~Q(origin="case") & Q(case__isnull=True),
            ),
            models.UniqueConstraint("case", name="case_before_a_council_once"),
        ]
        indexes = [models.Index("council", "state", name="topic_of_council")]


class Backing(models.Model):
    """A member behind a topic, or only told of it. It goes when they withdraw, leave, or when the
    topic is over for long. Whose a topic is, it says only of who wished points for it."""

    id = models.UUIDField(primary_key=True, default=uuid4)  # which says nothing of when
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="backings")
    member = models.UUIDField(db_index=True)
    supports = models.BooleanField()
    thanked = models.BooleanField(default=False)  # it is theirs, and they wish points for it

    class Meta:
        constraints = [
            models.UniqueConstraint("topic", "member", name="backing_once"),
            models.UniqueConstraint(
                "topic", name="backing_thanked_once", condition=Q(thanked=True)
            ),
        ]


class Material(models.Model):
    """A plan, a picture: what one should have seen before deciding."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="materials")
    name = models.CharField(max_length=60)
    attachment = models.UUIDField()


class Meeting(models.Model):
    """One time that a council sits."""

    class State(models.TextChoices):
        PLANNED = "planned"
        CONVENED = "convened"  # the invitation is public
        HELD = "held"
        CALLED_OFF = "called_off"

    uuid = models.UUIDField(unique=True, default=uuid7)
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    where = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    secret = models.BinaryField(max_length=32)  # what its changing codes are made from
    present = models.SmallIntegerField(default=0)  # a count, of nobody in particular
    minutes = models.UUIDField(null=True)  # content
    recording = models.UUIDField(null=True)  # an attachment, until the minutes are written

    class Meta:
        constraints = [
            models.CheckConstraint(name="meeting_counts_people", condition=Q(present__gte=0))
        ]
        indexes = [models.Index("council", "starts_at", name="meeting_of_council")]


class Item(models.Model):
    """A topic on a meeting's agenda."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint("meeting", "topic", name="topic_once_a_meeting")]


class Invited(models.Model):
    """A group or a unit that is asked to come for a topic, and why."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="invited")
    name = models.CharField(max_length=60, blank=True)  # of a group: no person's
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.SlugField(max_length=16)  # of data/reasons.yaml

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invited_is_somebody",
                condition=Q(unit__isnull=True) & ~Q(name="") | Q(unit__isnull=False, name=""),
            )
        ]


class Poll(models.Model):
    """A topic that was put to a vote of lingka/voting, which keeps the roll, the box and the sums;
    here, what came of it."""

    class Outcome(models.TextChoices):
        CARRIED = "carried"
        REJECTED = "rejected"
        NO_QUORUM = "no_quorum"  # too few took part: nothing is decided
        CANCELLED = "cancelled"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="polls")
    vote = models.UUIDField(unique=True)
    words = models.UUIDField()  # content: {"decision", "dissent"}, decided if it is carried
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)  # "": it goes on
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("topic", name="poll_one_at_a_time", condition=Q(outcome="")),
            models.CheckConstraint(
                name="poll_ended_with_an_outcome",
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & ~Q(ended_at=None),
            ),
        ]


class Contribution(models.Model):
    """What a member wrote on a topic. It bears no name; who wrote it is kept to tell them what
    became of it, until they take it back, leave, or the topic is over for long."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="contributions")
    answers = models.UUIDField(null=True)  # a contribution that is no reply itself, or is gone
    member = models.UUIDField(null=True, db_index=True)
    words = models.UUIDField()  # content
    language = models.CharField(max_length=8)
    said_at = models.DateTimeField()
    rule = models.SlugField(max_length=16, blank=True)  # of data/talk.yaml: it is hidden
    hidden_by = models.BigIntegerField(null=True)  # a user
    objection = models.UUIDField(null=True)  # content, once
    judged_at = models.DateTimeField(null=True)  # by somebody else, the last word
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contribution_hidden_by_a_rule",
                condition=Q(rule="", hidden_by=None) | ~Q(rule="") & ~Q(hidden_by=None),
            )
        ]
        indexes = [models.Index("topic", "id", name="contribution_of_topic")]


class Decision(models.Model):
    """What was decided on a topic: by hands at a table, or by a vote that was counted."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="decisions")
    item = models.OneToOneField(
        Item, null=True, on_delete=models.PROTECT, related_name="decision"
    )  # fmt: skip
    poll = models.OneToOneField(
        Poll, null=True, on_delete=models.PROTECT, related_name="decision"
    )  # fmt: skip
    yes = models.SmallIntegerField(null=True)
    no = models.SmallIntegerField(null=True)
    abstained = models.SmallIntegerField(null=True)
    adopted = models.BooleanField()
    words = models.UUIDField()  # content: {"decision", "dissent"}, arguments without names

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_by_hands_or_by_a_vote",
                condition=Q(
                    item__isnull=False, poll__isnull=True, yes__gte=0, no__gte=0, abstained__gte=0
                )
                | Q(
                    item__isnull=True,
                    poll__isnull=False,
                    yes__isnull=True,
                    no__isnull=True,
                    abstained__isnull=True,
                ),
            )
        ]


class Resolution(models.Model):
    """What is carried out: by whom, until when, with what money; its case shows how it goes."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="resolution")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    budget = models.IntegerField(null=True)  # in whole units of the town's money
    case = models.UUIDField(unique=True)
    number = models.CharField(max_length=12)  # the case's
    late = models.BooleanField(default=False)
    report = models.UUIDField(null=True)  # content: what was read out
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="resolution_budget", condition=Q(budget=None) | Q(budget__gte=0)
            ),
        ]
        indexes = [models.Index(F("until"), name="resolution_until", condition=Q(ended_at=None))]
