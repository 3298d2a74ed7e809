"""Publishing and taking down guides."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, codes, datafiles
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import sha256
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.guides import permissions, rules
from lingka.guides.events import GuidePublished, GuideRetired
from lingka.guides.models import Guide, GuideVersion

SHIPPED = Path(__file__).parent / "data" / "guides.yaml"


@transaction.atomic
def publish(key: str, body: Mapping[str, Any], *, actor: Actor) -> int:
    """Put a version into force and return its number; the same words again change nothing.

    Raises Problem "guide" (422) beside the field that doesn't do.
    """
    _may(actor)
    version, made = _kept(key, body, actor)
    if made:
        told = GuidePublished(key, version.number, version.content_hash)
        record(told, stream_id=version.guide.uuid, actor=actor)
    return version.number


def _kept(key: str, body: Mapping[str, Any], actor: Actor) -> tuple[GuideVersion, bool]:
    """The version with this body in force, and whether that is new."""
    rules.check(body)
    guide, _made = Guide.objects.select_for_update().get_or_create(
        key=key, defaults={"uuid": uuid7()}
    )
    digest = sha256(rfc8785.dumps(dict(body))).hex()
    last = guide.versions.order_by("-number").first()
    if last and last.content_hash == digest and guide.retired_at is None:
        return last, False
    if guide.retired_at is not None:
        guide.retired_at = None
        guide.save(update_fields=["retired_at"])
    version = GuideVersion.objects.create(
        guide=guide, number=last.number + 1 if last else 1, body=dict(body), content_hash=digest,
        published_at=clock.now(), published_by=actor.id if actor.kind == "user" else None,
    )  # fmt: skip
    return version, True


def new_key() -> str:
    """A key for a guide that has none yet: addresses say nothing, titles change."""
    return f"guide-{codes.short_code().lower()}"


@transaction.atomic
def retire(key: str, *, actor: Actor) -> None:
    """Show a guide no more. Its versions stay: they were read to people."""
    _may(actor)
    guide = Guide.objects.select_for_update().filter(key=key, retired_at=None).first()
    if guide is None:
        raise Problem("unknown_guide", _("There is no such guide."), status=404)
    guide.retired_at = clock.now()
    guide.save(update_fields=["retired_at"])
    record(GuideRetired(key), stream_id=guide.uuid, actor=actor)


@transaction.atomic
def publish_shipped() -> None:
    """Put into force what comes with the package, where a town has not put its own in its place.

    No event tells of it: nobody did it, and the log of an empty installation is empty.
    """
    own = Q(retired_at__isnull=False) | Q(versions__published_by__isnull=False)
    theirs = set(Guide.objects.filter(own).values_list("key", flat=True))
    for key, body in datafiles.read(SHIPPED).items():
        if key not in theirs:
            _kept(key, body, SYSTEM)


def _may(actor: Actor) -> None:
    verdict = permissions.may_publish(actor)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
