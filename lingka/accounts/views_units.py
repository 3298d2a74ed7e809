"""The administrator's pages of units, their services, and working calendars."""

from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingka.accounts import desk_forms as forms
from lingka.accounts.administering import (
    Doing,
    actor_of,
    administrator,
    holds,
    page,
    sought_in,
)
from lingka.accounts.permissions import (
    administered,
    may_administer,
    may_administer_calendar,
    must,
)
from lingka.accounts.selectors import today
from lingka.accounts.views_agreements import agreement_doings, shown
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.units import actions, selectors, work
from lingka.units.calendars import WorkCalendar, country_year
from lingka.units.selectors import UnitInfo


@require_safe
@administrator
def show_units(request: HttpRequest) -> HttpResponse:
    """All units of one's area by kind, the closed ones last."""
    rows, sought = rows_for(actor_of(request)), sought_in(request.GET)
    calendars = {
        key: name
        for key, name in selectors.calendars().items()
        if may_administer_calendar(actor_of(request), key)
    }
    context = {
        "rows": narrowed(rows, sought), "all": len(rows), "calendars": calendars,
        "sought_here": sought, "search_label": _("Name, kind or area"),
    }  # fmt: skip
    return render(request, "accounts/desk/units.html", context)


def rows_for(actor: Actor) -> list[tuple[UnitInfo, str, str]]:
    """Units that somebody administers, with the names of their kind and area."""
    mine, kinds = administered(actor), dict(selectors.kinds())
    rows = [
        (unit, kinds.get(unit.kind, unit.kind), pick(areas.area(unit.area_id).name))
        for unit in selectors.units(active=False)
        if unit.area_path.startswith(mine)
    ]
    return sorted(rows, key=lambda row: (not row[0].active, row[1], row[0].key))


def narrowed(rows: list[tuple[UnitInfo, str, str]], sought: str) -> list[tuple[UnitInfo, str, str]]:
    return [row for row in rows if holds(sought, *row[0].name.values(), row[0].key, row[1], row[2])]


@administrator
def new_unit(request: HttpRequest) -> HttpResponse:
    def create(actor: Actor, data: dict[str, Any]) -> int:
        must(may_administer(actor, areas.area(data["area"]).path))
        return actions.create_unit(
            actor=actor, key=data["key"], kind=data["kind"], name=data["name"],
            area_id=data["area"], calendar_id=data["calendar"], phone=data["phone"],
        )  # fmt: skip

    return page(
        request, "accounts/desk/form.html", {"unit": (forms.NewUnitForm, create)},
        lambda: {"title": _("Add a unit"), "back": reverse("units")},
        after=lambda unit: reverse("unit", args=[unit]),
    )  # fmt: skip


