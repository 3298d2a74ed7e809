"""Rows beside the work: none of them is part of a case, all of them end."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """Words that somebody has begun to write to a case and not sent. Erased when sent, or old."""

    user_id = models.BigIntegerField()
    case_uuid = models.UUIDField()
    kind = models.CharField(max_length=8)  # "reply" to the resident, or "note" among colleagues
    words = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("user_id", "case_uuid", "kind", name="draft_once")]


class Mention(models.Model):
    """A colleague was named in an internal note. Gone when seen, or old."""

    position = models.BigIntegerField()  # of the event that tells of it
    user_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    case_uuid = models.UUIDField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("position", "user_id", name="mention_once")]
        indexes = [
            models.Index("user_id", "id", name="mention_unseen", condition=Q(seen_at__isnull=True))
        ]


class ReplyVersion(models.Model):
    """A standard reply of the town's own, or in the place of one that is shipped. Immutable.

    `body` is as in cases/replies.yaml; empty: not offered from then on.
    """

    uuid = models.UUIDField()  # of the reply's history
    key = models.SlugField(max_length=48)
    number = models.IntegerField()
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("key", "number", name="reply_version")]
        triggers = [
            pgtrigger.Protect(
                name="reply_version_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class ListFile(models.Model):
    """A list that somebody takes out as an Excel file: made by and by, private, soon gone."""

    class State(models.TextChoices):
        WAITING = "waiting"
        MAKING = "making"
        DONE = "done"
        FAILED = "failed"

    uuid = models.UUIDField(unique=True)
    user_id = models.BigIntegerField()
    posts = ArrayField(models.BigIntegerField())  # by which it was asked for; they must still hold
    listing = models.SlugField(max_length=48)
    query = models.JSONField(default=dict)
    language = models.CharField(max_length=12)
    keys = models.JSONField(default=list)  # ids of the rows, as the list stood when it was asked
    done = models.IntegerField(default=0)  # so many of them are in the file's rows
    written = models.BigIntegerField(default=0)  # bytes of those rows: what lies behind is torn
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("user_id", "id", name="list_file_own")]
