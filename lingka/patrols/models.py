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


class Sound(models.Model):
    """A question of a checklist as somebody spoke it: made anew from what was recorded, so that
    nothing but sound is in it. Versions name it by its hash; it is short, and lies in the database.
    """

    uuid = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()
    seconds = models.FloatField()
    made_at = models.DateTimeField()


class Drive(models.Model):
    """Several units look at an area for some time under one name, each by a plan of its own."""

    uuid = models.UUIDField(unique=True)
    name = models.JSONField()  # authored, all languages
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True)  # before its last day

    class Meta:
        indexes = [models.Index(fields=["area", "-begins_on"], name="drive_area_day")]


class JointVisit(models.Model):
    """Units that were at a place together on a day. Neither hour nor anybody's name."""

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="visits")
    place = models.ForeignKey("areas.Place", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    units = models.JSONField()  # ids, in order

    class Meta:
        constraints = [models.UniqueConstraint("drive", "place", "day", name="joint_visit_once")]


class Plan(models.Model):
    """A round that comes again: what it says is in its versions."""

    uuid = models.UUIDField(unique=True)
    number = models.IntegerField()  # of the version in force
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    drive = models.ForeignKey(Drive, null=True, on_delete=models.PROTECT, related_name="plans")


class PlanVersion(models.Model):
    """What is walked from a moment on, and why it was changed. Immutable.

    `body` is as `lingka.patrols.plans` says.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    body = models.JSONField()
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)  # a user; NULL: Lingka itself

    class Meta:
        constraints = [models.UniqueConstraint("plan", "number", name="plan_version")]
        triggers = [
            pgtrigger.Protect(
                name="plan_version_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Round(models.Model):
    """A plan on one day. Its stops are places; no way between them is kept, and neither who set out
    nor when they did or came back."""

    class State(models.TextChoices):
        PLANNED = "planned"
        STARTED = "started"
        ENDED = "ended"
        MISSED = "missed"
        CANCELLED = "cancelled"

    uuid = models.UUIDField(unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    plan_number = models.IntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=16)
    name = models.JSONField()
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    version = models.IntegerField(default=1)  # grows with every change
    missed_at = models.DateTimeField(null=True)
    in_a_row = models.IntegerField(default=0)  # so many of the plan were missed, this one included
    brought_to = models.ForeignKey(
        "areas.Area", null=True, on_delete=models.PROTECT, related_name="+"
    )  # whose desk is told that it was missed
    excuse = models.CharField(max_length=16, blank=True)  # why it was missed, one of few

    class Meta:
        constraints = [models.UniqueConstraint("plan", "day", name="round_once_a_day")]
        indexes = [
            models.Index("unit", "day", name="round_unit_day"),
            models.Index("day", "area", name="round_day_area"),
        ]


class Stop(models.Model):
    """A place on a round, and what came of it. When is not kept: one after the other, the times
    would be the way of whoever walks."""

    uuid = models.UUIDField(unique=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stops")
    number = models.IntegerField()  # in walking order
    place = models.ForeignKey("areas.Place", on_delete=models.PROTECT, related_name="+")
    checklist = models.SlugField(max_length=64, blank=True)
    note = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, blank=True)  # "done", "skipped" or nothing yet
    reason = models.CharField(max_length=16, blank=True)  # why it was skipped, one of few
    words = models.UUIDField(null=True)  # content, where none of the few fits

    class Meta:
        constraints = [models.UniqueConstraint("round", "number", name="stop_number")]


class Submission(models.Model):
    """A checklist that was gone through at a place. The answers are content; the sums are here.

    Of when there is the day, and neither who nor in which order: it would be a way. Its own key
    is not counted on for that, and what came later at the same stop has a higher turn.
    """

    key = models.UUIDField(unique=True)  # the client's: again is the same
    checklist = models.SlugField(max_length=64)
    version = models.IntegerField()
    place = models.ForeignKey("areas.Place", null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="+")
    stop = models.ForeignKey(Stop, null=True, on_delete=models.PROTECT, related_name="submissions")
    content_hash = models.CharField(max_length=64)  # tells a retry from something else
    answers = models.UUIDField()  # content
    failed = models.JSONField(default=list)  # keys of items
    in_order = models.IntegerField()
    looked_at = models.IntegerField()
    attachments = models.JSONField(default=list)
    cases = models.JSONField(default=list)  # the hazards that it opened
    day = models.DateField()
    turn = models.SmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["place", "-day"], name="submission_place_day")]


class Entry(models.Model):
    """A place in a register, as it stands. `registers` says what it holds; nothing of anybody."""

    uuid = models.UUIDField(unique=True)
    register = models.SlugField(max_length=32)
    place = models.ForeignKey("areas.Place", on_delete=models.PROTECT, related_name="+")
    state = models.SlugField(max_length=32)
    values = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    since = models.DateField()  # when it last changed
    seen_on = models.DateField()  # when somebody last looked, whatever they saw
    written_on = models.DateField()  # when it was last written here: phones are told from then on
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "register", "place", name="entry_once", condition=models.Q(ended_on=None)
            )
        ]
        indexes = [models.Index("register", "place", name="entry_register_place")]


class EntryState(models.Model):
    """What an entry held from a day on. Written at a desk, or on a round: neither hour nor who, and
    the row's own key is not counted on."""

    class How(models.TextChoices):
        DESK = "desk"
        ROUND = "round"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="states")
    turn = models.IntegerField()  # of the entry: 1, 2, 3…
    day = models.DateField()
    how = models.CharField(max_length=8, choices=How)
    state = models.SlugField(max_length=32)
    values = models.JSONField(default=dict)
    cases = models.JSONField(default=list)  # the hazards that were found with it
    clashing = models.BooleanField(default=False)  # seen otherwise meanwhile: not what it holds

    class Meta:
        constraints = [models.UniqueConstraint("entry", "turn", name="entry_state_turn")]


class Decision(models.Model):
    """What a monthly review decided, with what it became: a case, or a version of a plan."""

    uuid = models.UUIDField(unique=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    words = models.UUIDField()  # content
    case = models.UUIDField(null=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    plan_number = models.IntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index("area", "month", name="decision_area_month")]
