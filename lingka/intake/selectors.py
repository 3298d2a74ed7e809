"""What the resident's pages show, gathered from the modules below."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from lingka.accounts.selectors import PostInfo, on_duty_until
from lingka.accounts.selectors import users as colleagues
from lingka.areas.selectors import AreaInfo, PlaceInfo, ancestors, area
from lingka.cases.selectors import CaseTypeInfo, case_types, led, stage_label, standings
from lingka.core import clock, crypto
from lingka.core.text import pick
from lingka.intake import permissions
from lingka.intake.models import CallDay, Imported, Quarantined
from lingka.units.selectors import UnitInfo, units

MOST_TILES = 8
MOST_HELD = 200  # reports on one page of the desk
MOST_DAYS = 20  # of live calls, the newest
OFFICES = frozenset({"grid_team", "community_office", "street_office", "office"})
OTHER = "other"  # the group of what has no picture of its own


@dataclass(frozen=True)
class Tile:
    """A picture and a word to choose by."""

    url: str
    picture: str
    title: str
    note: str


@dataclass(frozen=True)
class Door:
    """What is known of a place whose code was scanned."""

    place: PlaceInfo
    name: str
    community: str
    grid: str
    until: dt.datetime | None
    office: UnitInfo | None


def open_types() -> list[CaseTypeInfo]:
    """All that anybody may bring by the web, in the reader's language."""
    found = case_types(translation.get_language() or "zh-hans")
    return [info for info in found if info.is_open]


@dataclass(frozen=True)
class Link:
    """Where something particular is brought, beside the pictures."""

    url: str
    icon: str
    words: str
    note: str


def doors(place_code: str) -> list[Link]:
    """What few have to bring, each behind words of its own: firms, villages, wishers."""
    return [
        Link(report_url(info.key, place_code), info.icon, info.door, info.description)
        for info in open_types() if info.door
    ]  # fmt: skip


def tiles(place_code: str) -> list[Tile]:
    """Return the eight pictures: one per group of case types."""
    groups = _groups()
    return [_tile(types, place_code) for key, types in groups.items() if key != OTHER][:MOST_TILES]


def other_url(place_code: str) -> str:
    """Where those go whose matter is on no picture: they say it."""
    last = _groups().get(OTHER, [])
    return report_url(last[-1].key, place_code) if last else ""


def _groups() -> dict[str, list[CaseTypeInfo]]:
    groups: dict[str, list[CaseTypeInfo]] = {}
    for info in open_types():
        if info.public:
            groups.setdefault(info.group_key, []).append(info)
    return groups


def _tile(types: list[CaseTypeInfo], place_code: str) -> Tile:
    """The picture leads to the first type that is no emergency; the page offers the others."""
    calm = next((info for info in types if not info.urgent), types[0])
    return Tile(report_url(calm.key, place_code), calm.icon, calm.group, calm.group_note)


def report_url(case_type: str, place_code: str) -> str:
    url = reverse("intake:report", args=[case_type])
    return f"{url}?place={place_code}" if place_code else url


def door(place: PlaceInfo) -> Door:
    """Return place, community, grid, who is on duty and the grid office's number."""
    grid = area(place.grid_id)
    above = _above(grid)
    return Door(
        place=place,
        name=pick(place.name),
        community=pick(above.name) if above else "",
        grid=pick(grid.name),
        until=on_duty_until(grid.id, "grid_worker", clock.now()),
        office=_office(grid),
    )


def _office(grid: AreaInfo) -> UnitInfo | None:
    """The grid's own team, else the nearest office above it that has a telephone."""
    for number in reversed([int(part) for part in grid.path.split("/") if part]):
        here = [
            one for one in units() if one.area_id == number and one.phone and one.kind in OFFICES
        ]
        if here:
            return here[0]
    return None


def _above(grid: AreaInfo) -> AreaInfo | None:
    chain = ancestors(grid.path)
    return chain[-2] if len(chain) > 1 else None


def where(place: PlaceInfo | None) -> str:
    """Return a place with its community, as a receipt names it."""
    if place is None:
        return ""
    above = _above(area(place.grid_id))
    return f"{pick(above.name)} {pick(place.name)}" if above else pick(place.name)


def siblings(info: CaseTypeInfo) -> list[CaseTypeInfo]:
    """Return the other types of the same group, to choose a nearer one from."""
    alike = (one for one in open_types() if one.group_key == info.group_key)
    return [one for one in alike if one.public == info.public]


