"""Reads on units: everything a town has, held in each process and looked up without SQL.

A town has hundreds of units, not millions, so all of them are loaded at once. Every change writes
a new token to `Revision`; a process looks at it every two seconds, and at once after its own
changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.histories import Version
from lingka.core.keeping import Kept
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.units import duties
from lingka.units.calendars import WorkCalendar
from lingka.units.models import (
    Agreement,
    AgreementDocument,
    Calendar,
    CalendarVersion,
    DutyList,
    Revision,
    Service,
    Unit,
)

LOOK_EVERY = 2.0  # seconds
AHEAD = timedelta(days=30)  # so long before an agreement runs out the desk is told
REMEMBERED = timedelta(days=30)  # so long after, it stays on the desk's list


@dataclass(frozen=True)
class UnitInfo:
    id: int
    uuid: UUID
    key: str
    kind: str
    name: Mapping[str, str]
    area_id: int
    area_path: str
    parent_id: int | None
    calendar_id: int
    phone: str
    active: bool


@dataclass(frozen=True)
class ServiceInfo:
    """`basis` says in words a resident can read why this unit serves here."""

    id: int
    unit_id: int
    case_type: str
    area_id: int
    area_path: str
    basis: Mapping[str, str]
    valid_from: date
    valid_to: date | None
    agreement: "AgreementInfo | None" = None  # where the unit promised it

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class AgreementInfo:
    """A version of an agreement. It counts from its first day until the next version does."""

    uuid: UUID
    number: int
    unit_id: int
    area_ids: tuple[int, ...]
    case_types: tuple[str, ...]
    promise: Mapping[str, str]
    valid_from: date
    valid_to: date
    registered_at: datetime
    document: str | None

    @property
    def last_day(self) -> date:
        return self.valid_to - timedelta(days=1)

    def is_over(self, at: datetime | None = None) -> bool:
        return self.valid_to <= _day(at)

    def is_soon_over(self, at: datetime | None = None) -> bool:
        return self.valid_to - AHEAD <= _day(at) < self.valid_to


@dataclass(frozen=True)
class _Calendar:
    valid_from: date
    calendar: WorkCalendar


@dataclass(frozen=True)
class _Snapshot:
    units: dict[int, UnitInfo]
    services: dict[tuple[str, int], list[ServiceInfo]]  # by case type and area
    calendars: dict[int, list[_Calendar]]  # by calendar, oldest version first
    agreements: dict[UUID, list[AgreementInfo]]  # oldest version first
    duty_lists: dict[str, list[duties.DutyList]]  # by key, oldest version first
    versions: dict[int, WorkCalendar] = field(default_factory=dict)

    @cached_property
    def calendar_of(self) -> dict[int | None, int]:
        """Which calendar a version belongs to."""
        return {
            one.calendar.version_id: calendar
            for calendar, versions in self.calendars.items()
            for one in versions
        }

    @cached_property
    def by_key(self) -> dict[str, UnitInfo]:
        return {unit.key: unit for unit in self.units.values()}


def _loaded() -> _Snapshot:
    units = {row.id: _unit(row) for row in Unit.objects.select_related("area")}
    services: dict[tuple[str, int], list[ServiceInfo]] = {}
    for row in Service.objects.select_related("area").order_by("id"):
        services.setdefault((row.case_type, row.area_id), []).append(_service(row))
    agreements = _agreements()
    for promised in _promised(agreements, units):
        services.setdefault((promised.case_type, promised.area_id), []).append(promised)
    calendars: dict[int, list[_Calendar]] = {}
    versions: dict[int, WorkCalendar] = {}
    for version in CalendarVersion.objects.order_by("valid_from", "number"):
        made = versions[version.id] = _calendar(version)
        calendars.setdefault(version.calendar_id, []).append(_Calendar(version.valid_from, made))
    return _Snapshot(units, services, calendars, agreements, _duty_lists(), versions)


def _token() -> object:
    return Revision.objects.values_list("token", flat=True).first()


_ALL = Kept(_loaded, every=LOOK_EVERY, sign=_token)
forget, _snapshot = _ALL.forget, _ALL.now


def _unit(row: Unit) -> UnitInfo:
    return UnitInfo(
        row.id, row.uuid, row.key, row.kind, row.name, row.area_id, row.area.path, row.parent_id,
        row.calendar_id, row.phone, row.active,
    )  # fmt: skip


def _service(row: Service) -> ServiceInfo:
    return ServiceInfo(
        row.id, row.unit_id, row.case_type, row.area_id, row.area.path, row.basis, row.valid_from,
        row.valid_to,
    )  # fmt: skip


def _agreements() -> dict[UUID, list[AgreementInfo]]:
    found: dict[UUID, list[AgreementInfo]] = {}
    for row in Agreement.objects.order_by("id"):
        found.setdefault(row.uuid, []).append(
            AgreementInfo(
                row.uuid, row.number, row.unit_id, tuple(row.areas), tuple(row.case_types),
                row.promise, row.valid_from, row.valid_to, row.registered_at, row.document_id,
            )
        )  # fmt: skip
    return found


def _duty_lists() -> dict[str, list[duties.DutyList]]:
    found: dict[str, list[duties.DutyList]] = {}
    for row in DutyList.objects.order_by("key", "number"):
        found.setdefault(row.key, []).append(duties.read(row.body, row.number))
    return found


def _promised(
    agreements: Mapping[UUID, list[AgreementInfo]], units: Mapping[int, UnitInfo]
) -> Iterator[ServiceInfo]:
    """What the agreements let routing call upon: each version until a later one begins."""
    for versions in agreements.values():
        for place, one in enumerate(versions):
            until = min([one.valid_to, *(later.valid_from for later in versions[place + 1 :])])
            if until <= one.valid_from:
                continue
            basis = _words(one, units[one.unit_id])
            for area, case_type in product(one.area_ids, one.case_types):
                yield ServiceInfo(
                    0, one.unit_id, case_type, area, areas.area(area).path, basis, one.valid_from,
                    until, one,
                )  # fmt: skip


def _words(one: AgreementInfo, unit: UnitInfo) -> dict[str, str]:
    """Why this unit is called upon, in words a resident can read, in every language."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = gettext(
                "%(unit)s promised under its agreement until %(day)s: %(promise)s"
            ) % {
                "unit": pick(unit.name),
                "day": date_format(one.last_day, "DATE_FORMAT"),
                "promise": pick(one.promise),
            }
    return said


