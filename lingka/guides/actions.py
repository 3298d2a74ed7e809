"""Publishing and taking down guides."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import codes, datafiles
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.guides import permissions
from lingka.guides.events import GuidePublished, GuideRetired
from lingka.guides.selectors import GUIDES

SHIPPED = Path(__file__).parent / "data" / "guides.yaml"


@transaction.atomic
def publish(key: str, body: Mapping[str, Any], *, actor: Actor) -> int:
    """Put a version into force and return its number; the same words again change nothing.

    Raises Problem "guide" (422) beside the field that doesn't do.
    """
    _may(actor)
    version, made = GUIDES.keep(key, body, actor=actor)
    if made:
        told = GuidePublished(key, version.number, version.content_hash)
        record(told, stream_id=version.guide.uuid, actor=actor)
    return int(version.number)


def new_key() -> str:
    """A key for a guide that has none yet: addresses say nothing, titles change."""
    return f"guide-{codes.short_code().lower()}"


@transaction.atomic
def retire(key: str, *, actor: Actor) -> None:
    """Show a guide no more. Its versions stay: they were read to people."""
    _may(actor)
    guide = GUIDES.retire(key)
    if guide is None:
        raise Problem("unknown_guide", _("There is no such guide."), status=404)
    record(GuideRetired(key), stream_id=guide.uuid, actor=actor)


@transaction.atomic
def publish_shipped() -> None:
    """Put into force what comes with the package, where a town has not put its own."""
    GUIDES.ship(datafiles.read(SHIPPED))


def _may(actor: Actor) -> None:
    verdict = permissions.may_publish(actor)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
