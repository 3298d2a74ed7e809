"""Somebody follows a named lead who leaves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from lingka.cases.actions.performing import Performed, perform
from lingka.core.actors import Actor
from lingka.desks import actions as desks


@transaction.atomic
def hand_over_lead(
    case_uuid: UUID,
    action: str,
    *,
    officer: int,
    actor: Actor,
    data: Mapping[str, Any],
    expected_version: int | None = None,
) -> Performed:
    """Name another lead, by the action that names one; what hangs on the case at the officer's desk
    goes along."""
    done = perform(case_uuid, action, actor=actor, data=data, expected_version=expected_version)
    desks.hand_over(case_uuid, officer, int(data["leader"]))
    return done
