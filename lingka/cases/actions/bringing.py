"""What reaches a case late, from where there was no network. Nothing of it is lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import permissions, rows
from lingka.cases.actions.attachments import waiting_attachments
from lingka.cases.events import BroughtIn
from lingka.cases.models import Attachment, Case
from lingka.cases.workflow import evolve
from lingka.core import contents, events
from lingka.core.actors import Actor
from lingka.core.events import Head
from lingka.core.problems import Problem
from lingka.core.text import written_in

STAFF_NOTE = {"name": "note", "audience": "staff"}


@transaction.atomic
def bring_in(
    case_uuid: UUID,
    *,
    actor: Actor,
    attachments: Sequence[UUID] = (),
    action: str = "",
    late: bool = False,
    words: str = "",
    op_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> int:
    """Add files of a report or action to a case in whatever stage it is, or what came too late.

    What came too late only staff read. Returns the version; the same `op_id` changes nothing.
    """
    case = Case.objects.select_for_update().filter(uuid=case_uuid).first()
    if case is None:
        raise Problem("unknown_case", _("There is no such case."), status=404)
    if op_id and events.by_operation(case_uuid, op_id):
        return case.version
    files = waiting_attachments(attachments)
    kept = contents.keep_all([("note", words, written_in(words))]) if words else []
    state = rows.state_of(case)
    seen = not late and any(one.kind == "photo" for one in files)
    changes: dict[str, Any] = {"facts": {"pictured": True}} if seen else {}
    done = events.record(
        BroughtIn(
            action, late, permissions.standing(case, state, actor).unit, changes,
            [STAFF_NOTE | {"language": written_in(words), **one.as_json()} for one in kept],
            [{"attachment": str(one.uuid), "hash": one.received_sha256} for one in files],
        ),
        stream_id=case.uuid, actor=actor, op_id=op_id, occurred_at=occurred_at,
        after=Head(case.version, bytes(case.head)),
    )  # fmt: skip
    rows.put(case, evolve(state, changes), done)
    case.save(update_fields=["facts", "version", "head"])
    Attachment.objects.filter(id__in=[one.id for one in files]).update(
        case=case, event_sequence=done.sequence, audience="staff" if late else "case"
    )
    return case.version
