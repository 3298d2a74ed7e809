"""The case as it now stands: a projection of its events, which replaying them gives again."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast


class Definition(models.Model):
    """An activated workflow, catalogue of case types, deadline policy or rule set. Immutable."""

    class Kind(models.TextChoices):
        WORKFLOW = "workflow"
        CASE_TYPES = "case_types"
        DEADLINES = "deadlines"

    kind = models.CharField(max_length=16, choices=Kind)
    key = models.SlugField(max_length=64)
    number = models.IntegerField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    activated_at = models.DateTimeField()
    activated_by = models.BigIntegerField(null=True)  # a user; NULL: shipped with the package

    class Meta:
        constraints = [models.UniqueConstraint("kind", "key", "number", name="definition_version")]
        triggers = [
            pgtrigger.Protect(
                name="definition_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Stage(models.TextChoices):
    INTAKE = "intake"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    VERIFICATION = "verification"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Case(models.Model):
    """One matter, one code, followed until closed. Written by `cases.actions` alone."""

    uuid = models.UUIDField(unique=True)
    number = models.CharField(max_length=12, unique=True)  # "5KX87M" with check digit
    case_type = models.CharField(max_length=64)
    catalogue = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=32)
    stage = models.CharField(max_length=16, choices=Stage)
    owner = models.CharField(max_length=32, blank=True)  # relation that has to act now
    urgent = models.BooleanField(default=False)
    grid = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120, blank=True)  # of the grid, or the desk's area
    place = models.ForeignKey("areas.Place", null=True, on_delete=models.PROTECT, related_name="+")
    desk_area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    lead_unit = models.ForeignKey(
        "units.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # fold of the events, shapes in `cases.workflow`:
    assignments = models.JSONField(default=list)
    clocks = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)  # routing reason, returns, rounds, handler, asked…
    helpers = ArrayField(models.BigIntegerField(), null=True)  # units that co-handle it now
    words = models.UUIDField(null=True)  # content id of the first report's words
    location = models.UUIDField(null=True)  # content id of the exact point and address
    h3 = models.BigIntegerField(null=True)  # resolution 9 cell, for nearness
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # earliest running deadline, for queues
    wake_at = models.DateTimeField(null=True)  # when a clock next needs attention
    closed_at = models.DateTimeField(null=True)
    version = models.IntegerField()  # sequence of its last event
    head = models.BinaryField(max_length=32)  # hash of its last event

    class Meta:
        indexes = [
            models.Index("wake_at", name="case_wake", condition=Q(wake_at__isnull=False)),
            models.Index(
                "owner",
                "desk_area",
                "due_at",
                "id",
                name="case_desk_queue",
                condition=~Q(stage="closed"),
            ),
            models.Index(
                "owner",
                "lead_unit",
                "due_at",
                "id",
                name="case_unit_queue",
                condition=~Q(stage="closed"),
            ),
            models.Index(
                "desk_area",
                "due_at",
                "id",
                name="case_owed_beside",
                condition=(
                    Q(facts__has_key="extension")
                    | Q(facts__has_key="dispute")
                    | Q(facts__has_key="level")
                )
                & ~Q(stage="closed"),
            ),
            models.Index(
                Cast(KT("facts__reinspector"), models.BigIntegerField()),
                name="case_looked_at_again",
                condition=Q(facts__has_key="reinspector") & ~Q(stage="closed"),
            ),
            models.Index(
                Cast(KT("facts__leader"), models.BigIntegerField()),
                name="case_led",
                condition=Q(facts__has_key="leader") & ~Q(stage="closed"),
            ),
            models.Index(
                Cast(KT("facts__route__member"), models.BigIntegerField()),
                name="case_claimed_by_member",
                condition=Q(facts__route__has_key="member") & ~Q(stage="closed"),
            ),
            GinIndex(  # written at once: a list of pending entries would be read by every queue
                "helpers",
                name="case_helpers",
                fastupdate=False,
                condition=Q(helpers__isnull=False) & ~Q(stage="closed"),
            ),
            models.Index("grid", models.F("id").desc(), name="case_by_grid"),
            models.Index("changed_at", "id", name="case_changed"),
            models.Index("opened_at", "id", name="case_opened"),
            models.Index("h3", "case_type", name="case_open_near", condition=~Q(stage="closed")),
        ]


class Unattended(models.Model):
    """A case whose time has come and that the engine could not attend to: tried again later."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="+")
    attempts = models.IntegerField()
    error = models.TextField()
    since = models.DateTimeField()
    next_try_at = models.DateTimeField()


