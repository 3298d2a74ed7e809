"""Internal notes that name colleagues. The resident reads neither the note nor who was named."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import permissions, rows
from lingka.cases.actions.contacts import tell
from lingka.cases.actions.performing import Performed, perform
from lingka.cases.events import ColleaguesMentioned
from lingka.cases.models import Case
from lingka.cases.selectors.colleagues import colleagues_of
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.desks import actions as desks

MOST = 10


@transaction.atomic
def put_above(case_uuid: UUID, *, actor: Actor) -> None:
    """Put a case before those who rule at a level above its desk: they are told, and it stands
    in their day until they have seen it."""
    case = Case.objects.select_for_update().get(uuid=case_uuid)
    users = [one.id for one in colleagues_of(case, actor, "above")]
    if users:
        unit = permissions.standing(case, rows.state_of(case), actor).unit
        position = tell(case, ColleaguesMentioned(users, unit, {}), actor=actor)
        desks.mention(case_uuid, users, actor=actor, position=position)


@transaction.atomic
def note(
    case_uuid: UUID,
    *,
    actor: Actor,
    words: str,
    mentioned: Iterable[int] = (),
    op_id: UUID | None = None,
    expected_version: int | None = None,
) -> Performed:
    """Write an internal note; colleagues who may see the case can be named in it and are told."""
    done = perform(
        case_uuid, "note", actor=actor, data={"note": words}, op_id=op_id,
        expected_version=expected_version,
    )  # fmt: skip
    users = sorted(set(mentioned))
    case = Case.objects.select_for_update().get(uuid=case_uuid)
    if not users or case.version != done.version:  # sent twice: they have been told
        return done
    if len(users) > MOST or not {one.id for one in colleagues_of(case, actor)}.issuperset(users):
        message = _("Choose up to ten colleagues who may see this case.")
        raise Problem("mention", message, field="mention", status=422)
    unit = permissions.standing(case, rows.state_of(case), actor).unit
    position = tell(case, ColleaguesMentioned(users, unit, {}), actor=actor)
    desks.mention(case_uuid, users, actor=actor, position=position)
    return done
