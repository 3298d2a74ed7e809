"""Putting checklists into force and taking them out of use."""

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
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.patrols import permissions, schema
from lingka.patrols.events import ChecklistPublished, ChecklistRetired
from lingka.patrols.models import Checklist, ChecklistVersion

SHIPPED = Path(__file__).parents[1] / "data" / "checklists"
LONGEST_REASON = 300


@transaction.atomic
def publish_checklist(key: str, body: Mapping[str, Any], *, actor: Actor, reason: str = "") -> int:
    """Put a version into force and return its number; the same again changes nothing.

    Raises Problem "checklist" (422); its `at` says where, as in "items.2.text.bo".
    """
    must(permissions.may_publish(actor))
    version, made = _kept(key, body, actor, reason)
    if made:
        told = ChecklistPublished(key, version.number, version.content_hash)
        record(told, stream_id=version.checklist.uuid, actor=actor)
    return version.number


def _kept(
    key: str, body: Mapping[str, Any], actor: Actor, reason: str
) -> tuple[ChecklistVersion, bool]:
    """The version with this body in force, and whether that is new."""
    schema.check(body)
    checklist, _made = Checklist.objects.select_for_update().get_or_create(
        key=key, defaults={"uuid": uuid7()}
    )
    digest = sha256(rfc8785.dumps(dict(body))).hex()
    last = checklist.versions.order_by("-number").first()
    if last and last.content_hash == digest and checklist.retired_at is None:
        return last, False
    if checklist.retired_at is not None:
        checklist.retired_at = None
        checklist.save(update_fields=["retired_at"])
    version = ChecklistVersion.objects.create(
        checklist=checklist, number=last.number + 1 if last else 1, body=dict(body),
        content_hash=digest, reason=reason.strip()[:LONGEST_REASON], published_at=clock.now(),
        published_by=actor.id if actor.kind == "user" else None,
    )  # fmt: skip
    return version, True


def new_key() -> str:
    """A key for a checklist that has none yet: addresses say nothing, titles change."""
    return f"checklist-{codes.short_code().lower()}"


@transaction.atomic
def retire_checklist(key: str, *, actor: Actor) -> None:
    """Use it no more. Its versions stay: places were looked at by them."""
    must(permissions.may_publish(actor))
    checklist = Checklist.objects.select_for_update().filter(key=key, retired_at=None).first()
    if checklist is None:
        raise Problem("unknown_checklist", _("There is no such checklist."), status=404)
    checklist.retired_at = clock.now()
    checklist.save(update_fields=["retired_at"])
    record(ChecklistRetired(key), stream_id=checklist.uuid, actor=actor)


@transaction.atomic
def publish_shipped() -> None:
    """Put into force what comes with the package, where a town has not put its own in its place.

    No event tells of it: nobody did it, and the log of an empty installation is empty.
    """
    own = Q(retired_at__isnull=False) | Q(versions__published_by__isnull=False)
    theirs = set(Checklist.objects.filter(own).values_list("key", flat=True))
    for key, body in shipped().items():
        if key not in theirs:
            _kept(key, body, SYSTEM, "")


def shipped() -> dict[str, dict[str, Any]]:
    """The package's checklists by key, their dates as text."""
    found = {path.stem: datafiles.read(path) for path in sorted(SHIPPED.glob("*.yaml"))}
    for body in found.values():
        for source in body["sources"]:
            source["date"] = str(source["date"])
    return found


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
