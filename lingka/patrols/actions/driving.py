"""Joint drives: beginning and ending one, a unit's part in it, visits that units made together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import permissions, plans
from lingka.patrols.actions import planning
from lingka.patrols.actions.publishing import must
from lingka.patrols.events import DriveEnded, DriveJoined, DriveMade, JointVisitNoted
from lingka.patrols.models import Drive, JointVisit, Plan
from lingka.patrols.selectors import drives

TOGETHER = 2  # so many units make a visit a joint one


@dataclass(frozen=True)
class Part:
    """What a unit does in a drive: at which kind of place of which area, by which checklist, how
    often, within which hours."""

    unit: int
    area: int
    place_kind: str
    checklist: str
    rule: str
    hours: tuple[str, str]


@transaction.atomic
def make_drive(
    name: Mapping[str, str], area: int, begins_on: date, ends_on: date, *, actor: Actor,
    key: UUID | None = None,
) -> UUID:  # fmt: skip
    """A drive in which nobody takes part yet. The same `key` again gives the first one's."""
    uuid = key or uuid7()
    locks.hold(uuid)
    if Drive.objects.filter(uuid=uuid).exists():
        return uuid
    must(permissions.may_plan(actor, areas.area(area).path))
    for code, _language in settings.LANGUAGES:
        if not name.get(code, "").strip():
            said = _("Write this in all three languages.")
            raise Problem("drive", said, field=f"name_{code}", status=422)
    if ends_on < begins_on:
        raise Problem("drive", _("It ends before it begins."), field="ends_on", status=422)
    made = Drive.objects.create(
        uuid=uuid, name=dict(name), area_id=area, begins_on=begins_on, ends_on=ends_on
    )
    told = DriveMade(area, begins_on.isoformat(), ends_on.isoformat())
    record(told, stream_id=made.uuid, actor=actor)
    return uuid


@transaction.atomic
def join_drive(uuid: UUID, part: Part, *, actor: Actor) -> UUID:
    """A unit takes part: a campaign of its own at all places of a kind. Gives the plan's id.

    Its places and hours can be changed like those of any plan.
    """
    drive = _running(uuid, actor)
    where = areas.area(part.area)
    if not where.path.startswith(areas.area(drive.area_id).path):
        said = _("This lies outside the area of the drive.")
        raise Problem("drive", said, field="area", status=422)
    if any(drives.body_of(one)["unit"] == part.unit for one in drive.plans.filter(ended_at=None)):
        said = _("This unit takes part already: change its plan instead.")
        raise Problem("drive", said, field="unit", status=409)
    found = drives.places_of_kind(where.id, part.place_kind)
    if not 1 <= len(found) <= plans.MOST_STOPS:
        text = _(
            "Places of this kind here: %(number)s. A unit takes between 1 and %(most)s: choose"
            " a smaller area or another kind."
        ) % {"number": len(found), "most": plans.MOST_STOPS}
        raise Problem("drive", text, field="place_kind", status=422)
    body = {
        "name": drive.name, "kind": "campaign", "rule": part.rule, "level": "team",
        "area": where.id, "unit": part.unit, "begins_on": drive.begins_on.isoformat(),
        "ends_on": drive.ends_on.isoformat(), "holidays": "skip", "from": part.hours[0],
        "until": part.hours[1],
        "stops": [{"place": one.id, "checklist": part.checklist, "note": {}} for one in found],
    }  # fmt: skip
    plan = planning.make_plan(body, actor=actor, reason=pick(drive.name, "zh-hans"))
    Plan.objects.filter(uuid=plan).update(drive=drive)
    record(DriveJoined(part.unit, str(plan)), stream_id=drive.uuid, actor=actor)
    return plan


@transaction.atomic
def note_visit(uuid: UUID, place: int, day: date, units: Collection[int], *, actor: Actor) -> None:
    """Units of the drive were at a place of it together. Noted again, more units may be added."""
    drive = _running(uuid, actor, ended=True)
    bodies = [drives.body_of(one) for one in drive.plans.all()]
    if place not in {stop["place"] for body in bodies for stop in body["stops"]}:
        raise Problem("drive", _("This is no place of the drive."), field="place", status=422)
    if not drive.begins_on <= day <= min(drive.ends_on, accounts.today()):
        said = _("Please choose a day of the drive that is not ahead.")
        raise Problem("drive", said, field="day", status=422)
    chosen = set(units)
    if len(chosen) < TOGETHER or chosen - {body["unit"] for body in bodies}:
        said = _("Two units of the drive or more make a joint visit.")
        raise Problem("drive", said, field="units", status=422)
    seen = JointVisit.objects.filter(drive=drive, place_id=place, day=day).first()
    together = sorted(chosen | set(seen.units if seen else ()))
    if seen and seen.units == together:
        return
    JointVisit.objects.update_or_create(
        drive=drive, place_id=place, day=day, defaults={"units": together}
    )
    told = JointVisitNoted(place, day.isoformat(), together)
    record(told, stream_id=drive.uuid, actor=actor)


@transaction.atomic
def end_drive(uuid: UUID, *, actor: Actor) -> None:
    """Before its last day: every unit's plan ends with it, what was done stays."""
    drive = _running(uuid, actor)
    drive.ended_at = clock.now()
    drive.save(update_fields=["ended_at"])
    for plan in drive.plans.filter(ended_at=None):
        planning.end_plan(plan.uuid, actor=actor)
    record(DriveEnded(), stream_id=drive.uuid, actor=actor)


def _running(uuid: UUID, actor: Actor, *, ended: bool = False) -> Drive:
    found = Drive.objects.select_for_update().filter(uuid=uuid).first()
    if found is None or (found.ended_at and not ended):
        raise Problem("no_drive", _("There is no such drive, or it has ended."), status=404)
    must(permissions.may_plan(actor, areas.area(found.area_id).path))
    return found
