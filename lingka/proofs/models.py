"""The stored tree over all events, its signed heads, and what was found not to hold."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models


class Bundle(models.Model):
    """256 leaves in the order of the tree, and the events they stand for; the last may be short.

    The position of an event is the database's own name for it: no hash covers it, so each leaf
    says here which event it stands for.
    """

    number = models.BigIntegerField(primary_key=True)  # of leaves 256 · number and following
    seed = models.BinaryField(max_length=32)  # hides what leaves must not tell (`leaves`)
    positions = ArrayField(models.BigIntegerField())
    span = BigIntegerRangeField()  # from the least position to the greatest, to find one by
    hashes = models.BinaryField()

    class Meta:
        indexes = [GistIndex(fields=["span"], name="bundle_by_position")]


class Tile(models.Model):
    """Up to 256 hashes of complete subtrees over 256^level leaves each."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()  # 1, 2…
    number = models.BigIntegerField()
    hashes = models.BinaryField()


class TreeHead(models.Model):
    """The root over the first `size` events, signed: from then on they cannot change unseen."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    origin = models.CharField(max_length=255)  # whose log it is
    signatures = models.JSONField()  # [{"key": base64, "signature": base64}], newest key first

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="head_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]


class Look(models.Model):
    """How far the walk that looks at everything again and again has come. One row."""

    id = models.SmallIntegerField(primary_key=True)
    next_bundle = models.BigIntegerField(default=0)
    rounds = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)  # the last whole round


class Breach(models.Model):
    """Something that the walk found not to hold. It goes when a later round finds it whole."""

    bundle = models.BigIntegerField(db_index=True)
    where = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    found_at = models.DateTimeField()
