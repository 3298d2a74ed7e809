"""What units lend: offered for a community, until a day or until they take it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.members import rules as members
from lingka.units import selectors as units
from lingka.volunteering import kinds, permissions
from lingka.volunteering.actions.needing import check_when
from lingka.volunteering.actions.organising import must
from lingka.volunteering.events import ResourceEnded, ResourceOffered
from lingka.volunteering.matching import LANGUAGES
from lingka.volunteering.models import Resource


@dataclass(frozen=True)
class Idle:
    """What stands idle, as its unit wants it listed."""

    unit: int
    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    weekdays: Iterable[int]
    times: Iterable[str]
    until: date
    languages: Iterable[str] = ()


@transaction.atomic
def offer(area: int, idle: Idle, *, actor: Actor) -> UUID:
    """A unit's own people list it, or the community's desk with them."""
    must(permissions.may_offer(actor, idle.unit, areas.area(area).path))
    if idle.kind not in kinds.resources():
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    check_when(idle)
    days, times, spoken = set(idle.weekdays), set(idle.times), set(idle.languages)
    made = Resource.objects.create(
        unit_id=units.unit(idle.unit).id, area_id=area, kind=idle.kind, title=dict(idle.title),
        text=dict(idle.text), weekdays=sorted(days),
        times=[one for one in members.TIMES if one in times], until=idle.until,
        languages=[one for one in LANGUAGES if one in spoken], offered_at=clock.now(),
    )  # fmt: skip
    words = digest_of({"title": made.title, "text": made.text})
    told = ResourceOffered(made.unit_id, area, made.kind, made.until.isoformat(), words)
    record(told, stream_id=made.uuid, actor=actor)
    return made.uuid


@transaction.atomic
def take_back(resource: UUID, *, actor: Actor) -> None:
    """It is not idle any more."""
    rows = Resource.objects.select_for_update(of=("self",)).select_related("area")
    row = rows.filter(uuid=resource, ended_at=None).first()
    if row is None:
        raise Problem("no_resource", _("There is no such resource."), status=404)
    must(permissions.may_offer(actor, row.unit_id, row.area.path))
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    record(ResourceEnded(row.unit_id), stream_id=row.uuid, actor=actor)
