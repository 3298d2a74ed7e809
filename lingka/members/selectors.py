"""Reads on members by their own key or id, never by name or number; on workplaces by community."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.core import clock, contents
from lingka.core.actors import Actor
from lingka.core.crypto import sha256, unseal
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.members import rules
from lingka.members.addresses import Address
from lingka.members.models import Code, Member, Reach, Session, Workplace
from lingka.units import selectors as units


@dataclass(frozen=True)
class MemberInfo:
    """What other modules may know of somebody who takes part. `uuid` is what they may keep."""

    id: int
    uuid: UUID
    area_id: int
    area_path: str
    workplace_id: int | None
    language: str
    consent: str
    joined_at: datetime
    name_id: UUID
    came_by: bool  # this month, as far as is known

    @property
    def actor(self) -> Actor:
        return Actor("member", self.id)

    @property
    def asked_anew(self) -> bool:
        """The text has changed since they agreed."""
        return self.consent != rules.consent().version


def _info(row: Member) -> MemberInfo:
    assert row.area_id is not None  # of members who have not left
    assert row.name is not None
    path = areas.area(row.area_id).path
    return MemberInfo(
        row.pk, row.uuid, row.area_id, path, row.workplace_id, row.language, row.consent,
        row.joined_at, row.name, row.month == this_month() and row.warned_on is None,
    )  # fmt: skip


def this_month() -> date:
    return areas.day_of(None).replace(day=1)


def _here() -> QuerySet[Member]:
    return Member.objects.filter(left_at=None)


def by_key(key: str) -> MemberInfo | None:
    """Who is signed in in a browser with this key."""
    found = _here().filter(
        sessions__hash=sha256(key.encode()), sessions__expires_at__gt=clock.now()
    )
    row = found.first()
    return _info(row) if row else None


def member(uuid: UUID) -> MemberInfo | None:
    """None for whoever left."""
    return members([uuid]).get(uuid)


def members(uuids: Iterable[UUID]) -> dict[UUID, MemberInfo]:
    return {row.uuid: _info(row) for row in _here().filter(uuid__in=list(uuids))}


def number_of(uuid: UUID) -> int | None:
    """The number by which somebody acted, also of whoever left: to let go of what names it."""
    return Member.objects.filter(uuid=uuid).values_list("pk", flat=True).first()


def taking_part(path: str) -> list[UUID]:
    """Everybody who takes part under an area, for the roll of a vote."""
    return list(_here().filter(area__path__startswith=path).values_list("uuid", flat=True))


def of_actor(actor: Actor) -> MemberInfo | None:
    """The member who acts, unless they left meanwhile."""
    if actor.kind != "member" or actor.id is None:
        return None
    row = _here().filter(pk=actor.id).first()
    return _info(row) if row else None


def names(uuids: Iterable[UUID]) -> dict[UUID, str]:
    """The names that they chose: for those who serve with them, as the module above decides."""
    found = dict(_here().filter(uuid__in=list(uuids)).values_list("uuid", "name"))
    said = contents.read(one for one in found.values() if one)
    return {uuid: said[name] for uuid, name in found.items() if name in said}


def name(info: MemberInfo) -> str:
    return str(contents.read([info.name_id]).get(info.name_id, ""))


def address(info: MemberInfo) -> Address | None:
    """Their own number or address, for their own page."""
    row = Reach.objects.filter(member_id=info.id).first()
    return Address(**unseal(bytes(row.sealed))) if row else None


def sessions(info: MemberInfo) -> int:
    """In how many browsers they are signed in."""
    return Session.objects.filter(member_id=info.id, expires_at__gt=clock.now()).count()


def month(info: MemberInfo) -> str:
    """ "2026-11"."""
    row = Member.objects.filter(pk=info.id).first()
    return f"{row.month:%Y-%m}" if row and row.month else ""


def proven(token: str) -> Address | None:
    """The address that this browser has proved to be its reader's, and that is nobody's yet."""
    row = _code(token).exclude(proven_at=None).first()
    return Address(**_address_part(unseal(bytes(row.sealed)))) if row else None


def asked(token: str) -> Address | None:
    """Where the digits went that this browser asked for."""
    row = _code(token).filter(proven_at=None).first()
    return Address(**_address_part(unseal(bytes(row.sealed)))) if row else None


def _code(token: str) -> QuerySet[Code]:
    return Code.objects.filter(hash=sha256(token.encode()), expires_at__gt=clock.now())


def _address_part(sealed: dict[str, Any]) -> dict[str, Any]:
    return {name: sealed[name] for name in ("kind", "to")}


def communities(paths: tuple[str, ...] = ()) -> list[tuple[str, list[tuple[int, str]]]]:
    """Where somebody can take part, under the area above each: the areas that hold grids. With
    `paths`, only what lies below them."""
    found: list[tuple[str, list[tuple[int, str]]]] = []
    for root in areas.roots():
        below = [areas.area(one) for one in areas.desks_under(root.id)]
        for one in below:
            if paths and not one.path.startswith(paths):
                continue
            if _holds_grids(one.id):
                above = pick(areas.area(one.parent_id).name) if one.parent_id else ""
                if not found or found[-1][0] != above:
                    found.append((above, []))
                found[-1][1].append((one.id, pick(one.name)))
    return found


def is_community(area_id: int) -> bool:
    try:
        return areas.area(area_id).valid_on(areas.day_of(None)) and _holds_grids(area_id)
    except Problem:
        return False


def _holds_grids(area_id: int) -> bool:
    return any(one.level == scheme().grid for one in areas.children(area_id))


@dataclass(frozen=True)
class WorkplaceInfo:
    """A unit's check-in with a community; `members` is how many had named it when confirmed."""

    uuid: UUID
    unit_id: int
    unit: str
    area_id: int
    area: str
    area_path: str
    kinds: list[str]
    weekdays: list[int]
    times: list[str]
    asked_at: datetime
    confirmed_at: datetime | None
    members: int | None
    now: int  # how many name it today

    @property
    def kind_names(self) -> list[str]:
        return rules.kind_names(self.kinds)

    @property
    def when(self) -> list[str]:
        """ "Monday", "evenings"."""
        days = [str(rules.WEEKDAYS[day]) for day in self.weekdays]
        return days + [str(rules.TIMES[time]) for time in self.times]

    @property
    def street(self) -> str:
        """What the community lies in: some bear the same name."""
        above = areas.area(self.area_id).parent_id
        return pick(areas.area(above).name) if above else ""

    @property
    def shown_now(self) -> str:
        return rules.shown_count(self.now)

    @property
    def shown_members(self) -> str:
        return rules.shown_count(self.members or 0)


