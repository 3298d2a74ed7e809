"""Stations, their rooms and days, and who booked what. Names and numbers stand apart."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.dates import WEEKDAYS


class Station(models.Model):
    """A place where people are served: a rest place, a reading room, a canteen, a touring stop…"""

    uuid = models.UUIDField(unique=True)
    key = models.SlugField(max_length=64, unique=True)  # in its address
    kind = models.SlugField(max_length=32)  # of data/kinds.yaml
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("areas.Place", on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()  # {language: text}
    about = models.JSONField(default=dict)
    audiences = models.JSONField(default=list)  # keys of data/audiences.yaml
    equipment = models.JSONField(default=list)  # keys of data/equipment.yaml
    hours = models.JSONField(null=True)  # {"0": [["09:00", "18:00"]], …}; None: its unit's
    on_holidays = models.BooleanField(default=False)  # open with its own hours all the same
    closed_at = models.DateTimeField(null=True)


class Room(models.Model):
    """What can be booked in a station."""

    uuid = models.UUIDField(unique=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="rooms")
    name = models.JSONField()
    seats = models.SmallIntegerField()
    equipment = models.JSONField(default=list)
    longest = models.SmallIntegerField(default=120)  # minutes of one booking
    needs_approval = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gte=1, longest__gte=30), name="room_takes_somebody"
            )
        ]


class SpecialDay(models.Model):
    """One day on which a station is open otherwise than usual, or not at all."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="special_days")
    day = models.DateField()
    hours = models.JSONField(default=list)  # [["10:00", "14:00"]]; empty: closed
    why = models.JSONField()  # {language: text}

    class Meta:
        constraints = [models.UniqueConstraint("station", "day", name="special_day_once")]


class Programme(models.Model):
    """What happens at a station: every week on a day, or once."""

    uuid = models.UUIDField(unique=True)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="programme")
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    weekday = models.SmallIntegerField(null=True)  # Monday = 0
    day = models.DateField(null=True)  # where it is not weekly
    starts = models.CharField(max_length=5)  # "09:30", in the town's time
    ends = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, day__isnull=True)
                | Q(weekday__isnull=True, day__isnull=False),
                name="programme_weekly_or_once",
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="programme_lasts"),
        ]

    @property
    def weekday_name(self) -> str:
        return "" if self.weekday is None else str(WEEKDAYS[self.weekday])


class Booking(models.Model):
    """What one group asked for, and holds a token of: one date, or the dates of a series."""

    uuid = models.UUIDField(unique=True)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    words = models.UUIDField()  # content: who comes and what for
    people = models.SmallIntegerField()
    language = models.CharField(max_length=12)
    token_hash = models.BinaryField(max_length=32, unique=True)
    token_key = models.SmallIntegerField()  # which server key derives the token
    short_code = models.CharField(max_length=12, unique=True)
    idempotency_key = models.UUIDField(unique=True)
    asked = models.BinaryField(max_length=32)  # hash of what was sent with that key
    missed = models.JSONField(default=list)  # [[moment, "closed" or "taken"]] of a series


class State(models.TextChoices):
    ASKED = "asked"  # waits for the station's word, and keeps the room meanwhile
    BOOKED = "booked"
    HERE = "here"  # checked in
    WAITING = "waiting"  # on the waiting list
    REFUSED = "refused"
    GIVEN_BACK = "given_back"
    RELEASED = "released"  # nobody came, or nobody answered in time


HOLDING = (State.ASKED, State.BOOKED, State.HERE)  # states in which nobody else has the room


class BookingDate(models.Model):
    """One time of a booking. That no two hold a room at once is a constraint, not only code."""

    uuid = models.UUIDField(unique=True)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="dates")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    come_by = models.DateTimeField()  # after this the room is free again
    said = models.UUIDField(null=True)  # content: why it was refused

    class Meta:
        indexes = [models.Index("room", "starts_at", name="booking_date_of_room")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_date_lasts"
            ),
            # A range of one number stands for "is the same room": plain PostgreSQL has no GiST
            # operator for equal numbers.
            ExclusionConstraint(
                name="one_group_in_a_room",
                expressions=[
                    (
                        Func(F("room"), F("room"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=[str(one) for one in HOLDING]),
            ),
        ]


class Contact(models.Model):
    """How a group can be reached: sealed, erased with its booking."""

    booking = models.UUIDField(unique=True)
    sealed = models.BinaryField()  # {"phone"} under core.crypto


class ContactReading(models.Model):
    """Who read a contact, when, and the reason given; the group sees it."""

    booking = models.UUIDField(db_index=True)
    user_id = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    read_at = models.DateTimeField()
