"""Activities, when they take place, and who has a place in them. Members are UUIDs, no more."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lingka.core.ids import uuid7


class Activity(models.Model):
    """Something to help with: drafted by a desk, approved by another, then public."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RETURNED = "returned"  # to whoever wrote it
        APPROVED = "approved"
        PUBLISHED = "published"
        CANCELLED = "cancelled"

    uuid = models.UUIDField(unique=True, default=uuid7)
    code = models.CharField(max_length=8, unique=True)  # in the poster's link: /v/<code>
    kind = models.CharField(max_length=16)  # of members' service kinds
    training = models.BooleanField(default=False)  # stands under training in a record
    need = models.ForeignKey(  # that it was made from
        "Need", null=True, on_delete=models.PROTECT, related_name="activities"
    )
    campaign = models.ForeignKey(  # whose places are seen to there
        "Campaign", null=True, on_delete=models.PROTECT, related_name="activities"
    )
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    text = models.JSONField()
    where = models.JSONField()  # the meeting point, in words
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    drafted_by = models.BigIntegerField()  # a user
    changed_by = models.BigIntegerField(null=True)  # a user, last, before it was approved
    approved_by = models.BigIntegerField(null=True)  # never who drafted or changed it
    asked_for = models.TextField(blank=True)  # when it was returned; until it is approved
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="activity_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="activity_approved_as_it_is",
                condition=Q(approved_by=None)
                | Q(changed_by=None)
                | ~Q(approved_by=F("changed_by")),
            ),
            models.CheckConstraint(
                name="activity_public_once_approved",
                condition=~Q(state="published") | ~Q(approved_by=None) & ~Q(published_at=None),
            ),
        ]
        indexes = [models.Index("area", "state", name="activity_of_area")]


class Campaign(models.Model):
    """Many places that are seen to one by one, by whoever takes part in its activities."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    code = models.CharField(max_length=8, unique=True)  # in its link: /v/campaigns/<code>
    kind = models.CharField(max_length=16)  # of members' service kinds
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    text = models.JSONField()
    begins_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    summary = models.JSONField(null=True)  # written when it closes: numbers of places

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_begins",
                condition=Q(ends_on__gte=F("begins_on")),
            ),
            models.CheckConstraint(
                name="campaign_closed_with_a_summary",
                condition=Q(closed_at=None, summary=None)
                | Q(closed_at__isnull=False, summary__isnull=False),
            ),
        ]
        indexes = [models.Index("area", "closed_at", name="campaign_of_area")]


class CampaignPlace(models.Model):
    """One place of a campaign, in walking order. Nothing says who marked it."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        ABSENT = "absent"  # nobody was there
        AGAIN = "again"  # somebody comes again later

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="places")
    place = models.ForeignKey("areas.Place", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    class Meta:
        constraints = [models.UniqueConstraint("campaign", "place", name="place_once_a_campaign")]


class Team(models.Model):
    """People who serve together, led by one of them. Whoever leads or joins does so by choice."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    code = models.CharField(max_length=8, unique=True)  # that its captain passes on
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)  # of members' service kinds
    name = models.CharField(max_length=40)
    skills = ArrayField(models.CharField(max_length=16))  # of data/skills.yaml
    languages = ArrayField(models.CharField(max_length=12))  # that its people speak
    captain = models.UUIDField(null=True)  # a member
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # by the community's desk
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="team_led_until_it_ends",
                condition=Q(ended_at=None) & ~Q(captain=None) | ~Q(ended_at=None) & Q(captain=None),
            )
        ]
        indexes = [models.Index("area", name="team_of_area", condition=Q(ended_at=None))]


class TeamMember(models.Model):
    """Somebody is in a team. It goes when they leave it, and with the team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    member = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("team", "member", name="once_in_a_team")]


