"""The year's list of an area, its projects, their days, and why any of it changed.

What a user answers is nowhere, only sums are: as in surveys, a device carries a word that the
server made up for one asking alone, and a keyed hash knows it again until the asking ends.
"""

from django.db import models
from django.db.models import Q

from lingka.core.ids import uuid7


class YearList(models.Model):
    """What an area sets out to do in one year. Once it is public, nothing leaves it unsaid."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("area", "year", name="one_list_a_year")]


class Project(models.Model):
    class State(models.TextChoices):
        RUNNING = "running"
        ASKED = "asked"  # its owner says that it is done; its users are asked
        CONFIRMED = "confirmed"  # by its users
        FEW = "few"  # done, its owner says; too few users answered
        STOPPED = "stopped"

    uuid = models.UUIDField(unique=True, default=uuid7)
    code = models.CharField(max_length=8, unique=True)  # on the sign at the place: /projects/<code>
    of = models.ForeignKey(YearList, on_delete=models.PROTECT, related_name="projects")
    number = models.SmallIntegerField()
    title = models.JSONField()
    text = models.JSONField()
    where = models.JSONField()
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    planned = models.IntegerField()  # yuan
    spent = models.IntegerField(default=0)
    first_due = models.DateField()  # as it was published
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    done_on = models.DateField(null=True)  # as its owner says
    explained_on = models.DateField(null=True)  # the day `due` that was missed and explained
    round = models.SmallIntegerField(default=0)  # of asking
    secret = models.BinaryField(max_length=32, null=True)  # while its users are asked
    asked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("of", "number", name="project_number_in_list"),
            models.CheckConstraint(
                name="project_cost_not_negative", condition=Q(planned__gte=0, spent__gte=0)
            ),
            models.CheckConstraint(
                name="project_secret_while_asked",
                condition=Q(state="asked", secret__isnull=False, asked_until__isnull=False)
                | ~Q(state="asked") & Q(secret=None),
            ),
        ]


class Milestone(models.Model):
    uuid = models.UUIDField(unique=True, default=uuid7)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    title = models.JSONField()
    due = models.DateField()
    done_on = models.DateField(null=True)


class Photo(models.Model):
    """What everybody sees of a project. Its file is one of lingka/cases, held here."""

    class Shows(models.TextChoices):
        BEFORE = "before"
        WORK = "work"
        AFTER = "after"

    uuid = models.UUIDField(unique=True, default=uuid7)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="photos")
    milestone = models.ForeignKey(
        Milestone, null=True, on_delete=models.PROTECT, related_name="photos"
    )
    shows = models.CharField(max_length=6, choices=Shows)
    caption = models.CharField(max_length=120)
    attachment = models.UUIDField(unique=True)
    shown_on = models.DateField()


class Change(models.Model):
    """What was said in public when a day, a cost or the whole changed. Never taken back."""

    class Kind(models.TextChoices):
        MOVED = "moved"
        LATE = "late"
        COST = "cost"
        DENIED = "denied"  # its users say that it is not done
        STOPPED = "stopped"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    before = models.CharField(max_length=12, blank=True)  # an ISO day or yuan
    after = models.CharField(max_length=12, blank=True)
    why = models.TextField(blank=True)


class Tally(models.Model):
    """How many users chose an answer in one asking."""

    pk = models.CompositePrimaryKey("project_id", "round", "option")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    round = models.SmallIntegerField()
    option = models.CharField(max_length=8)
    answers = models.IntegerField(default=0)


class Spent(models.Model):
    """A device has answered in the asking that runs. Nothing leads from here to an answer."""

    pk = models.CompositePrimaryKey("project_id", "mark")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    mark = models.BinaryField(max_length=32)
