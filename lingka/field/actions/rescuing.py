"""A phone's rescue file is brought in at the desk: each record once, as if the phone sent it."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.field import versions
from lingka.field.actions import files
from lingka.field.actions.devices import register
from lingka.field.actions.pushing import push
from lingka.field.models import Device
from lingka.field.rescued import Packed, Record, Rescue
from lingka.field.senders import Sender, in_the_name
from lingka.field.shapes import MOST_OPERATIONS, PushIn
from lingka.field.uploading import received

APP = "rescue"  # in place of an app's version: what came by files, of each worker as one phone
KINDS = {"image": "photo", "audio": "voice"}


@dataclass(frozen=True)
class Brought:
    """What became of a record, in words where it was not simply done."""

    title: str
    status: str
    complete: bool
    why: str


def bring_rescued(file: Rescue, *, actor: Actor) -> list[Brought]:
    """In the worker's own name. What the phone brought itself, or brings yet, is not done twice."""
    sender = _sender(file, actor)
    for record in file.records:
        for one in record.files:
            _bring_file(sender, record, one, file)
    found = []
    for at in range(0, len(file.records), MOST_OPERATIONS):
        found += _push(sender, file.records[at : at + MOST_OPERATIONS], file.schema)
    return found


def _sender(file: Rescue, actor: Actor) -> Sender:
    """Problem 403 for another's file: it would be recorded in the wrong name."""
    owner = Device.objects.filter(uuid=file.device).first() if file.device else None
    if owner is not None and owner.user_id != actor.id:
        message = _("This file is of somebody else’s phone. Let them sign in and bring it in.")
        raise Problem("other_user", message, field="file", status=403)
    return in_the_name(_device(file, actor), accounts.posts_of(actor.id or 0))


@transaction.atomic
def _device(file: Rescue, actor: Actor) -> Device:
    user = actor.id or 0
    known = Device.objects.filter(user_id=user, app=APP, revoked_at=None, evicted_at=None)
    found = known.order_by("id").first()
    if found is not None:
        return found
    name = _("Rescue file")
    return register(actor=actor, name=name, app=APP, schema=file.schema, former=None).device


def _bring_file(sender: Sender, record: Record, one: Packed, file: Rescue) -> None:
    """What is not whole or no picture stays behind: its record says that it is missing."""
    kind, data = KINDS.get(one.media.partition("/")[0]), file.data(one)
    if not data or kind is None:
        return
    try:
        about = UUID(str(record.operation["record"]))
        said = files.Announced(one.id, about, kind, len(data), one.sha256)
        upload = files.begin_file(sender, said)
        place = received(upload)
        if place < len(data):
            rest = io.BytesIO(data[place:])
            files.take_piece(sender, upload, place, rest, len(data) - place)
    except (Problem, ValueError):
        return


def _push(sender: Sender, part: list[Record], schema: int) -> list[Brought]:
    given = {
        "protocol": versions.PROTOCOLS[-1], "app": APP, "schema": schema,
        "sent_at": clock.now().isoformat(), "operations": [one.operation for one in part],
    }  # fmt: skip
    told = push(sender, PushIn.model_validate(given))["results"]
    return [_brought(record, one) for record, one in zip(part, told, strict=True)]


def _brought(record: Record, told: dict[str, Any]) -> Brought:
    problem = told["problem"] or {}
    return Brought(record.title, told["status"], told["complete"], str(problem.get("title", "")))