def _calendar(row: CalendarVersion) -> WorkCalendar:
    """The same object again for a version already made: it remembers its years."""
    held = _ALL.held[1].versions.get(row.id) if _ALL.held else None
    return held or WorkCalendar(
        version_id=row.id,
        zone=settings.TIME_ZONE,
        hours={int(day): tuple(map(tuple, times)) for day, times in row.hours.items()},
        country=row.country,
        days_off={date.fromisoformat(day): names for day, names in row.days_off.items()},
        days_on={date.fromisoformat(day): names for day, names in row.days_on.items()},
        years_entered=frozenset(row.years_entered),
    )


def _day(at: datetime | None) -> date:
    return (at or clock.now()).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def unit(unit_id: int) -> UnitInfo:
    """One unit, also one no longer active; Problem("no_unit") for an id that never was."""
    found = _snapshot().units.get(unit_id)
    if found is None:
        forget()  # perhaps made a moment ago by another process
        found = _snapshot().units.get(unit_id)
    if found is None:
        raise Problem("no_unit", "There is no such unit.", status=404)
    return found


def unit_by_key(key: str) -> UnitInfo | None:
    return _snapshot().by_key.get(key)


def units(*, kind: str = "", under: str = "", active: bool = True) -> list[UnitInfo]:
    """Units of a kind in the subtree of an area path, by key."""
    found = _snapshot().units.values()
    return sorted(
        (u for u in found if u.active >= active and kind in ("", u.kind)
         and u.area_path.startswith(under)),
        key=lambda u: u.key,
    )  # fmt: skip


