"""Corrections of places that a worker stood before, and what becomes of those that clash."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.areas import actions as areas_actions
from lingka.areas import selectors as areas
from lingka.areas.cache import PlaceInfo
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.field.models import Operation
from lingka.field.operations import Outcome, Sent
from lingka.field.permissions import may_correct
from lingka.field.shapes import PlaceIn


def correct(sent: Sent, given: PlaceIn) -> Outcome:
    """Fields that nobody else changed are merged; where one clashes, somebody has to look."""
    place = areas.place_by_uuid(sent.op.record)
    if place is None:
        raise Problem("no_place", _("There is no such place."), status=404)
    posts = accounts.posts_of(sent.user)
    verdict = may_correct(posts, areas.area(place.grid_id).path)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    done = areas_actions.correct_place(
        place.uuid, given.changes, actor=sent.actor, occurred_at=sent.occurred_at
    )
    result: dict[str, Any] = {"place": str(place.uuid), "version": done.version}
    if not done.clashing:
        return Outcome(Operation.Status.APPLIED, {**result, "changed": done.changed})
    title = _("Somebody else changed the same. The administrator looks at both.")
    problem = {
        "type": "/problems/same_field", "title": title, "status": 409, "detail": title,
        "errors": [{"field": f"changes.{one}", "message": title} for one in done.clashing],
        "version": done.version, "now": done.now,
    }  # fmt: skip
    return Outcome(Operation.Status.CONFLICT, {**result, "said": given.changes}, problem)


def of(operation: Operation, posts: Sequence[Any]) -> PlaceInfo | None:
    """The place of a correction that clashed, if these posts administer it."""
    place = areas.place_by_uuid(operation.record) if operation.record else None
    if place is None or not may_correct(posts, areas.area(place.grid_id).path, deciding=True):
        return None
    return place