class Recomputing(models.Model):
    """Open deadlines have to be computed anew by a calendar version; done up to a case."""

    version = models.BigIntegerField(primary_key=True)  # of the calendar
    starts = models.DateField()  # before this day the version is not in force
    after = models.BigIntegerField(default=0)  # the last case that was looked at


class Receipt(models.Model):
    """What one reporter holds: follows the case, answers, rates. One per reporter."""

    uuid = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=8, default="reporter")  # or "follower" ("me too"), "left"
    # what it was a receipt of before that was merged into `case`
    came_from = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    token_key = models.SmallIntegerField(default=1)  # which server key derives the token
    short_code = models.CharField(max_length=12, unique=True)
    language = models.CharField(max_length=12)
    idempotency_key = models.UUIDField(unique=True, null=True)
    payload_hash = models.BinaryField(max_length=32, null=True)
    share_words = models.BooleanField(default=False)  # agreed to their words being shown in public
    created_at = models.DateTimeField()


class AssignmentLink(models.Model):
    """Lets a unit without accounts accept and report one assignment, for a while."""

    uuid = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)  # of the assignment: "lead" or "co"
    token_hash = models.BinaryField(max_length=32, unique=True)
    token_key = models.SmallIntegerField()  # which server key derives the token
    note = models.UUIDField()  # content id of what the desk asks for, in the desk's words
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Contact(models.Model):
    """How one reporter can be reached: encrypted, of one receipt, erased after closing."""

    receipt = models.OneToOneField(Receipt, on_delete=models.CASCADE, related_name="contact")
    sealed = models.BinaryField()  # {"name", "phone", "email", "push"} under core.crypto
    phone_mac = models.BinaryField(max_length=32, null=True)
    erase_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("erase_at", name="contact_erase", condition=Q(erase_at__isnull=False)),
            models.Index("phone_mac", name="contact_number", condition=Q(phone_mac__isnull=False)),
        ]


class ContactReading(models.Model):
    """Who read a contact, when, and the reason given."""

    PRESENTED = "@presented"  # nobody wrote a reason: the number came with a call
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="readings")
    user_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)
    read_at = models.DateTimeField(auto_now_add=True)


class Rating(models.Model):
    """What the resident says: solved? satisfied? quick? kind? One per receipt and round."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="ratings")
    round = models.IntegerField()
    solved = models.BooleanField()
    satisfied = models.CharField(max_length=8, blank=True)  # "yes", "fair", "no"
    speed = models.CharField(max_length=8, blank=True)  # "quick", "fair", "slow"
    manner = models.CharField(max_length=8, blank=True)  # "good", "fair", "poor"
    words = models.UUIDField(null=True)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("receipt", "round", name="rating_once_a_round")]


class Blob(models.Model):
    """A re-encoded file, stored once by the hash of its bytes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=32)
    size = models.IntegerField()
    references = models.IntegerField(default=0)


class Attachment(models.Model):
    """A photo or voice note of a case."""

    uuid = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=8)  # "photo", "voice"
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    received_sha256 = models.CharField(max_length=64)  # of the bytes as they came
    seconds = models.FloatField(null=True)
    audience = models.CharField(max_length=8, default="case")  # "case": staff and reporter; "staff"
    event_sequence = models.IntegerField(null=True)  # which event brought it
    held = models.BooleanField(db_default=False)  # its report waits for a look: not to be swept
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A list of the desk that somebody named: the filters as they stand in its link."""

    user_id = models.BigIntegerField()
    uuid = models.UUIDField(unique=True, db_default=RandomUUID())  # in the link for colleagues
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint("user_id", "name", name="saved_view_name")]
