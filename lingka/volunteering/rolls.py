"""Lists that somebody carries to the spot, on a phone without a network: of the times of activities
that they drafted themselves, as long as they organise there. Names and whether they are here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lingka.accounts import selectors as accounts
from lingka.core import clock, events
from lingka.members import selectors as members
from lingka.volunteering import permissions, rules
from lingka.volunteering.models import Activity, Service, Shift
from lingka.volunteering.selectors import TAKES_A_PLACE

AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Listed:
    """Somebody with a place: the name that they chose, and nothing else of them."""

    service: UUID
    name: str
    state: str  # "", "here" or "gone"


@dataclass(frozen=True)
class Roll:
    shift: UUID
    version: int
    title: Mapping[str, Any]
    where: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime
    people: list[Listed]


def carried_by(user: int) -> list[Roll]:
    """Those to come within a week, and those whose time for checking out is not over."""
    paths = permissions.paths(accounts.posts_of(user))
    return _rolls(_theirs(user, paths)) if paths else []


def standing(user: int, streams: Iterable[UUID]) -> dict[UUID, Roll | None]:
    """How lists stand now whose activities or places have changed; None for what is not carried."""
    asked = list(streams)
    changed = Shift.objects.filter(activity__drafted_by=user)
    changed = changed.filter(Q(activity__uuid__in=asked) | Q(services__uuid__in=asked))
    uuids = list(changed.distinct().values_list("uuid", flat=True))
    paths = permissions.paths(accounts.posts_of(user)) if uuids else ()
    found = _rolls(_theirs(user, paths).filter(uuid__in=uuids)) if paths else []
    by_shift = {one.shift: one for one in found}
    return {uuid: by_shift.get(uuid) for uuid in uuids}


def _theirs(user: int, paths: Iterable[str]) -> QuerySet[Shift]:
    inside = Q(pk__in=())
    for path in paths:
        inside |= Q(activity__area__path__startswith=path)
    now = clock.now()
    rows = Shift.objects.filter(
        inside, activity__drafted_by=user, activity__state=Activity.State.PUBLISHED,
        added_by=None,
        closed_at=None, ends_at__gte=now - rules.LATE, starts_at__lt=now + AHEAD,
    )  # fmt: skip
    return rows.select_related("activity").order_by("starts_at", "id")


def _rolls(rows: QuerySet[Shift]) -> list[Roll]:
    shifts = list(rows)
    services = list(Service.objects.filter(shift__in=shifts).order_by("asked_at", "id"))
    names = members.names(one.member for one in services if one.member)
    streams = [one.uuid for one in services] + [one.activity.uuid for one in shifts]
    counted = events.sequences(streams) if streams else {}
    return [_roll(shift, services, names, counted) for shift in shifts]


def _roll(
    shift: Shift, services: list[Service], names: dict[UUID, str], counted: dict[UUID, int]
) -> Roll:
    own = [one for one in services if one.shift_id == shift.pk]
    streams = [shift.activity.uuid, *(one.uuid for one in own)]
    people = [
        Listed(one.uuid, names.get(one.member, ""), _state(one))
        for one in own if one.member and one.state in TAKES_A_PLACE
    ]  # fmt: skip
    version = max(1, sum(counted.get(one, 0) for one in streams))
    activity = shift.activity
    return Roll(
        shift.uuid, version, activity.title, activity.where, shift.starts_at, shift.ends_at, people
    )


def _state(one: Service) -> str:
    if one.in_at is None:
        return ""
    return "gone" if one.out_at is not None else "here"