@administrator
def show_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: what it is, and whom it serves for what."""
    try:
        unit = selectors.unit(unit_id)
    except Problem:
        raise Http404 from None
    if not may_administer(actor_of(request), unit.area_path):
        raise Http404
    initial = {
        "name": unit.name,
        "kind": unit.kind,
        "area": unit.area_id,
        "calendar": unit.calendar_id,
        "phone": unit.phone,
    }
    doings: dict[str, Doing] = {
        "unit": (partial(forms.UnitForm, initial=initial), partial(_change, unit)),
        "service": (
            partial(forms.ServiceForm, initial={"valid_from": today()}),
            partial(_serve, unit),
        ),
        "end": (forms.EndForm, partial(_end, unit)),
        "close": (partial(forms.IdForm, initial={"id": unit_id}), partial(_close, unit)),
        **agreement_doings(unit),
    }

    def context() -> dict[str, Any]:
        served = selectors.services_of(unit_id)
        called = work.names()
        rows = [
            (one, called.get(one.case_type, one.case_type), pick(areas.area(one.area_id).name))
            for one in served
        ]
        agreements = [shown(one) for one in selectors.agreements_of(unit_id)]
        return {"unit": unit, "today": today(), "services": rows, "agreements": agreements}

    return page(request, "accounts/desk/unit.html", doings, context)


def _change(unit: UnitInfo, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer(actor, unit.area_path, areas.area(data["area"]).path))
    actions.update_unit(
        unit.id, actor=actor, name=data["name"], kind=data["kind"], area_id=data["area"],
        calendar_id=data["calendar"], phone=data["phone"],
    )  # fmt: skip


def _serve(unit: UnitInfo, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer(actor, unit.area_path, areas.area(data["area"]).path))
    actions.add_service(
        unit.id, actor=actor, area_id=data["area"], case_type=data["case_type"],
        basis=data["basis"], valid_from=data["valid_from"], valid_to=data["valid_to"],
    )  # fmt: skip


def _end(unit: UnitInfo, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer(actor, unit.area_path))
    if data["id"] not in {one.id for one in selectors.services_of(unit.id)}:
        raise Problem("no_service", _("There is no such service."))
    actions.end_service(data["id"], actor=actor, on=data["on"])


def _close(unit: UnitInfo, actor: Actor, data: dict[str, Any]) -> None:
    del data  # the button says it all
    must(may_administer(actor, unit.area_path))
    actions.update_unit(unit.id, actor=actor, active=not unit.active)


@administrator
def show_calendar(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """One working calendar: hours, a year's holidays, local days, years not yet announced."""
    name = selectors.calendars().get(calendar_id)
    if name is None or not may_administer_calendar(actor_of(request), calendar_id):
        raise Http404
    held = selectors.calendar(calendar_id)
    year = _year(request)
    said: dict[str, Any] = {"valid_from": today()}
    for number in range(7):
        said[f"day{number}"] = " ".join("-".join(pair) for pair in held.hours.get(number, ()))
    doings: dict[str, Doing] = {
        "hours": (partial(forms.HoursForm, initial=said), partial(_hours, calendar_id)),
        "day": (forms.DayForm, partial(_set_day, calendar_id)),
        "unset": (forms.OneDayForm, partial(_unset_day, calendar_id)),
        "year": (partial(forms.YearForm, initial={"year": year}), partial(_enter, calendar_id)),
    }
    unknown = year not in held.years_entered and not country_year(held.country, year).known
    return page(request, "accounts/desk/calendar.html", doings, lambda: {
        "name": name, "year": year, "before": year - 1, "following": year + 1,
        "missing": unknown, "days": _days(held, year),
    })  # fmt: skip


def _hours(calendar_id: int, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer_calendar(actor, calendar_id))
    actions.set_hours(calendar_id, actor=actor, hours=data["hours"], valid_from=data["valid_from"])


def _set_day(calendar_id: int, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer_calendar(actor, calendar_id))
    actions.set_day(calendar_id, actor=actor, **data | {"working": bool(data["working"])})


def _unset_day(calendar_id: int, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer_calendar(actor, calendar_id))
    actions.unset_day(calendar_id, actor=actor, day=data["day"])


def _enter(calendar_id: int, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer_calendar(actor, calendar_id))
    actions.enter_year(calendar_id, actor=actor, year=data["year"])


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else 0  # noqa: PLR2004
    return year if forms.FIRST_YEAR <= year <= forms.LAST_YEAR else today().year


def _days(held: WorkCalendar, year: int) -> list[tuple[date, str, bool, bool]]:
    """The year's days off and make-up days: day, name, worked or not, local or not."""
    country = country_year(held.country, year)
    local = {day: names for day, names in [*held.days_off.items(), *held.days_on.items()]
             if day.year == year}  # fmt: skip
    found = {day: (pick(names) or _("Day off"), False, False) for day, names in country.off.items()}
    found |= {day: (_("Worked to make up for a holiday"), True, False) for day in country.on}
    found |= {day: (pick(names), day in held.days_on, True) for day, names in local.items()}
    return [(day, *found[day]) for day in sorted(found)]
