"""Photos of a project, for everybody: what was there before, how the work goes, what came of it."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.cases import actions as cases
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.projects import rules
from lingka.projects.actions.holding import held
from lingka.projects.events import PhotoShown, PhotoTakenDown
from lingka.projects.models import Photo


@transaction.atomic
def show_photo(
    code: str, file: bytes, shows: str, caption: str, *, actor: Actor, milestone: UUID | None = None
) -> UUID:
    """Show a photo of the place, made anew without what its camera wrote into it; with `milestone`,
    of that step. Returns its number."""
    row = held(code, actor)
    if shows not in Photo.Shows.values:
        raise Problem("shows", _("Please choose one of these."), field="shows", status=422)
    said = caption.strip()
    if not rules.SHORTEST <= len(said) <= rules.CAPTION:
        words = _("Say what it shows, with at most %(most)s signs.") % {"most": rules.CAPTION}
        raise Problem("caption", words, field="caption", status=422)
    step = row.milestones.filter(uuid=milestone).first() if milestone else None
    if milestone and step is None:
        raise Problem("no_milestone", _("There is no such milestone."), field="milestone")
    if row.photos.count() >= rules.MOST_PHOTOS:
        words = _("At most %(most)s photos: take one down first.") % {"most": rules.MOST_PHOTOS}
        raise Problem("many", words, field="photo", status=409)
    attachment = cases.add_attachment(file, actor=actor, kind="photo")
    cases.hold_attachments([attachment])
    made = Photo.objects.create(
        project=row, milestone=step, shows=shows, caption=said, attachment=attachment,
        shown_on=day_of(None),
    )  # fmt: skip
    told = PhotoShown(str(made.uuid), shows, str(step.uuid) if step else "")
    record(told, stream_id=row.uuid, actor=actor)
    return made.uuid


@transaction.atomic
def take_photo_down(code: str, photo: UUID, *, actor: Actor) -> None:
    """It shows somebody, or the wrong thing: it and its file go."""
    row = held(code, actor)
    found = row.photos.filter(uuid=photo).first()
    if found is None:
        raise Problem("no_photo", _("There is no such photo."), status=404)
    cases.erase_attachments([found.attachment], unused=True)
    found.delete()
    record(PhotoTakenDown(str(photo)), stream_id=row.uuid, actor=actor)
