"""What the changes share: a project locked, who may, and what is said wrongly."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.projects import permissions, rules
from lingka.projects.models import Project


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)


def held(code: str, actor: Actor, *, keeper: bool = False) -> Project:
    """A public project, locked, for who may report on it, or for the list's keepers alone."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("of__area")
    found = rows.filter(code=code).first()
    if found is None:
        raise Problem("no_project", _("There is no such project."), status=404)
    path = found.of.area.path
    if keeper:
        must(permissions.may_keep(actor, path))
    else:
        must(permissions.may_report(actor, path, found.owner_id))
    if found.of.published_at is None:
        raise Problem("not_public", _("Publish the list first."), status=409)
    return found


def running(row: Project) -> None:
    if row.state != Project.State.RUNNING:
        raise Problem("moved_on", _("It has moved on: look again."), status=409)


def reason(why: str) -> str:
    """Why something changed: refused where nothing is said."""
    said = why.strip()
    if not rules.SHORTEST <= len(said) <= rules.WHY:
        message = _("Say why: everybody reads it (at most %(most)s signs).") % {"most": rules.WHY}
        raise Problem("why", message, field="why", status=422)
    return said


def words(name: str, given: Mapping[str, str], most: int) -> dict[str, str]:
    """A text in every language."""
    said = {code: given.get(code, "").strip() for code, _name in settings.LANGUAGES}
    for code, text in said.items():
        if not 1 <= len(text) <= most:
            message = _("Between 1 and %(most)s signs, please.") % {"most": most}
            raise Problem(name, message, field=f"{name}_{code}", status=422)
    return said


def ahead(due: date, *, field: str = "due") -> date:
    if not day_of(None) <= due <= day_of(None) + rules.AHEAD:
        said = _("Choose a day that is still to come, within three years.")
        raise Problem(field, said, field=field, status=422)
    return due


def after_steps(row: Project, due: date) -> None:
    """The day on which all is done comes after every step on the way."""
    if row.pk and row.milestones.filter(due__gt=due).exists():
        said = _("A milestone lies after this day: choose a later one.")
        raise Problem("due", said, field="due", status=422)


def yuan(value: int, field: str) -> int:
    if not 0 <= value <= rules.MOST_COST:
        raise Problem(field, _("Enter whole yuan."), field=field, status=422)
    return value