class Shift(models.Model):
    """One time that an activity takes place."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.SmallIntegerField()
    secret = models.BinaryField(max_length=32)  # what its changing codes are made from
    closed_at = models.DateTimeField(null=True)  # hours confirmed, or called off
    off = models.CharField(max_length=8, blank=True)  # why it does not take place
    # Who added it to an activity that was public already, until somebody else has looked.
    added_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "activity", "starts_at", name="no_time_twice", condition=Q(off="")
            ),
            models.CheckConstraint(
                name="shift_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(name="shift_has_places", condition=Q(places__gt=0)),
        ]
        indexes = [models.Index("starts_at", name="shift_by_time")]

    @property
    def is_open(self) -> bool:
        """Whether everybody reads it, and it is neither called off nor confirmed."""
        public = self.activity.state == Activity.State.PUBLISHED
        return public and self.closed_at is None and self.added_by is None


class Service(models.Model):
    """A member's place in a shift, and what they served there. Whoever left is not named."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for a place
        GOING = "going"
        HERE = "here"
        GONE = "gone"  # checked out, hours not confirmed yet
        REVIEW = "review"  # forgot to check out
        SERVED = "served"  # hours confirmed
        MISSED = "missed"  # nothing counts, and nothing is held against anybody
        CANCELLED = "cancelled"  # by themselves
        OFF = "off"  # it does not take place

    uuid = models.UUIDField(unique=True, default=uuid7)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="services")
    member = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=State)
    asked_at = models.DateTimeField()  # decides who moves up first
    in_at = models.DateTimeField(null=True)
    out_at = models.DateTimeField(null=True)
    listed_by = models.BigIntegerField(null=True)  # a user, where no code was scanned
    by_captain = models.BooleanField(default=False)  # their team's captain kept the list
    # Through which they have the place; none where they signed up by themselves, which is no
    # captain's to see.
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    minutes = models.SmallIntegerField(null=True)
    corrections = models.SmallIntegerField(default=0)  # of confirmed minutes; the newest stand
    reminded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("shift", "member", name="one_place_a_member"),
            models.CheckConstraint(
                name="service_out_after_in",
                condition=Q(out_at=None) | Q(in_at__isnull=False, out_at__gte=F("in_at")),
            ),
            models.CheckConstraint(
                name="service_minutes_when_served",
                condition=Q(state="served", minutes__gte=0) | ~Q(state="served") & Q(minutes=None),
            ),
        ]
        indexes = [
            models.Index("member", name="service_of_member", condition=~Q(member=None)),
            models.Index("shift", "state", "asked_at", name="service_of_shift"),
        ]


class Certificate(models.Model):
    """What a member's paper says, so that its code can be checked. It goes when they leave."""

    code = models.CharField(max_length=8, unique=True)
    member = models.UUIDField(db_index=True)
    first_day = models.DateField()
    last_day = models.DateField()
    times = models.IntegerField()
    minutes = models.IntegerField()
    issued_on = models.DateField()


class Need(models.Model):
    """What a community needs: published by its desk, pledged by a unit. Each ends done, as a wish,
    as a project, or declined with a reason."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"  # pledged: nothing is delivered yet
        DONE = "done"  # delivered, says the community
        WISH = "wish"
        PROJECT = "project"
        DECLINED = "declined"

    uuid = models.UUIDField(unique=True, default=uuid7)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    title = models.JSONField()
    text = models.JSONField()
    weekdays = ArrayField(models.SmallIntegerField())  # Monday is 0
    times = ArrayField(models.CharField(max_length=12))  # members' `rules.TIMES`
    until = models.DateField()  # needed until then
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    taken_by = models.ForeignKey(
        "units.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    languages = ArrayField(models.CharField(max_length=8), default=list)  # that are spoken there
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)  # why it was declined: everybody reads it
    became = models.CharField(max_length=12, blank=True)  # the wish's or the project's code

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="need_taken_by_somebody",
                condition=~Q(state__in=["taken", "done"])
                | ~Q(taken_by=None) & Q(team=None)
                | Q(taken_by=None) & ~Q(team=None),
            ),
            models.CheckConstraint(
                name="need_ended_when_over",
                condition=Q(state__in=["open", "taken"], ended_at=None)
                | Q(state__in=["done", "wish", "project", "declined"]) & ~Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="need_declined_with_a_reason", condition=~Q(state="declined") | ~Q(why="")
            ),
        ]
        indexes = [models.Index("area", "state", name="need_of_area")]


class Resource(models.Model):
    """What a unit has standing idle and lends: a kitchen, a hall, a van, and when."""

    uuid = models.UUIDField(unique=True, default=uuid7)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    title = models.JSONField()
    text = models.JSONField()
    weekdays = ArrayField(models.SmallIntegerField())
    times = ArrayField(models.CharField(max_length=12))
    languages = ArrayField(models.CharField(max_length=8), default=list)
    until = models.DateField()
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("area", "kind", name="resource_of_area")]