def services_for(case_type: str, path: str, at: datetime | None = None) -> list[ServiceInfo]:
    """Who serves an area for a case type: deepest area first; there, who promised it, then the
    most exact type."""
    held, day = _snapshot(), _day(at)
    upwards = [int(part) for part in reversed(path.strip("/").split("/")) if part]
    found: list[ServiceInfo] = []
    for area in upwards:
        here = [
            service
            for wanted in types_covering(case_type)
            for service in held.services.get((wanted, area), ())
            if service.valid_on(day) and held.units[service.unit_id].active
        ]
        found += sorted(here, key=lambda one: one.agreement is None)
    return found


def services_below(case_type: str, path: str, at: datetime | None = None) -> list[ServiceInfo]:
    """Who serves parts of an area for a case type: for what lies somewhere in it, by area."""
    held, day, wanted = _snapshot(), _day(at), set(types_covering(case_type)) - {"*"}
    found = [
        service
        for (kind, _area), services in held.services.items()
        if kind in wanted
        for service in services
        if service.area_path.startswith(path)
        and service.area_path != path
        and service.valid_on(day)
        and held.units[service.unit_id].active
    ]
    return sorted(found, key=lambda one: (one.area_path.count("/"), one.area_id, one.id))


def kinds() -> list[tuple[str, str]]:
    """Kinds of units with their names, for choosing."""
    return [(str(value), str(label)) for value, label in Unit.Kind.choices]


def calendars() -> dict[int, Mapping[str, str]]:
    """Names of the calendars by id, for choosing."""
    return dict(Calendar.objects.order_by("id").values_list("id", "name"))


def calendar_choices() -> list[tuple[str, str]]:
    return [(str(key), pick(name)) for key, name in calendars().items()]


def types_covering(case_type: str) -> list[str]:
    """ "water.burst" is covered by itself, by "water" and by "*"."""
    parts = case_type.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)] + ["*"]


def services_of(unit_id: int) -> list[ServiceInfo]:
    """All services of one unit, past and future ones too; what it promised stands apart."""
    every = (service for group in _snapshot().services.values() for service in group)
    mine = (one for one in every if one.unit_id == unit_id and one.agreement is None)
    return sorted(mine, key=lambda one: (one.case_type, one.id))


def agreements(*paths: str) -> list[AgreementInfo]:
    """The newest version of every agreement, the first to run out first.

    With paths: those for an area on or below one of them, or that holds one.
    """
    found = [versions[-1] for versions in _snapshot().agreements.values()]
    if paths:
        found = [one for one in found if any(_touches(one, path) for path in paths)]
    return sorted(found, key=lambda one: (one.valid_to, one.uuid))


def _touches(one: AgreementInfo, path: str) -> bool:
    theirs = (areas.area(area).path for area in one.area_ids)
    return any(here.startswith(path) or path.startswith(here) for here in theirs)


def agreement_versions(agreement: UUID) -> list[AgreementInfo]:
    """All versions of one agreement, the newest first; empty for one that never was."""
    return _snapshot().agreements.get(agreement, [])[::-1]


def agreements_of(unit_id: int) -> list[AgreementInfo]:
    """The newest version of each of a unit's agreements, the last to run out first."""
    return [one for one in agreements() if one.unit_id == unit_id][::-1]


def has_promised(unit_id: int, case_type: str, area_path: str, at: datetime | None = None) -> bool:
    """Does an agreement in force bind a unit to such work there?"""
    day, covering = _day(at), set(types_covering(case_type))
    for versions in _snapshot().agreements.values():
        begun = [one for one in versions if one.unit_id == unit_id and one.valid_from <= day]
        one = begun[-1] if begun else None
        if one is None or one.is_over(at) or (one.case_types and not covering & {*one.case_types}):
            continue
        if any(area_path.startswith(areas.area(number).path) for number in one.area_ids):
            return True
    return False


def running_out(*paths: str, at: datetime | None = None) -> list[AgreementInfo]:
    """Agreements that end soon or ended lately: somebody has to renew them, or find another."""
    since = _day(at) - REMEMBERED
    return [
        one
        for one in agreements(*paths)
        if one.is_soon_over(at) or (one.is_over(at) and one.valid_to > since)
    ]


