"""What an actor may do with a case now, and why not what not."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from lingka.cases import permissions, rows
from lingka.cases.definitions import Need
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import permitted
from lingka.core import codes
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied
from lingka.core.text import pick


@dataclass(frozen=True)
class ActionOffer:
    """An action that has to do with the actor: allowed, or refused for now with the reason."""

    key: str
    label: str
    icon: str
    needs: tuple[Need, ...]
    state: Allowed | Denied
    primary: bool
    helps: bool = False  # a unit is asked to help


def allowed_actions(case_uuid: UUID, actor: Actor) -> list[ActionOffer]:
    """Actions in which the actor has a part (decision 20); empty for strangers."""
    case = Case.objects.filter(uuid=case_uuid).first()
    return [] if case is None else offers_for(case, actor)


def offers_for(case: Case, actor: Actor) -> list[ActionOffer]:
    """The same for a row at hand."""
    state = rows.state_of(case)
    related = permissions.relations(case, state, actor)
    workflow = catalogue.workflow(state.workflow)
    return [
        ActionOffer(
            action.key, pick(action.label), action.icon, action.needs,
            permitted(workflow, state, action, related), action.primary,
            ("add_co_handler", None) in action.effects,
        )
        for action in workflow.actions.values()
        if related & set(action.by)
    ]  # fmt: skip


def by_number(text: str) -> UUID | None:
    """The id of the case with this number, as printed or typed."""
    number = codes.normalise(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid FROM cases_case WHERE number = %s", [number])
        row = cursor.fetchone()
    return row[0] if row else None
