"""Every change of units, services, agreements, duty lists and calendars. Callers check who may
(`accounts.permissions`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, datafiles, histories, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import sha256
from lingka.core.events import NEW, by_operation, record
from lingka.core.faults import refuse
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.versions import after
from lingka.units import duties, selectors
from lingka.units.calendars import parse_time
from lingka.units.events import (
    AgreementEnded,
    AgreementExpired,
    AgreementRegistered,
    AgreementRunsOut,
    CalendarVersionAdded,
    DutyListActivated,
    ServiceAdded,
    ServiceEnded,
    UnitAdded,
    UnitChanged,
)
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

Names = Mapping[str, str]
DOCUMENT_LIMIT = 4_000_000  # bytes of a signed paper
CHANGEABLE = frozenset({"name", "kind", "area_id", "parent_id", "calendar_id", "phone", "active"})


def _changed() -> None:
    """Tell the other processes, and this one, that what they hold is old."""
    Revision.objects.update_or_create(id=1, defaults={"token": uuid7()})
    selectors.forget()
    transaction.on_commit(selectors.forget)


def complete(names: Names, field: str) -> dict[str, str]:
    """Authored text in every language of the installation, or a Problem naming the field."""
    clean = {code: str(names.get(code, "")).strip() for code, _name in settings.LANGUAGES}
    if not all(clean.values()):
        raise Problem("incomplete", _("Write this in every language."), field=field)
    return clean


@transaction.atomic
def create_unit(
    *,
    actor: Actor,
    key: str,
    kind: str,
    name: Names,
    area_id: int,
    calendar_id: int,
    parent_id: int | None = None,
    phone: str = "",
) -> int:
    """Add a unit; returns its id."""
    if kind not in Unit.Kind.values:
        raise Problem("invalid", _("Choose a kind of unit from the list."), field="kind")
    if Unit.objects.filter(key=key).exists():
        raise Problem("taken", _("Another unit has this key. Choose a different one."), field="key")
    unit = Unit.objects.create(
        key=key, kind=kind, name=complete(name, "name"), area_id=area_id, parent_id=parent_id,
        calendar_id=calendar_id, phone=phone,
    )  # fmt: skip
    record(UnitAdded(unit.id, key, kind, area_id), stream_id=unit.uuid, actor=actor, after=NEW)
    _changed()
    return unit.id


@transaction.atomic
def update_unit(unit_id: int, *, actor: Actor, **values: Any) -> None:
    """Change some of a unit's `CHANGEABLE` fields; equal values change nothing."""
    unit = Unit.objects.select_for_update().get(id=unit_id)
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    if "name" in values:
        values["name"] = complete(values["name"], "name")
    fields = sorted(name for name, value in values.items() if getattr(unit, name) != value)
    if not fields:
        return
    before = {name: getattr(unit, name) for name in fields}
    after = {name: values[name] for name in fields}
    for name in fields:
        setattr(unit, name, values[name])
    unit.save(update_fields=fields)
    record(UnitChanged(unit.id, fields, before, after), stream_id=unit.uuid, actor=actor)
    _changed()


