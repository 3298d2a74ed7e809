"""The tree of areas, the places in it, and what became of areas when boundaries were redrawn."""

import pgtrigger
from django.db import models
from django.db.models import Q

_TOUCH = """
INSERT INTO areas_revision (id, token) VALUES (1, gen_random_uuid())
ON CONFLICT (id) DO UPDATE SET token = EXCLUDED.token;
RETURN NULL;
"""


def _touch(name: str) -> pgtrigger.Trigger:
    """Say in `Revision` that rows changed, by whatever way: a rolled back change says nothing."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_TOUCH,
    )


class Revision(models.Model):
    """One row whose token changes with the areas or places: caches of other processes look."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField()


class Area(models.Model):
    """A node of the area tree, from the city down to the grid."""

    class Kind(models.TextChoices):
        COMPREHENSIVE = "comprehensive"
        DEDICATED = "dedicated"
        MOBILE = "mobile"

    uuid = models.UUIDField(unique=True)
    level = models.CharField(max_length=16)  # installation data: city, district, street…
    code = models.CharField(max_length=24)  # 12 digits, a grid has 3 more
    name = models.JSONField()  # {"zh-hans": …, "bo": …, "en": …}
    kind = models.CharField(max_length=16, choices=Kind, blank=True)  # grids only
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=120)  # "/1/5/33/": ids from the root to this one
    boundary = models.BinaryField(null=True)  # WKB polygon or multipolygon, WGS 84
    lon = models.FloatField(null=True)  # a point inside, for labels
    lat = models.FloatField(null=True)
    households = models.IntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # first day on which it is no longer valid

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "code", name="area_code_now", condition=Q(valid_to__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"])
        ]
        triggers = [_touch("area_changed")]


class Succession(models.Model):
    """What replaced an area when boundaries were redrawn."""

    predecessor = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="precursors")

    class Meta:
        constraints = [models.UniqueConstraint("predecessor", "successor", name="succession_once")]


class Place(models.Model):
    """A building, shop, flat, river bend… in a grid, with a QR code on it."""

    uuid = models.UUIDField(unique=True)
    code = models.CharField(max_length=12, unique=True)  # in the QR code's link: /p/<code>
    kind = models.CharField(max_length=24)
    name = models.JSONField()
    address = models.JSONField(default=dict)
    grid = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="places")
    lon = models.FloatField()
    lat = models.FloatField()
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index("lat", "lon", name="place_near")]
        triggers = [_touch("place_changed")]