def imported(source: str) -> dict[str, UUID]:
    """Which of another system's numbers became which case."""
    rows = Imported.objects.filter(source=source)
    return dict(rows.values_list("source_id", "case_uuid"))


@dataclass(frozen=True)
class Flood:
    """Held reports that came together."""

    about: str  # what it is about and where, for the reader
    reports: list[tuple[Quarantined, dict[str, Any]]]


def held(posts: Sequence[PostInfo]) -> list[Flood]:
    """Return the floods that wait in the areas of these posts, oldest first."""
    floods: dict[str, Flood] = {}
    waiting = Quarantined.objects.filter(permissions.within_reach(posts), outcome="")
    for report in waiting.order_by("id")[:MOST_HELD]:
        flood = floods.setdefault(report.flood, Flood(_about(report), []))
        flood.reports.append((report, crypto.unseal(bytes(report.sealed or b""))))
    return list(floods.values())


def _about(report: Quarantined) -> str:
    """What all reports of a flood have in common: the type, and the area that it lies in."""
    kinds = {one.key: one.name for one in case_types(translation.get_language() or "zh-hans")}
    where = [int(part) for part in report.desk_path.strip("/").split("/") if part]
    place = pick(area(where[-1]).name) if where else ""
    name = kinds.get(report.case_type, report.case_type)
    return " · ".join(part for part in (name, place) if part)


def held_count(posts: Sequence[PostInfo]) -> int:
    """How many reports `held` shows."""
    waiting = Quarantined.objects.filter(permissions.within_reach(posts), outcome="")
    return waiting.order_by()[:MOST_HELD].count()


def held_report(uuid: UUID) -> tuple[str, str]:
    """Return the receipt that a held report got, if it did, and what became of it."""
    report = Quarantined.objects.filter(uuid=uuid).first()
    if report is None:
        return "", Quarantined.Outcome.DISCARDED
    token = crypto.unseal(bytes(report.sealed_token)) if report.sealed_token else ""
    return token, report.outcome


@dataclass(frozen=True)
class LiveCallInfo:
    """What somebody said to a leader, as it stands: who owes an answer, by when, and if given."""

    number: str
    name: str
    stage: str
    owed_by: str
    due_at: dt.datetime | None
    answered: bool


@dataclass(frozen=True)
class CallDayInfo:
    """Hours in which a leader takes calls in person, and what came of them."""

    id: int
    uuid: UUID
    leader: int
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    calls: tuple[LiveCallInfo, ...] = ()

    @property
    def is_on(self) -> bool:
        return self.starts_at <= clock.now() < self.ends_at

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()


def live_day(posts: Sequence[PostInfo]) -> CallDayInfo | None:
    """The day of live calls that is on now at one of these desks."""
    now = clock.now()
    rows = _days_of(posts).filter(starts_at__lte=now, ends_at__gt=now)
    return next((_day(row) for row in rows.order_by("starts_at")[:1]), None)


def call_days(posts: Sequence[PostInfo]) -> list[CallDayInfo]:
    """The days of these desks, the newest first, each with its calls."""
    rows = list(_days_of(posts).prefetch_related("calls").order_by("-starts_at")[:MOST_DAYS])
    uuids = [call.case_uuid for row in rows for call in row.calls.all()]
    shown = _live_calls(uuids)
    return [
        _day(row, tuple(shown[one.case_uuid] for one in row.calls.all() if one.case_uuid in shown))
        for row in rows
    ]


def _days_of(posts: Sequence[PostInfo]) -> QuerySet[CallDay]:
    desks = [post.area_id for post in posts if post.role == "dispatcher"]
    return CallDay.objects.filter(area_id__in=desks)


def _day(row: CallDay, calls: tuple[LiveCallInfo, ...] = ()) -> CallDayInfo:
    found = colleagues([row.leader]).get(row.leader)
    name = found.name if found else ""
    return CallDayInfo(row.id, row.uuid, row.leader, name, row.starts_at, row.ends_at, calls)


def _live_calls(uuids: Sequence[UUID]) -> dict[UUID, LiveCallInfo]:
    every, named = standings(uuids), led(uuids)
    names = colleagues({one.leader for one in named.values()})
    kinds = {one.key: one.name for one in case_types(public=False)}
    found = {}
    for uuid, one in every.items():
        lead = named.get(uuid)
        owing = names.get(lead.leader) if lead else None
        found[uuid] = LiveCallInfo(
            one.number, kinds.get(one.case_type, one.case_type), stage_label(one.stage),
            owing.name if owing else "", lead.due_at if lead else None,
            bool(lead and lead.answered),
        )  # fmt: skip
    return found
