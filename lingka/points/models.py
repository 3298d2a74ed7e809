"""The ledger, and apart from it whose an account is.

Accounts have random ids, and legs name nothing else. `Owner` alone leads from an account to a
member; its row can be erased, and then nothing does.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from lingka.points import book, triggers

KEPT = Q(kind__in=book.HOLDERS)


class Account(models.Model):
    """A holder's, with its balance; or a ledger's own, whose sum is asked of its legs.

    The ledgers' own keep none, so nobody waits for anybody there.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    ledger = models.CharField(max_length=8)  # `book.LEDGERS`
    kind = models.CharField(max_length=8)  # `book.HOLDERS`, values of `book.OTHER`
    balance = models.BigIntegerField(null=True)  # written by triggers alone
    held = models.BigIntegerField(default=0)  # what open holds keep of it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_account_known",
                condition=Q(
                    ledger__in=list(book.LEDGERS), kind__in=[*book.HOLDERS, *book.OTHER.values()]
                ),
            ),
            models.CheckConstraint(
                name="points_account_kept",
                condition=KEPT & Q(balance__isnull=False) | ~KEPT & Q(balance__isnull=True, held=0),
            ),
            models.CheckConstraint(
                name="points_never_below_zero",
                condition=Q(held__gte=0) & (Q(balance__isnull=True) | Q(balance__gte=F("held"))),
            ),
            models.UniqueConstraint(
                "ledger", "kind", name="points_own_account_once", condition=~KEPT
            ),
        ]
        triggers = triggers.ACCOUNT


class Owner(models.Model):
    """Whose an account is: a member's or a unit's. Deleted, the account is nobody's for ever."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    ledger = models.CharField(max_length=8)
    member = models.UUIDField(null=True)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_owner_is_one",
                condition=Q(member__isnull=False, unit__isnull=True)
                | Q(member__isnull=True, unit__isnull=False),
            ),
            models.UniqueConstraint("member", "ledger", name="points_member_once"),
            models.UniqueConstraint("unit", "ledger", name="points_unit_once"),
        ]


class Transfer(models.Model):
    """Points that changed hands, whole or not at all. Append-only."""

    uuid = models.UUIDField(unique=True)  # where its event stands; a hold's, where it posts one
    ledger = models.CharField(max_length=8)
    kind = models.CharField(max_length=8)  # `book.KINDS`
    ground = models.CharField(max_length=16, blank=True)  # `book.GROUNDS`, of what was earned
    reason = models.CharField(max_length=16, blank=True)  # `book.REASONS`, of corrections
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversal"
    )
    key = models.UUIDField(unique=True)  # chosen by whoever asked
    digest = models.BinaryField(max_length=32)  # of what was asked
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_transfer_known",
                condition=Q(ledger__in=list(book.LEDGERS), kind__in=list(book.KINDS)),
            ),
            models.CheckConstraint(
                name="points_ground_known",
                condition=Q(kind="earn", ground__in=list(book.GROUNDS))
                | ~Q(kind="earn") & Q(ground=""),
            ),
            models.CheckConstraint(
                name="points_reason_known",
                condition=Q(kind="reverse", reverses__isnull=False, reason__in=list(book.REASONS))
                | ~Q(kind="reverse") & Q(reverses__isnull=True, reason=""),
            ),
        ]
        triggers = triggers.TRANSFER


class Leg(models.Model):
    """What one account gains or loses by a transfer. Append-only."""

    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="legs", db_index=False
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    expires_on = models.DateField(null=True)  # what was earned: the day on which its rest goes

    class Meta:
        constraints = [
            models.UniqueConstraint("transfer", "account", name="points_leg_once"),
            models.CheckConstraint(name="points_leg_moves", condition=~Q(amount=0)),
        ]
        triggers = triggers.LEG


class Hold(models.Model):
    """Points kept for a moment: then posted, voided or expired, once."""

    uuid = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=8, default="open")  # `book.HOLD_STATES`
    key = models.UUIDField(unique=True)
    digest = models.BinaryField(max_length=32)
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    transfer = models.OneToOneField(
        Transfer, null=True, on_delete=models.PROTECT, related_name="hold"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_hold_holds",
                condition=Q(amount__gt=0, expires_at__gt=F("placed_at")),
            ),
            models.CheckConstraint(
                name="points_hold_ends",
                condition=Q(state="open", ended_at__isnull=True, transfer__isnull=True)
                | Q(state="posted", ended_at__isnull=False, transfer__isnull=False)
                | Q(state__in=["voided", "expired"], ended_at__isnull=False, transfer__isnull=True),
            ),
        ]
        indexes = [
            models.Index("account", "state", name="points_holds_of"),
            models.Index("expires_at", name="points_holds_due", condition=Q(state="open")),
        ]
        triggers = triggers.HOLD


class Balancing(models.Model):
    """One row: what the last look at all balances found. Legs are what counts; balances follow."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()
    accounts = models.BigIntegerField()
    legs = models.BigIntegerField()
    differences = models.BigIntegerField()
    first = models.CharField(max_length=200, blank=True)  # where, and what was found


