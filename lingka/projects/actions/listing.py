"""The year's list: begun, filled, published as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import day_of
from lingka.core import clock, codes
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.core.versions import digest_of
from lingka.projects import permissions, rules
from lingka.projects.actions.holding import after_steps, ahead, must, words, yuan
from lingka.projects.events import (
    ListBegun,
    ListPublished,
    MilestoneLeftOut,
    MilestoneSet,
    ProjectLeftOut,
    ProjectSet,
)
from lingka.projects.models import Milestone, Project, YearList
from lingka.units import selectors as units


@dataclass(frozen=True)
class Draft:
    """A project as somebody wants it listed; its words in every language."""

    title: Mapping[str, str]
    text: Mapping[str, str]
    where: Mapping[str, str]
    owner: int
    planned: int
    due: date


@transaction.atomic
def begin_list(area: int, year: int, *, actor: Actor) -> UUID:
    """Nobody outside sees it yet."""
    must(permissions.may_keep(actor, areas.area(area).path))
    if abs(year - day_of(None).year) > 1:
        raise Problem("year", _("Choose this year or the next."), field="year", status=422)
    made, new = YearList.objects.get_or_create(area_id=area, year=year)
    if not new:
        said = _("This area has a list of this year already.")
        raise Problem("list_there", said, field="year", status=409)
    record(ListBegun(area, year), stream_id=made.uuid, actor=actor)
    return made.uuid


def _draft(of: UUID, actor: Actor) -> YearList:
    """A list that is not public yet, locked."""
    rows = YearList.objects.select_for_update(of=("self",)).select_related("area")
    found = rows.filter(uuid=of).first()
    if found is None:
        raise Problem("no_list", _("There is no such list."), status=404)
    must(permissions.may_keep(actor, found.area.path))
    if found.published_at is not None:
        said = _("The list is public: nothing is added or taken away any more.")
        raise Problem("public", said, status=409)
    return found


@transaction.atomic
def set_project(of: UUID, draft: Draft, *, actor: Actor, code: str = "") -> str:
    """Enter a project, or enter it anew under its code; returns the code."""
    listed = _draft(of, actor)
    row = listed.projects.filter(code=code).first() if code else Project(of=listed)
    if row is None:
        raise Problem("no_project", _("There is no such project."), status=404)
    if not code:
        row.number = listed.projects.count() + 1
        row.code = codes.short_code()
    if row.number > rules.MOST:
        raise Problem("full", _("A list holds at most 60 projects."), status=422)
    row.title = words("title", draft.title, rules.TITLE)
    row.text = words("text", draft.text, rules.TEXT)
    row.where = words("where", draft.where, rules.WHERE)
    row.owner_id = units.unit(draft.owner).id
    row.planned = yuan(draft.planned, "planned")
    after_steps(row, draft.due)
    row.due = row.first_due = ahead(draft.due)
    row.save()
    said = digest_of({"title": row.title, "text": row.text, "where": row.where})
    told = ProjectSet(row.code, row.owner_id, row.planned, row.due.isoformat(), said)
    record(told, stream_id=row.uuid, actor=actor)
    return row.code


@transaction.atomic
def add_milestone(code: str, title: Mapping[str, str], due: date, *, actor: Actor) -> UUID:
    """A step on the way, before the list is public: afterwards the steps stand."""
    row = _entered(code, actor)
    if due > row.due:
        said = _("A milestone lies before the day on which all is done.")
        raise Problem("due", said, field="due", status=422)
    named = words("title", title, rules.TITLE)
    made = Milestone.objects.create(project=row, title=named, due=ahead(due))
    told = MilestoneSet(str(made.uuid), due.isoformat(), digest_of(named))
    record(told, stream_id=row.uuid, actor=actor)
    return made.uuid


@transaction.atomic
def leave_out(code: str, *, actor: Actor) -> None:
    """Take a project out again before its list is public; those after it move up."""
    row = _entered(code, actor)
    told = ProjectLeftOut(row.code)
    row.milestones.all().delete()
    row.delete()
    for later in row.of.projects.filter(number__gt=row.number).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])
    record(told, stream_id=row.uuid, actor=actor)


@transaction.atomic
def leave_step_out(code: str, milestone: UUID, *, actor: Actor) -> None:
    """Take a milestone out again before the list is public."""
    row = _entered(code, actor)
    gone, _kinds = row.milestones.filter(uuid=milestone).delete()
    if not gone:
        raise Problem("no_milestone", _("There is no such milestone."), status=404)
    record(MilestoneLeftOut(str(milestone)), stream_id=row.uuid, actor=actor)


def _entered(code: str, actor: Actor) -> Project:
    """A project of a list that is not public yet, which is locked."""
    of = YearList.objects.filter(projects__code=code).values_list("uuid", flat=True).first()
    row = _draft(of, actor).projects.filter(code=code).first() if of else None
    if row is None:
        raise Problem("no_project", _("There is no such project."), status=404)
    return row


@transaction.atomic
def publish(of: UUID, *, actor: Actor) -> None:
    """From now on everybody reads it, and whatever changes says why."""
    listed = _draft(of, actor)
    number = listed.projects.count()
    if not number:
        raise Problem("empty", _("Enter at least one project first."), status=409)
    _must_be_ahead(listed)
    listed.published_at = clock.now()
    listed.save(update_fields=["published_at"])
    record(ListPublished(number), stream_id=listed.uuid, actor=actor)


def _must_be_ahead(listed: YearList) -> None:
    """Nothing begins late: nobody could have said why."""
    today = day_of(None)
    past = listed.projects.filter(Q(due__lt=today) | Q(milestones__due__lt=today)).first()
    if past is not None:
        said = _("A day of “%(title)s” has passed: enter another one first.")
        raise Problem("past", said % {"title": pick(past.title)}, status=409)
