"""Which of two corrections of a place counts: decided by its administrator, once."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import actions as areas
from lingka.core import events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.field import places
from lingka.field.events import CorrectionDecided
from lingka.field.models import Operation


@transaction.atomic
def decide(operation: int, *, actor: Actor, take: bool) -> None:
    """Write what the worker said over what stands there now, or leave it as it is."""
    row = (
        Operation.objects.select_for_update()
        .filter(id=operation, kind="place", status=Operation.Status.CONFLICT)
        .first()
    )
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    place = places.of(row, posts) if row else None
    if row is None or row.result is None or place is None:
        raise Problem("missing", _("There is nothing to decide here."), status=404)
    if "decided" in row.result:
        return
    if take:
        said = row.result["said"]
        seen = areas.correct_place(place.uuid, said, actor=actor)
        now = {name: {"from": seen.now[name], "to": one["to"]} for name, one in said.items()}
        areas.correct_place(UUID(str(place.uuid)), now, actor=actor)
    told = CorrectionDecided(str(place.uuid), take, sorted(row.result["said"]))
    events.record(told, stream_id=uuid7(), actor=actor, after=events.NEW)
    _same(row).update(result={**row.result, "decided": "taken" if take else "left"})


def _same(row: Operation) -> QuerySet[Operation]:
    """It, and what it was answered on other phones of the worker that brought it again."""
    return Operation.objects.filter(
        device__user_id=row.device.user_id, op_id=row.op_id, kind=row.kind, record=row.record,
        status=row.status,
    )  # fmt: skip