class Award(models.Model):
    """What a rule gave an account for one occasion, so that it gives it once and no more than its
    caps. Deleted when the holder leaves; the entry stays, and nothing says what it was for."""

    uuid = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="award")
    rule = models.SlugField(max_length=64)
    number = models.IntegerField()  # of the rules' version
    source = models.BinaryField(max_length=32)  # keyed hash of the occasion
    day = models.DateField()
    points = models.BigIntegerField()
    area = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.BigIntegerField(null=True)  # a user, where a desk entered it
    review = models.CharField(max_length=8, blank=True)  # open, right, wrong; "" where not drawn
    about = models.UUIDField(null=True)  # the service or topic, for who looks at what was drawn
    reviewed_by = models.BigIntegerField(null=True)  # another user

    class Meta:
        constraints = [
            models.UniqueConstraint("rule", "source", "account", name="points_award_once"),
            models.CheckConstraint(
                name="points_award_reviewed",
                condition=Q(review__in=["", "open"], reviewed_by__isnull=True)
                | Q(review__in=["right", "wrong"], reviewed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="points_about_until_reviewed", condition=Q(about=None) | Q(review="open")
            ),
            models.CheckConstraint(
                name="points_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True)
                | Q(given_by__isnull=True)
                | ~Q(reviewed_by=F("given_by")),
            ),
        ]
        indexes = [
            models.Index("account", "rule", "day", name="points_awards_of"),
            models.Index("rule", "day", name="points_awards_by_day"),
            models.Index("id", name="points_to_review", condition=Q(review="open")),
        ]


class ExpiryNotice(models.Model):
    """An account's holder is told that points will go. Nothing goes that was not told of before."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()  # it is about what was to last until this day at the most
    expires_on = models.DateField()  # as told: never sooner than the rules say after telling
    points = models.BigIntegerField()
    told_on = models.DateField()
    settled_on = models.DateField(null=True)  # what was left of them then has gone
    night = models.UUIDField(null=True)  # the `HoldersTold` by which its member is sent a message

    class Meta:
        constraints = [
            models.UniqueConstraint("account", "until", name="points_told_once"),
            models.CheckConstraint(
                name="points_told_before", condition=Q(points__gt=0, told_on__lt=F("expires_on"))
            ),
        ]
        indexes = [
            models.Index(
                "expires_on", name="points_expiring", condition=Q(settled_on__isnull=True)
            ),
            models.Index("night", name="points_told_in", condition=Q(night__isnull=False)),
        ]


class Recognition(models.Model):
    """A year in which people were thanked, and for which thresholds. Frozen."""

    uuid = models.UUIDField(unique=True)  # where its event stands
    year = models.SmallIntegerField(unique=True)
    number = models.IntegerField()  # of the rules' version
    levels = models.JSONField()  # [{"key", "ledger", "at_least", "name"}], as they were then
    frozen_at = models.DateTimeField()

    class Meta:
        triggers = triggers.RECOGNITION


class Recognised(models.Model):
    """An account that reached a threshold in a year; deleted when its holder leaves. Named only as
    long as they wish it."""

    recognition = models.ForeignKey(
        Recognition, on_delete=models.PROTECT, related_name="recognised"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    level = models.SlugField(max_length=64)
    named = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("recognition", "account", name="points_recognised_once")
        ]
        triggers = triggers.RECOGNISED


class Shop(models.Model):
    """An exchange point 积分兑换点: a shop, a station. Who serves there works in its unit."""

    uuid = models.UUIDField(unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()  # {language: text}
    where = models.JSONField()  # how to find it, and when it is open
    closed_at = models.DateTimeField(null=True)


class Good(models.Model):
    """Something that points are exchanged for. `stock` follows `Move`, `kept` open holds."""

    uuid = models.UUIDField(unique=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="goods")
    name = models.JSONField()
    points = models.IntegerField()  # for one
    stock = models.IntegerField(default=0)  # written by triggers alone
    kept = models.IntegerField(default=0)  # of these, reserved
    sponsor = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    most = models.IntegerField(null=True)  # for one person in a year
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_stock_never_below_zero",
                condition=Q(kept__gte=0, stock__gte=F("kept")),
            ),
            models.CheckConstraint(
                name="points_good_costs",
                condition=Q(points__gt=0) & (Q(most__isnull=True) | Q(most__gt=0)),
            ),
        ]
        triggers = triggers.GOOD


class Move(models.Model):
    """Goods that came or went. Append-only."""

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="moves")
    change = models.IntegerField()
    why = models.CharField(max_length=10)  # `goods.WHYS`
    counted = models.IntegerField(null=True)  # what a count found; `change` is the difference
    by = models.BigIntegerField(null=True)  # a user
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_move_fits",
                condition=Q(why__in=["delivered", "returned"], change__gt=0, counted__isnull=True)
                | Q(why="handed", change__lt=0, counted__isnull=True)
                | Q(why="counted", counted__gte=0),
            )
        ]
        triggers = triggers.MOVE


class Reservation(models.Model):
    """One of a good, kept for whom a hold belongs to. It ends as its hold ends."""

    uuid = models.UUIDField(unique=True)
    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="+")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="reservation")
    code = models.CharField(max_length=12, unique=True)  # for reading out at the counter

    class Meta:
        triggers = triggers.RESERVATION
