"""The list kept on a phone without a network: who came and left then, heard of later."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.volunteering import rules
from lingka.volunteering.actions.serving import mark_come, mark_gone, of_service
from lingka.volunteering.models import Service, Shift

State = Service.State


@transaction.atomic
def tick(shift: UUID, service: UUID, at: datetime, *, left: bool, actor: Actor) -> bool:
    """The list's keeper saw somebody come or leave then. False where that is known already, by the
    code or from another list: the first counts, and nobody is there twice."""
    held, mine = of_service(service, actor)
    if held.uuid != shift or mine.member is None:  # they left Lingka meanwhile: nobody's list
        raise Problem("no_service", _("There is no such entry."), status=404)
    known = mine.out_at if left else mine.in_at
    if known is not None:
        return False
    _must_have_gone_on(held, at)
    if left:
        _leave(held, mine, at, actor)
    elif mine.state == State.GOING:
        mark_come(held, mine, actor, at=at, listed=True)
    else:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    return True


def _must_have_gone_on(held: Shift, at: datetime) -> None:
    if not held.is_open or not rules.open_for_scanning(held.starts_at, held.ends_at, at):
        raise Problem("not_now", _("It is not the time for this."), status=409)


def _leave(held: Shift, mine: Service, at: datetime, actor: Actor) -> None:
    if mine.in_at is None:
        raise Problem("not_come", _("They have not come yet, by the list."), status=409)
    if at < mine.in_at:
        said = _("By the list they came later than this.")
        raise Problem("before", said, status=409)
    mark_gone(held, mine, actor, at=at, listed=True)
