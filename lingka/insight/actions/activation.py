"""Versions of the rates come into force: checked, hashed, stored for good."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, histories
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.faults import refuse
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.insight import checker
from lingka.insight.definitions import plain, shipped
from lingka.insight.events import DefinitionActivated
from lingka.insight.models import Definition
from lingka.insight.selectors import definitions

STREAM = UUID("6b1f9d0e-2c55-5a3e-9a0f-3f6f2f6f7a10")  # names the one stream of all versions


def activate(body: dict[str, Any], *, actor: Actor) -> Definition:
    """Put a version into force; the newest already in force is given back unchanged.

    Raises Problem "faulty" (422) that names every fault, and "past" where it would change what
    was counted already: only the first version may begin before today.
    """
    body = plain(body)
    refuse(checker.faults(body))
    digest = digest_of(body)
    with transaction.atomic():
        last = Definition.objects.order_by("-number").first()
        if last and last.content_hash == digest:
            return last
        return _add(body, digest, last, actor)


def _add(body: dict[str, Any], digest: str, last: Definition | None, actor: Actor) -> Definition:
    since = date.fromisoformat(body["valid_from"])
    if last and since <= timezone.localtime(clock.now()).date():
        raise Problem(
            "past",
            _("A new version counts from tomorrow on: what was counted already stays."),
            status=422,
        )
    number = last.number + 1 if last else 1
    if last:  # the first one is no news: it comes with the package
        record(
            DefinitionActivated(number, body["valid_from"], digest),
            stream_id=uuid5(STREAM, "rates"), actor=actor,
        )  # fmt: skip
    made = Definition.objects.create(
        number=number, body=body, content_hash=digest, valid_from=since,
        activated_at=clock.now(),
        activated_by=histories.by(actor) if last else actor.id,
    )  # fmt: skip
    transaction.on_commit(definitions.forget)
    definitions.forget()
    return made


def activate_shipped() -> Definition:
    """Activate what comes with the package where nothing is in force yet.

    A newer seed never takes the place of a version in force: rates change when a town says so.
    """
    first = Definition.objects.order_by("number").first()
    return first or activate(shipped(), actor=SYSTEM)
