"""Plans of rounds: making, changing and ending them, and laying out their rounds ahead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import rfc8785
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.areas.coordinates import metres_between
from lingka.areas.walking import walking_order
from lingka.core import clock, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import sha256
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.patrols import permissions, plans
from lingka.patrols.actions.publishing import must
from lingka.patrols.events import PlanEnded, PlanMade, RoundsLaidOut
from lingka.patrols.models import Plan, PlanVersion, Round, Stop, Submission
from lingka.patrols.selectors import catalogue
from lingka.units import selectors as units

Body = Mapping[str, Any]
AHEAD = timedelta(days=14)
LONGEST_REASON = 300
LAYING = UUID("01a1fd14-2338-77d3-9a98-0000f17e1d00")  # one lays out at a time
OPEN = (Round.State.PLANNED, Round.State.CANCELLED)  # what a changed plan may change


@transaction.atomic
def make_plan(body: Body, *, actor: Actor, reason: str, key: UUID | None = None) -> UUID:
    """A new plan, and its rounds of the days ahead. The same `key` again gives the first one's.

    Raises Problem beside the field that does not do, PermissionRefused outside one's area.
    """
    uuid = key or uuid7()
    locks.hold(uuid)
    if Plan.objects.filter(uuid=uuid).exists():
        return uuid
    area = _checked(body, actor, reason)
    plan = Plan.objects.create(uuid=uuid, number=0, area_id=area, unit_id=body["unit"])
    _put(plan, body, actor, reason)
    return uuid


@transaction.atomic
def change_plan(uuid: UUID, body: Body, *, actor: Actor, reason: str) -> int:
    """A new version; rounds that nobody started follow it. The same again changes nothing."""
    plan = _plan(uuid, actor)
    before = plan.versions.get(number=plan.number)
    if before.body == dict(body):
        return plan.number
    plan.area_id, plan.unit_id = _checked(body, actor, reason), body["unit"]
    _put(plan, body, actor, reason)
    return plan.number


@transaction.atomic
def end_plan(uuid: UUID, *, actor: Actor) -> None:
    """No more rounds of it; those that nobody started are cancelled."""
    plan = _plan(uuid, actor)
    plan.ended_at = clock.now()
    plan.save(update_fields=["ended_at"])
    record(PlanEnded(plan.number), stream_id=plan.uuid, actor=actor)
    _lay_out(_beside(plan), actor)


def _plan(uuid: UUID, actor: Actor) -> Plan:
    found = Plan.objects.select_for_update().filter(uuid=uuid, ended_at=None)
    plan = found.first()
    if plan is None:
        raise Problem("no_plan", _("There is no such plan, or it has ended."), status=404)
    must(permissions.may_plan(actor, areas.area(plan.area_id).path))
    return plan


def _checked(body: Body, actor: Actor, reason: str) -> int:
    """The plan's area, once everything about it holds."""
    plans.check(body)
    if not reason.strip():
        raise Problem("plan", _("Please say why."), field="reason", status=422)
    area, unit = areas.area(body["area"]), units.unit(body["unit"])
    must(permissions.may_plan(actor, area.path))
    near = (unit.area_path.startswith(area.path), area.path.startswith(unit.area_path))
    if not unit.active or not any(near):
        raise Problem("plan", _("This unit does not serve here."), field="unit", status=422)
    found = areas.places(one["place"] for one in body["stops"])
    known = {one.key for one in catalogue.infos()} | {""}
    for stop in body["stops"]:
        place = found.get(stop["place"])
        if place is None or not areas.area(place.grid_id).path.startswith(area.path):
            said = _("A stop lies outside the area of the round.")
            raise Problem("plan", said, field="stops", status=422)
        if stop["checklist"] not in known:
            said = _("There is no such checklist.")
            raise Problem("plan", said, field="stops", status=422)
    return area.id


def _put(plan: Plan, body: Body, actor: Actor, reason: str) -> None:
    plan.number += 1
    plan.save()
    PlanVersion.objects.create(
        plan=plan, number=plan.number, body=dict(body), reason=reason.strip()[:LONGEST_REASON],
        made_at=clock.now(), made_by=actor.id if actor.kind == "user" else None,
    )  # fmt: skip
    digest = sha256(rfc8785.dumps(dict(body))).hex()
    told = PlanMade(plan.number, plan.area_id, plan.unit_id, digest)
    record(told, stream_id=plan.uuid, actor=actor)
    _lay_out(_beside(plan), actor)


# -- laying out ------------------------------------------------------------------------------


@transaction.atomic
def lay_out_rounds() -> int:
    """The rounds of the days ahead, of every plan; returns how many are new or changed."""
    return _lay_out(Plan.objects.filter(ended_at=None).order_by("id"), SYSTEM)


Look = tuple[int, date, int, str]  # a unit looks on a day at a place by a checklist


@dataclass
class _Sheet:
    """What is laid out already: rounds by plan and day, and what some round looks at."""

    rounds: dict[int, dict[date, Round]]
    taken: set[Look]


def _beside(plan: Plan) -> QuerySet[Plan]:
    """A plan and those of the same unit that go on: what one looks at, the others leave out."""
    return Plan.objects.filter(Q(id=plan.id) | Q(unit_id=plan.unit_id, ended_at=None))


