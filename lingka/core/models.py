"""What every module stands on: the event log, its readers' cursors, and erasable content."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q


class Event(models.Model):
    """One thing that happened. Append-only; rows are written by `core.events.record` alone.

    `order_key` is the larger of the writing transaction's id and the order key of the stream's
    previous event. Reading by (order_key, position) below the oldest open transaction therefore
    skips nothing and keeps each stream in order (ADR 3).
    """

    position = models.BigAutoField(primary_key=True)
    order_key = models.BigIntegerField()
    stream = models.CharField(max_length=32)  # kind of stream: "case", "area", "user"…
    stream_id = models.UUIDField()
    sequence = models.IntegerField()  # 1, 2, 3… in the stream
    type = models.CharField(max_length=64)  # "cases.CaseOpened"
    version = models.SmallIntegerField()  # of the type's schema
    actor = models.JSONField()  # {"kind": "user", "id": 7, "post": 12}
    data = models.JSONField()  # ids and salted hashes only
    op_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    occurred_offset = models.SmallIntegerField(default=0)  # minutes east of UTC
    recorded_at = models.DateTimeField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint("stream_id", "sequence", name="event_stream_sequence"),
            models.UniqueConstraint(
                "stream_id", "op_id", name="event_op_id_once", condition=Q(op_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index("order_key", "position", name="event_delivery_order"),
            # Rows come in the order of this time, so a summary of each range of pages is enough:
            # it costs an insert next to nothing.
            BrinIndex("recorded_at", name="event_by_time", autosummarize=True),
        ]
        triggers = [
            pgtrigger.Protect(
                name="event_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(  # databases of tests are emptied between tests
                name="event_never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="IF current_database() NOT LIKE 'test%' THEN"
                " RAISE EXCEPTION 'events are never emptied'; END IF; RETURN NULL;",
            ),
        ]


class Content(models.Model):
    """Erasable words and facts that events only hash: free text, exact location, names.

    The hash in an event is SHA-256 over salt and canonical JSON of value (`core.contents`).
    Erasing sets value and salt to NULL, which makes the hash meaningless, and the row stays.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=32)  # "words", "location", "reply", "note"…
    language = models.CharField(max_length=12, blank=True)
    value = models.JSONField(null=True)
    salt = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="content_erased_whole",
                condition=Q(erased_at__isnull=True, salt__isnull=False)
                | Q(erased_at__isnull=False, salt__isnull=True, value__isnull=True),
            )
        ]


class Cursor(models.Model):
    """How far one receiver has read the event log."""

    receiver = models.CharField(max_length=64, primary_key=True)
    order_key = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)


class HeldDelivery(models.Model):
    """A delivery that failed, or waits behind one that failed in the same stream."""

    receiver = models.CharField(max_length=64)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    stream_id = models.UUIDField()
    sequence = models.IntegerField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)  # NULL: waits behind an earlier one
    error = models.TextField(blank=True)
    held_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("receiver", "event", name="held_once")]
        indexes = [
            models.Index("receiver", "stream_id", "sequence", name="held_by_stream"),
            models.Index(F("next_try_at").asc(nulls_last=True), name="held_next_try"),
        ]


class RuleVersion(models.Model):
    """A town's own version of rules of which there is one set (`core.rulebooks`). Immutable."""

    kind = models.CharField(max_length=32)
    number = models.IntegerField()  # 1, 2, 3…; 0 is what the package brings
    text = models.TextField()  # JSON, in its author's order
    content_hash = models.CharField(max_length=64)
    activated_at = models.DateTimeField()
    activated_by = models.BigIntegerField()  # a user; 0: the operator's command

    class Meta:
        constraints = [models.UniqueConstraint("kind", "number", name="rule_version_once")]
        triggers = [
            pgtrigger.Protect(
                name="rule_version_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Limit(models.Model):
    """How often something happened in the running window (`core.limits`)."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=32)
    key = models.BinaryField(max_length=32)  # keyed hash of an address or place
    window_ends = models.DateTimeField(db_index=True)
    hits = models.IntegerField()


class Epoch(models.Model):
    """One row: the life of this data. A restored backup begins another, and phones send again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField()