def document(sha256: str) -> tuple[str, bytes] | None:
    """A signed paper: the name of its file and its bytes."""
    row = AgreementDocument.objects.filter(sha256=sha256).first()
    return (row.name, bytes(row.body)) if row else None


def calendar_for(unit_id: int, at: datetime | None = None) -> WorkCalendar:
    """The version of a unit's calendar that is valid on a day."""
    return calendar(unit(unit_id).calendar_id, at)


def calendar(calendar_id: int, at: datetime | None = None) -> WorkCalendar:
    """The version valid on a day; the first one for days before it."""
    versions, day = _snapshot().calendars.get(calendar_id, []), _day(at)
    if not versions:
        raise Problem("no_calendar", "This calendar has no working hours yet.", status=409)
    valid = [one for one in versions if one.valid_from <= day] or versions[:1]
    return valid[-1].calendar


def default_calendar(at: datetime | None = None) -> WorkCalendar:
    """The installation's own calendar, the first that was made: for what has no unit yet."""
    calendars = _snapshot().calendars
    if not calendars:
        raise Problem("no_calendar", _("No working calendar has been entered yet."), status=503)
    return calendar(min(calendars), at)


def calendar_version(version_id: int) -> WorkCalendar:
    """A version by id: what a clock event said it was computed with."""
    return _knowing(version_id).versions[version_id]


def calendar_in_force(version_id: int, at: datetime | None = None) -> WorkCalendar:
    """The version valid on a day of the calendar that this version belongs to."""
    return calendar(_knowing(version_id).calendar_of[version_id], at)


def _knowing(version_id: int) -> _Snapshot:
    """Versions never change: one that is not known was added a moment ago, elsewhere."""
    if version_id not in _snapshot().versions:
        forget()
    return _snapshot()


def duty_lists(at: datetime | None = None) -> list[duties.DutyList]:
    """The lists in force on a day, by key."""
    day, found = _day(at), []
    for versions in _snapshot().duty_lists.values():
        begun = [one for one in versions if one.valid_from <= day]
        found += begun[-1:]
    return found


def duty_list(key: str, version: int | None = None) -> duties.DutyList | None:
    """One version of a list; without a number, the newest."""
    versions = _snapshot().duty_lists.get(key, [])
    return next((one for one in reversed(versions) if version in (None, one.version)), None)


def duty_list_versions(key: str) -> list[duties.DutyList]:
    """All versions of a list, the newest first."""
    return _snapshot().duty_lists.get(key, [])[::-1]


def duty_list_history() -> dict[str, list[Version]]:
    """Every version of every list as it was written, by key, the oldest first."""
    found: dict[str, list[Version]] = {}
    for row in DutyList.objects.order_by("key", "number"):
        made = Version(row.number, row.activated_at, row.activated_by, row.body)
        found.setdefault(row.key, []).append(made)
    return found


def duty_against(
    unit_id: int, case_type: str, *, lead: bool, at: datetime | None = None
) -> tuple[duties.DutyList, duties.Article] | None:
    """The list and article that keep a kind of case from a unit; None where nothing does."""
    kind, covering = unit(unit_id).kind, types_covering(case_type)
    for one in duty_lists(at):
        if kind in one.kinds and (article := one.against(covering, lead=lead)):
            return one, article
    return None


def cited(unit: UnitInfo, duty_list: duties.DutyList, article: duties.Article) -> str:
    """The article that keeps work from a unit, in words for whoever is refused."""
    if article.part == "never":
        text = gettext("Not to be given to %(unit)s: %(list)s, article %(number)d: “%(article)s”")
    else:
        text = gettext("%(unit)s only helps with this: %(list)s, article %(number)d: “%(article)s”")
    return text % {
        "unit": pick(unit.name), "list": pick(duty_list.name), "number": article.number,
        "article": pick(article.text),
    }  # fmt: skip


def kept_from_somebody(case_type: str, at: datetime | None = None) -> bool:
    """Is there a level that must not be given this kind of case, or not to lead?"""
    covering = types_covering(case_type)
    return any(one.against(covering, lead=True) for one in duty_lists(at))