def _lay_out(chosen: Iterable[Plan], actor: Actor) -> int:
    locks.hold(LAYING)
    first = accounts.today()
    bodies = _bodies(chosen)
    sheet = _Sheet(_laid_before({plan.id for plan in bodies}, first), set())
    ranked = sorted(bodies, key=lambda plan: (plans.RANKS[bodies[plan]["kind"]], plan.id))
    return sum(_lay_out_one(plan, bodies[plan], first, sheet, actor) for plan in ranked)


def _lay_out_one(plan: Plan, body: Body, first: date, sheet: _Sheet, actor: Actor) -> int:
    wanted = [] if plan.ended_at else _days(body, first, first + AHEAD)
    places = areas.places(one["place"] for one in body["stops"])
    told = []
    for day in sorted({*wanted, *sheet.rounds.get(plan.id, {})}):
        stops = _stops(plan, body, day, places, sheet) if day in wanted else []
        row = _laid(plan, body, day, stops, sheet)
        if row is not None:
            told.append(str(row.uuid))
    if told:
        record(RoundsLaidOut(plan.number, told), stream_id=plan.uuid, actor=actor)
    return len(told)


def _bodies(chosen: Iterable[Plan]) -> dict[Plan, dict[str, Any]]:
    by_id = {plan.id: plan for plan in chosen}
    rows = PlanVersion.objects.filter(plan_id__in=by_id).order_by("number")
    return {by_id[row.plan_id]: row.body for row in rows}


def _days(body: Body, first: date, last: date) -> list[date]:
    """By the town's own calendar: a team that serves every day has holidays, too."""
    calendar = units.default_calendar()
    return plans.days(body, first, last, lambda day: calendar.day_off(day) is not None)


def _laid_before(chosen: set[int], first: date) -> dict[int, dict[date, Round]]:
    found: dict[int, dict[date, Round]] = {}
    rows = Round.objects.select_for_update().filter(plan_id__in=chosen, day__gte=first)
    for row in rows.prefetch_related("stops"):
        found.setdefault(row.plan_id, {})[row.day] = row
    return found


def _stops(
    plan: Plan, body: Body, day: date, places: Mapping[int, areas.PlaceInfo], sheet: _Sheet
) -> list[Any]:
    """A plan's stops on a day, but for what another round looks at and places out of use."""
    found = []
    for one in body["stops"]:
        look = (plan.unit_id, day, one["place"], one["checklist"])
        if look not in sheet.taken and places[one["place"]].active:
            sheet.taken.add(look)
            found.append(one)
    return found


def _laid(plan: Plan, body: Body, day: date, stops: list[Any], sheet: _Sheet) -> Round | None:
    """A day's round as the plan has it now; None where it stands so already."""
    row = sheet.rounds.get(plan.id, {}).get(day)
    if row is None:
        row = Round(uuid=uuid7(), plan=plan, day=day, version=0)
        if not stops:
            return None
    elif row.state not in OPEN or not _differs(row, plan, stops):
        return None
    row.plan_number, row.kind, row.name = plan.number, body["kind"], body["name"]
    row.area_id, row.unit_id = plan.area_id, plan.unit_id
    row.from_at, row.until_at = (_moment(row.day, body[name]) for name in ("from", "until"))
    row.state = Round.State.PLANNED if stops else Round.State.CANCELLED
    row.version += 1
    row.save()
    if stops:
        _put_stops(row, stops)
    return row


def _differs(row: Round, plan: Plan, stops: list[Any]) -> bool:
    if not stops or row.state != Round.State.PLANNED:
        return bool(stops) != (row.state == Round.State.PLANNED)
    has = {(one.place_id, one.checklist) for one in row.stops.all()}
    return row.plan_number != plan.number or has != {(s["place"], s["checklist"]) for s in stops}


def _moment(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), ZoneInfo(settings.TIME_ZONE))


def _put_stops(row: Round, stops: list[Any]) -> None:
    found = areas.places(one["place"] for one in stops)
    points = [(found[one["place"]].lon, found[one["place"]].lat) for one in stops]
    order = walking_order(points, lambda a, b: metres_between(*a, *b))
    staying = _staying(row, stops) if row.version > 1 else {}
    rows = []
    for number, at in enumerate(order, start=1):
        place, checklist = stops[at]["place"], stops[at]["checklist"]
        stop = staying.get((place, checklist))
        rows.append(stop or Stop(uuid=uuid7(), round=row, place_id=place, checklist=checklist))
        rows[-1].number, rows[-1].note = number, stops[at].get("note") or {}
    Stop.objects.bulk_update([one for one in rows if one.pk], ["number", "note"])
    Stop.objects.bulk_create(one for one in rows if not one.pk)


def _staying(row: Round, stops: list[Any]) -> dict[tuple[int, str], Stop]:
    """What was a stop before and still is, out of the numbers: phones without a network write
    under its id. The others go; what was seen there stays."""
    wanted = {(one["place"], one["checklist"]) for one in stops}
    had = {(one.place_id, one.checklist): one for one in row.stops.all()}
    gone = [one.pk for look, one in had.items() if look not in wanted]
    Submission.objects.filter(stop__in=gone).update(stop=None)
    row.stops.filter(pk__in=gone).delete()
    row.stops.update(number=-F("number"))
    return {look: one for look, one in had.items() if look in wanted}
