"""A public project goes on: steps reached, money spent, days moved. What changes says why."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.projects import rules
from lingka.projects.actions.holding import after_steps, ahead, held, reason, running, yuan
from lingka.projects.events import MilestoneReached, ProjectChanged
from lingka.projects.models import Change, Project

Kind = Change.Kind


def note(  # noqa: PLR0917
    row: Project, kind: str, before: str, after: str, why: str, actor: Actor
) -> None:
    """What everybody reads of a change."""
    Change.objects.create(
        project=row, kind=kind, at=clock.now(), before=before, after=after, why=why
    )
    told = ProjectChanged(kind, before, after, digest_of({"why": why}))
    record(told, stream_id=row.uuid, actor=actor)


def must_be_explained(row: Project) -> None:
    """Late ones say why before anything else is said of them."""
    if rules.is_late(row.state, row.due, day_of(None)) and row.explained_on != row.due:
        said = _("Its day has passed: say first why it is late. Everybody reads it.")
        raise Problem("late", said, field="why", status=409)


@transaction.atomic
def explain(code: str, why: str, *, actor: Actor) -> None:
    """Why it is late, while its day stays what it was."""
    row = held(code, actor)
    running(row)
    if not rules.is_late(row.state, row.due, day_of(None)):
        raise Problem("in_time", _("It is not late."), status=409)
    said = reason(why)
    row.explained_on = row.due
    row.save(update_fields=["explained_on"])
    note(row, Kind.LATE, row.due.isoformat(), "", said, actor)


@transaction.atomic
def move(code: str, due: date, why: str, *, actor: Actor) -> None:
    """Another day, for a reason. The days before stay on the page."""
    row = held(code, actor)
    running(row)
    if due == row.due or due < day_of(None):
        raise Problem("due", _("Choose another day, not one that has passed."), field="due")
    after_steps(row, due)
    before, said = row.due, reason(why)
    row.due = ahead(due)
    row.save(update_fields=["due"])
    note(row, Kind.MOVED, before.isoformat(), due.isoformat(), said, actor)


@transaction.atomic
def reach(code: str, milestone: UUID, *, actor: Actor) -> None:
    """A step is done."""
    row = held(code, actor)
    running(row)
    must_be_explained(row)
    step = row.milestones.filter(uuid=milestone).first()
    if step is None:
        raise Problem("no_milestone", _("There is no such milestone."), status=404)
    if step.done_on is not None:
        raise Problem("moved_on", _("It has moved on: look again."), status=409)
    step.done_on = day_of(None)
    step.save(update_fields=["done_on"])
    told = MilestoneReached(str(step.uuid), step.done_on.isoformat())
    record(told, stream_id=row.uuid, actor=actor)


@transaction.atomic
def spend(code: str, spent: int, why: str = "", *, actor: Actor) -> None:
    """What it has cost so far, in all. More than was planned says why; so does less than before."""
    row = held(code, actor)
    if row.state == Project.State.STOPPED:
        raise Problem("moved_on", _("It has moved on: look again."), status=409)
    before, after = row.spent, yuan(spent, "spent")
    asks = after > row.planned or after < before
    said = reason(why) if asks else why.strip()[: rules.WHY]
    row.spent = after
    row.save(update_fields=["spent"])
    note(row, Kind.COST, str(before), str(after), said, actor)


@transaction.atomic
def stop(code: str, why: str, *, actor: Actor) -> None:
    """It will not be done: the list's keepers say why, and it stays on the list."""
    row = held(code, actor, keeper=True)
    running(row)
    said = reason(why)
    row.state = Project.State.STOPPED
    row.save(update_fields=["state"])
    note(row, Kind.STOPPED, "", "", said, actor)
