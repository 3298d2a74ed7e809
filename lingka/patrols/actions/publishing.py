"""Putting checklists into force and taking them out of use."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import codes, datafiles, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.patrols import permissions, schema
from lingka.patrols.events import ChecklistPublished, ChecklistRetired
from lingka.patrols.selectors.catalogue import CHECKLISTS
from lingka.patrols.selectors.sounds import lacking_sounds

NAMING = UUID("0f0e6a3c-8f57-5d0b-9a86-51b5f6a0c3d2")  # held while recordings are named or go
SHIPPED = Path(__file__).parents[1] / "data" / "checklists"
LONGEST_REASON = 300


@transaction.atomic
def publish_checklist(key: str, body: Mapping[str, Any], *, actor: Actor, reason: str = "") -> int:
    """Put a version into force and return its number; the same again changes nothing.

    Raises Problem "checklist" (422); its `at` says where, as in "items.2.text.bo".
    """
    must(permissions.may_publish(actor))
    locks.hold(NAMING)
    for fault in lacking_sounds(body):
        raise schema.refusal(fault)
    said = reason.strip()[:LONGEST_REASON]
    version, made = CHECKLISTS.keep(key, body, actor=actor, reason=said)
    if made:
        told = ChecklistPublished(key, version.number, version.content_hash)
        record(told, stream_id=version.checklist.uuid, actor=actor)
    return int(version.number)


def new_key() -> str:
    """A key for a checklist that has none yet: addresses say nothing, titles change."""
    return f"checklist-{codes.short_code().lower()}"


@transaction.atomic
def retire_checklist(key: str, *, actor: Actor) -> None:
    """Use it no more. Its versions stay: places were looked at by them."""
    must(permissions.may_publish(actor))
    checklist = CHECKLISTS.retire(key)
    if checklist is None:
        raise Problem("unknown_checklist", _("There is no such checklist."), status=404)
    record(ChecklistRetired(key), stream_id=checklist.uuid, actor=actor)


@transaction.atomic
def publish_shipped() -> None:
    """Put into force what comes with the package, where a town has not put its own."""
    CHECKLISTS.ship(shipped())


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