def workplaces(
    *, paths: tuple[str, ...] = (), own: Iterable[int] = (), area_id: int | None = None
) -> list[WorkplaceInfo]:
    """Check-ins that stand or are asked for: under these areas, of these units, in this one."""
    chosen = Q(unit__in=list(own))
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    if area_id is not None:
        chosen |= Q(area_id=area_id) & ~Q(confirmed_at=None)
    rows = Workplace.objects.filter(chosen, ended_at=None).select_related("area")
    return _shown(list(rows.order_by("area__code", "confirmed_at", "id")))


def workplace(uuid: UUID) -> WorkplaceInfo | None:
    rows = Workplace.objects.filter(uuid=uuid, ended_at=None).select_related("area")
    return next(iter(_shown(list(rows))), None)


def _shown(rows: list[Workplace]) -> list[WorkplaceInfo]:
    named = _here().filter(
        workplace_id__in={row.unit_id for row in rows}, area_id__in={row.area_id for row in rows}
    )
    counts = {
        (unit, area): number
        for unit, area, number in named.values_list("workplace_id", "area_id").annotate(
            number=Count("id")
        )
    }
    return [
        WorkplaceInfo(
            row.uuid, row.unit_id, pick(units.unit(row.unit_id).name), row.area_id,
            pick(row.area.name), row.area.path, row.kinds, row.weekdays, row.times, row.asked_at,
            row.confirmed_at, row.members, counts.get((row.unit_id, row.area_id), 0),
        )
        for row in rows
    ]  # fmt: skip


def work_at(unit: int) -> int:
    """How many members say now that they work at a unit; who they are is nowhere."""
    return _here().filter(workplace_id=unit).count()


def workplace_choices(area_id: int) -> list[tuple[int, str]]:
    """The units that somebody of this community can name as where they work."""
    return [(one.unit_id, one.unit) for one in workplaces(area_id=area_id)]


def kinds() -> list[tuple[str, str]]:
    """Service kinds, for choosing."""
    return [(one.key, one.name) for one in rules.kinds().values()]