@transaction.atomic
def add_service(
    unit_id: int,
    *,
    actor: Actor,
    area_id: int,
    case_type: str,
    basis: Names,
    valid_from: date,
    valid_to: date | None = None,
) -> int:
    """Let a unit serve an area for a case type, a category ("water") or everything ("*")."""
    if valid_to is not None and valid_to <= valid_from:
        raise Problem("invalid", _("The end lies before the beginning."), field="valid_to")
    unit = Unit.objects.select_for_update().get(id=unit_id)
    service = Service.objects.create(
        unit=unit, area_id=area_id, case_type=case_type, basis=complete(basis, "basis"),
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    said = ServiceAdded(unit.id, service.id, area_id, case_type, valid_from.isoformat())
    record(said, stream_id=unit.uuid, actor=actor)
    _changed()
    return service.id


@transaction.atomic
def end_service(service_id: int, *, actor: Actor, on: date) -> None:
    """From this day on the unit no longer serves there."""
    service = (
        Service.objects.select_related("unit").select_for_update(of=("self",)).get(id=service_id)
    )
    if on < service.valid_from:
        raise Problem("invalid", _("The end lies before the beginning."), field="valid_to")
    service.valid_to = on
    service.save(update_fields=["valid_to"])
    said = ServiceEnded(service.unit_id, service.id, on.isoformat())
    record(said, stream_id=service.unit.uuid, actor=actor)
    _changed()


@transaction.atomic
def register_agreement(
    unit_id: int,
    *,
    actor: Actor,
    area_ids: Sequence[int],
    case_types: Sequence[str] = (),
    promise: Names,
    valid_from: date,
    valid_to: date,
    document: tuple[str, bytes] | None = None,
    agreement: UUID | None = None,
) -> UUID:
    """Register what a unit promises until the day before `valid_to`; returns the agreement's id.

    `agreement` names the one that this is a new version of: it counts from its own first day,
    what was agreed before counts until then. `document` is the file's name and its bytes.
    """
    if valid_to <= valid_from:
        raise Problem("invalid", _("The end lies before the beginning."), field="valid_to")
    if not area_ids:
        raise Problem("missing", _("Choose at least one area."), field="areas")
    if "*" in case_types:
        message = _("An agreement names what was promised: choose the kinds of work.")
        raise Problem("everything", message, field="case_types")
    before = _newest(agreement, unit_id) if agreement else None
    kept = _document(document) if document else None
    made = Agreement.objects.create(
        uuid=before.uuid if before else uuid7(),
        number=before.number + 1 if before else 1,
        unit_id=unit_id, areas=sorted(set(area_ids)), case_types=sorted(set(case_types)),
        promise=complete(promise, "promise"), valid_from=valid_from, valid_to=valid_to,
        document=kept or (before.document if before else None), registered_at=clock.now(),
    )  # fmt: skip
    said = AgreementRegistered(
        made.number, unit_id, made.areas, made.case_types, valid_from.isoformat(),
        valid_to.isoformat(), made.document_id,
    )  # fmt: skip
    record(said, stream_id=made.uuid, actor=actor, after=None if before else NEW)
    _changed()
    return made.uuid


def _newest(agreement: UUID, unit_id: int) -> Agreement:
    """The last version, with its unit locked so that two changes follow one another."""
    Unit.objects.select_for_update().get(id=unit_id)
    found = Agreement.objects.filter(uuid=agreement, unit_id=unit_id).order_by("-number").first()
    if found is None:
        raise Problem("no_agreement", _("There is no such agreement."), status=404)
    return found


def _document(given: tuple[str, bytes]) -> AgreementDocument:
    name, body = given
    if not body.startswith(b"%PDF-"):
        raise Problem("not_pdf", _("The signed paper has to be a PDF file."), field="document")
    if len(body) > DOCUMENT_LIMIT:
        raise Problem("large", _("The file is larger than 4 MB."), field="document")
    kept, _new = AgreementDocument.objects.get_or_create(
        sha256=sha256(body).hex(), defaults={"body": body, "name": name[:120]}
    )
    return kept


@transaction.atomic
def end_agreement(agreement: UUID, unit_id: int, *, actor: Actor, on: date) -> None:
    """From this day on the agreement no longer counts, though it was signed for longer."""
    last = _newest(agreement, unit_id)
    if not last.valid_from < on < last.valid_to:
        raise Problem("invalid", _("Choose a day after its first and before its last."), field="on")
    Agreement.objects.create(
        uuid=last.uuid, number=last.number + 1, unit_id=unit_id, areas=last.areas,
        case_types=last.case_types, promise=last.promise, valid_from=last.valid_from, valid_to=on,
        document=last.document, registered_at=clock.now(),
    )  # fmt: skip
    said = AgreementEnded(last.number + 1, unit_id, on.isoformat())
    record(said, stream_id=last.uuid, actor=actor)
    _changed()


def watch_agreements() -> int:
    """Tell once of each agreement that runs out soon, and once that it has; returns how many."""
    return sum(_told(one) for one in selectors.running_out())


@transaction.atomic
def _told(one: selectors.AgreementInfo) -> bool:
    kind = AgreementExpired if one.is_over() else AgreementRunsOut
    op = uuid5(one.uuid, f"{kind.type}:{one.number}")
    if by_operation(one.uuid, op):
        return False
    said = kind(one.number, one.unit_id, list(one.area_ids), one.valid_to.isoformat())
    record(said, stream_id=one.uuid, actor=SYSTEM, op_id=op)
    return True


@transaction.atomic
def activate_duty_list(body: Mapping[str, Any], *, actor: Actor) -> int:
    """Put a duty list into force from the day it names; returns its version.

    The one in force already gives its own version back. Raises Problem "faulty" naming each fault.
    """
    made, is_new = _kept_list(body, histories.by(actor))
    if is_new:
        said = DutyListActivated(
            made.key, made.number, made.content_hash, made.body["valid_from"]
        )  # fmt: skip
        record(said, stream_id=duties.stream_of(made.key), actor=actor)
    return made.number


def _kept_list(body: Mapping[str, Any], by: int | None) -> tuple[DutyList, bool]:
    """The version with these articles, and whether it is new."""
    refuse(duties.faults(body, Unit.Kind.values))
    plain = {**body, "valid_from": str(body["valid_from"])}
    locks.hold(duties.stream_of(body["key"]))
    made, new = after(
        DutyList.objects.filter(key=body["key"]), plain, key=body["key"], body=plain,
        activated_at=clock.now(), activated_by=by,
    )  # fmt: skip
    if new:
        _changed()
    return made, new


@transaction.atomic
def activate_shipped() -> None:
    """Activate the model lists of the package, unless a town has put its own into force.

    They come with the program, as everything does that it ships: nobody's act, so no event.
    """
    own = set(DutyList.objects.exclude(activated_by=None).values_list("key", flat=True))
    for path in sorted(duties.SHIPPED.glob("*.yaml")):
        body = datafiles.read(path)
        if body["key"] not in own:
            _kept_list(body, None)


@transaction.atomic
def create_calendar(*, actor: Actor, key: str, name: Names) -> int:
    """Add a calendar; it counts nothing until it has a version."""
    del actor  # its first version's event says who
    try:
        with transaction.atomic():
            return Calendar.objects.create(key=key, name=complete(name, "name")).id
    except IntegrityError:
        raise Problem("taken", _("Another calendar has this key."), field="key") from None


@transaction.atomic
def add_calendar_version(
    calendar_id: int,
    *,
    actor: Actor,
    hours: Mapping[int, Sequence[tuple[str, str]]],
    country: str = "",
    days_off: Mapping[date, Names] | None = None,
    days_on: Mapping[date, Names] | None = None,
    years_entered: Iterable[int] = (),
    valid_from: date,
) -> int:
    """A new version of working hours and holidays; the older ones stay as they are."""
    check_hours(hours)
    calendar = Calendar.objects.select_for_update().get(id=calendar_id)
    last = calendar.versions.order_by("-number").first()
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=last.number + 1 if last else 1,
        hours={str(day): [list(times) for times in hours[day]] for day in sorted(hours)},
        country=country,
        days_off={day.isoformat(): dict(names) for day, names in (days_off or {}).items()},
        days_on={day.isoformat(): dict(names) for day, names in (days_on or {}).items()},
        years_entered=sorted(set(years_entered)),
        valid_from=valid_from,
    )
    said = CalendarVersionAdded(calendar.id, version.id, version.number, valid_from.isoformat())
    record(said, stream_id=calendar.uuid, actor=actor)
    _changed()
    return version.id


