"""Which thing a change concerns, in words: what events keep as ids, by its name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.core.events import StoredEvent
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.units import selectors as units
from lingka.units import work
from lingka.units.events import CalendarVersionAdded, ServiceAdded, ServiceEnded

TOLD = ("key", "name", "code", "number", "role", "receiver", "listing", "rows", "month")
FIELDS: Mapping[str, Any] = {  # as `fields` of an event names them
    "name": gettext_lazy("Name"), "kind": gettext_lazy("Kind"), "area_id": gettext_lazy("Area"),
    "parent_id": gettext_lazy("Belongs to"), "calendar_id": gettext_lazy("Working calendar"),
    "phone": gettext_lazy("Telephone"), "active": gettext_lazy("Active or not"),
    "is_active": gettext_lazy("Active or not"), "email": gettext_lazy("E-mail"),
    "language": gettext_lazy("Language"), "password": gettext_lazy("Password"),
}  # fmt: skip


def users_of(found: Iterable[StoredEvent]) -> dict[int, accounts.UserInfo]:
    """Who made the changes, and whom they concern. One statement."""
    by = {one.actor.get("id") for one in found if one.actor.get("kind") == "user"}
    of = {getattr(one.data, "user", None) for one in found}
    return accounts.users({one for one in by | of if isinstance(one, int) and one})


def which(event: StoredEvent, users: Mapping[int, accounts.UserInfo]) -> str:
    """The thing that a change concerns, and what of it."""
    data = event.data
    told = [getattr(data, name, None) for name in TOLD]
    parts = [str(one) for one in told if isinstance(one, str | int) and one != ""]
    who = users.get(getattr(data, "user", None) or 0)
    parts = [*([who.name] if who else []), *_of_a_unit(data), *parts, *_service(data)]
    fields = getattr(data, "fields", None)
    if isinstance(fields, list):
        parts += [_changed(data, one) for one in fields]
    return " · ".join(parts)


def _changed(data: Any, field: str) -> str:
    """A field with what it was and is, as far as the event keeps it."""
    name, after = str(FIELDS.get(field, field)), getattr(data, "after", {})
    if field not in after:
        return name
    return f"{name}: {_value(field, data.before.get(field))} → {_value(field, after[field])}"


def _value(field: str, value: Any) -> str:
    """What a field of a unit or a member of staff says, in words."""
    if isinstance(value, bool):
        return str(_("yes")) if value else "—"
    if isinstance(value, dict):
        return pick(value)
    try:
        named = NAMED[field](value) if field in NAMED and value else str(value or "—")
    except Problem:
        return str(value)
    return named


NAMED: Mapping[str, Callable[[Any], str]] = {
    "area_id": lambda number: pick(areas.area(number).name),
    "parent_id": lambda number: pick(units.unit(number).name),
    "calendar_id": lambda number: pick(units.calendars().get(number, {})),
    "kind": lambda kind: dict(units.kinds()).get(kind, kind),
}


def _of_a_unit(data: Any) -> list[str]:
    """The unit, area or calendar that an event names by its id."""
    found = []
    if isinstance(data, CalendarVersionAdded):
        found = [pick(units.calendars().get(data.calendar, {}))]
        return [*found, _("from %(day)s") % {"day": data.valid_from}]
    try:
        if isinstance(number := getattr(data, "unit", None), int):
            found.append(pick(units.unit(number).name))
        if isinstance(number := getattr(data, "area", None), int):
            found.append(pick(areas.area(number).name))
    except Problem:  # a place that was never there: an event of another town's copy
        return found
    return found


def _service(data: Any) -> list[str]:
    """What a unit serves with from when, or does no more."""
    if isinstance(data, ServiceAdded):
        return [_work(data.case_type), _("from %(day)s") % {"day": data.valid_from}]
    if not isinstance(data, ServiceEnded):
        return []
    mine = (one for one in units.services_of(data.unit) if one.id == data.service)
    where = [(pick(areas.area(one.area_id).name), _work(one.case_type)) for one in mine]
    return [*(name for pair in where for name in pair), _("until %(day)s") % {"day": data.valid_to}]


def _work(case_type: str) -> str:
    return str(work.names().get(case_type, case_type))