@transaction.atomic
def set_hours(
    calendar_id: int,
    *,
    actor: Actor,
    hours: Mapping[int, Sequence[tuple[str, str]]],
    valid_from: date,
) -> int:
    """Other working hours from a day on; holidays stay as they are."""
    last = CalendarVersion.objects.filter(calendar_id=calendar_id).latest("number")
    return _again(last, actor=actor, hours=hours, valid_from=valid_from)


@transaction.atomic
def set_day(
    calendar_id: int, *, actor: Actor, day: date, names: Names, working: bool, days: int = 1
) -> int:
    """Enter a local holiday of one or several days, or a make-up working day."""
    last = CalendarVersion.objects.filter(calendar_id=calendar_id).latest("number")
    off, on = _dates(last.days_off), _dates(last.days_on)
    for offset in range(days):
        one = day + timedelta(days=offset)
        off.pop(one, None)
        on.pop(one, None)
        (on if working else off)[one] = complete(names, "name")
    return _again(last, actor=actor, days_off=off, days_on=on)


@transaction.atomic
def unset_day(calendar_id: int, *, actor: Actor, day: date) -> int:
    """Take back a local day off or on."""
    last = CalendarVersion.objects.filter(calendar_id=calendar_id).latest("number")
    off, on = _dates(last.days_off), _dates(last.days_on)
    off.pop(day, None)
    on.pop(day, None)
    return _again(last, actor=actor, days_off=off, days_on=on)


@transaction.atomic
def enter_year(calendar_id: int, *, actor: Actor, year: int) -> int:
    """Say that a year the library lacks now stands complete in the local days."""
    last = CalendarVersion.objects.filter(calendar_id=calendar_id).latest("number")
    return _again(last, actor=actor, years_entered=[*last.years_entered, year])


def _again(last: CalendarVersion, *, actor: Actor, **changes: Any) -> int:
    """The last version once more, with changes."""
    kept: dict[str, Any] = {
        "hours": {int(day): [tuple(times) for times in last.hours[day]] for day in last.hours},
        "country": last.country,
        "days_off": _dates(last.days_off),
        "days_on": _dates(last.days_on),
        "years_entered": last.years_entered,
        "valid_from": last.valid_from,
    }
    return add_calendar_version(last.calendar_id, actor=actor, **kept | changes)


def _dates(days: Mapping[str, Names]) -> dict[date, Names]:
    return {date.fromisoformat(day): names for day, names in days.items()}


def check_hours(hours: Mapping[int, Sequence[tuple[str, str]]]) -> None:
    """Intervals in order, without overlap, at least one in the week; or a Problem."""
    if not any(hours.values()):
        raise Problem("invalid", _("Enter working hours for at least one day."), field="hours")
    for day in hours.values():
        try:
            moments = [parse_time(text) for interval in day for text in interval]
        except ValueError:
            raise Problem("invalid", _("Write times like 09:30."), field="hours") from None
        if any(later <= earlier for earlier, later in pairwise(moments)):
            raise Problem("invalid", _("Working hours must follow one another."), field="hours")
