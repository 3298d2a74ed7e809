"""The desk's side: publish from a case or by hand, prolong, withdraw; templates."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import actor_of, administrator, page
from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.cases import selectors as cases
from lingka.cases.desk import Desk, staff
from lingka.core import clock, codes
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.notices import actions, permissions, rules, selectors, templates
from lingka.notices.forms import NoticeForm, ProlongForm, TemplateForm, WithdrawForm
from lingka.units import selectors as units

NEAR = 24  # places beside a case that are offered
FEW = 12  # of so many nobody has to look for one
LONGEST = 60  # characters of a part of a name
LOOK = "look"  # the button beside it
POSTS = ["GET", "HEAD", "POST"]
NUMBERS = re.compile(r"(\d{1,9})")
Targets = list[tuple[str, str]]


@require_safe
@staff
def desk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What stands in one's own area, and what is over."""
    mine = _paths(desk)
    over = "over" in request.GET
    shown = {"notices": selectors.under(mine, over=over), "over": over, "areas": _areas(mine)}
    return render(request, "notices/desk/index.html", shown)


def _paths(desk: Desk) -> tuple[str, ...]:
    mine = permissions.paths(desk.posts)
    if not mine:
        raise Http404
    return mine


def _areas(paths: tuple[str, ...]) -> list[areas.AreaInfo]:
    """Where somebody may put up a notice: their areas and those below, without grids."""
    tops = [areas.area(int(path.strip("/").split("/")[-1])) for path in paths]
    below = [areas.area(one) for top in tops for one in areas.desks_under(top.id)]
    return list({one.id: one for one in below}.values())


@require_safe
@staff
def where(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A notice by hand begins with an area."""
    return render(request, "notices/desk/where.html", {"areas": _areas(_paths(desk))})


@require_http_methods(POSTS)
@staff
def new(request: HttpRequest, desk: Desk, code: str = "", number: str = "") -> HttpResponse:
    """Write a notice for a case, or for what lies in an area; `?template=` says in which words."""
    mine = _paths(desk)
    case = _case(number, desk.actor) if number else None
    targets = _of_case(case, mine) if case else _of_area(code, mine)
    chosen = _template(request, case)
    initial = _initial(chosen, case, targets) | _typed(request)
    make = partial(NoticeForm, targets=targets, units=_units(), initial=initial)
    return page(
        request, "notices/desk/new.html",
        {"notice": (make, partial(_publish, case.uuid if case else None, chosen))},
        lambda: {
            "case": case, "templates": _choices(chosen), "targets": targets,
            "before": selectors.of_case(case.uuid) if case else [],
            "inside": _inside(code) if code else [], **_looking(request, targets),
            "known": ", ".join(f"{{{one}}}" for one in rules.VARIABLES),
        },
        after=lambda code: reverse("notices:manage", args=[code]),
    )  # fmt: skip


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What stood in the form when only a place was looked for: nothing is judged yet."""
    sent = request.POST
    if sent.get("do") != LOOK:
        return {}
    typed = {name.removeprefix("notice-"): sent[name] for name in sent}
    return typed | {"targets": sent.getlist("notice-targets")}


def _looking(request: HttpRequest, targets: Targets) -> dict[str, Any]:
    """Of a long list those that are called so in any language; ticked ones are shown as well."""
    like = request.POST.get("like", "").replace("\x00", "")[:LONGEST].strip()
    known = areas.places(int(key[6:]) for key, _name in targets if key.startswith("place:"))
    names = {f"place:{one.id}": " ".join(one.name.values()) for one in known.values()}
    found = [key for key, name in targets if like.casefold() in names.get(key, name).casefold()]
    return {"like": like, "found": found, "long": len(targets) > FEW}


def _case(number: str, actor: Actor) -> cases.Standing:
    uuid = cases.by_number(number)
    if uuid is None or cases.case_brief(uuid, actor) is None:
        raise Http404
    return cases.standings([uuid])[uuid]


def _of_case(case: cases.Standing, mine: tuple[str, ...]) -> Targets:
    """The places around a case, and the areas that it lies in."""
    grid = areas.area(case.grid_id) if case.grid_id else None
    place = areas.places([case.place_id]).get(case.place_id) if case.place_id else None
    at = place or grid
    near = areas.places_near(at.lon, at.lat, NEAR) if at and at.lon and at.lat else []
    above = reversed(areas.ancestors(grid.path if grid else case.area_path))
    return _places(near, mine) + _whole(above, mine)


def _of_area(code: str, mine: tuple[str, ...]) -> Targets:
    """An area with those below it; where it is a grid, with every place in it."""
    chosen = areas.area_by_code(code)
    if chosen is None or not chosen.path.startswith(mine):
        raise Http404
    places = areas.places_in(chosen.id) if chosen.level == scheme().grid else []
    places = sorted(places, key=lambda one: _numbered(pick(one.name)))
    return _whole([chosen, *areas.children(chosen.id)], mine) + _places(places, mine)


def _numbered(name: str) -> list[tuple[int, str]]:
    """Orders names as people do: yard 9 before yard 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in NUMBERS.split(name)]


def _inside(code: str) -> list[areas.AreaInfo]:
    """The areas right below, of which each has a page with what lies in it."""
    chosen = areas.area_by_code(code)
    return areas.children(chosen.id) if chosen else []


def _places(places: Iterable[areas.PlaceInfo], mine: tuple[str, ...]) -> Targets:
    """Places that can be ticked: never any outside one's own area."""
    return [
        (f"place:{one.id}", pick(one.name))
        for one in places
        if areas.area(one.grid_id).path.startswith(mine)
    ]


def _whole(within: Iterable[areas.AreaInfo], mine: tuple[str, ...]) -> Targets:
    """Areas that can be ticked, each with all that lies in it."""
    said = _("All of %(area)s")
    return [
        (f"area:{one.id}", said % {"area": pick(one.name)})
        for one in within
        if one.path.startswith(mine)
    ]


def _template(request: HttpRequest, case: cases.Standing | None) -> templates.Template | None:
    asked = request.GET.get("template", "")
    if asked:
        return templates.template(asked)
    return templates.for_case(case.case_type) if case else None


def _choices(chosen: templates.Template | None) -> list[tuple[str, str, bool]]:
    """(key, name, whether it is in use) of every template."""
    return [(one.key, one.name, one == chosen) for one in templates.all_in_force()]


def _units() -> list[tuple[int, str]]:
    return [(one.id, pick(one.name)) for one in units.units()]


def _initial(
    chosen: templates.Template | None, case: cases.Standing | None, targets: Targets
) -> dict[str, Any]:
    begins = timezone.localtime(case.opened_at if case else clock.now()).replace(second=0)
    hours = chosen.hours if chosen else 4
    ends = timezone.localtime(clock.now() + timedelta(hours=hours)).replace(minute=0, second=0)
    shown: dict[str, Any] = {"begins_at": begins, "ends_at": ends + timedelta(hours=1)}
    if case is not None:
        shown |= {"unit": case.lead_unit, "targets": [f"place:{case.place_id}"]}
        shown["phone"] = units.unit(case.lead_unit).phone if case.lead_unit else ""
    if chosen is not None:
        shown |= {"kind": chosen.kind} | _words(chosen.title, chosen.text)
    return shown


def _words(title: Mapping[str, str], text: Mapping[str, str]) -> dict[str, str]:
    spoken = [code for code, _name in settings.LANGUAGES]
    said = {f"title_{code}": title.get(code, "") for code in spoken}
    return said | {f"text_{code}": text.get(code, "") for code in spoken}


def _publish(
    case: UUID | None, chosen: templates.Template | None, actor: Actor, data: dict[str, Any]
) -> str:
    given = data["form"]
    draft = actions.Draft(
        kind=data["kind"], title=given.texts("title"), text=given.texts("text"),
        begins_at=data["begins_at"], ends_at=data["ends_at"], areas=given.chosen("area"),
        places=given.chosen("place"), case_uuid=case, unit=data["unit"], phone=data["phone"],
        template=chosen.key if chosen else "",
    )  # fmt: skip
    return actions.publish(draft, actor=actor, key=data["key"])


@require_http_methods(POSTS)
@staff
def manage(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One notice at the desk: how it reads everywhere, prolong it, take it down."""
    found = selectors.notice(code)
    if found is None or not found.area_path.startswith(_paths(desk)):
        raise Http404
    later = timezone.localtime(found.ends_at) + timedelta(hours=4)
    doings: dict[str, Any] = {} if found.state == "over" else {
        "prolong": (
            partial(ProlongForm, initial={"ends_at": later}),
            lambda actor, data: actions.prolong(code, data["ends_at"], actor=actor),
        ),
        "withdraw": (
            WithdrawForm, lambda actor, data: actions.withdraw(code, data["why"], actor=actor),
        ),
    }  # fmt: skip
    return page(
        request, "notices/desk/notice.html", doings,
        lambda: {
            "notice": selectors.notice(code), "turns": selectors.turns(code),
            "case": selectors.case_line(found),
            "spoken": [
                (language, name, selectors.spoken(code, language))
                for language, name in settings.LANGUAGES
            ],
        },
    )  # fmt: skip


@require_safe
@administrator
def templates_list(request: HttpRequest) -> HttpResponse:
    """What notices are written from."""
    _must_write(request)
    shown = {
        "templates": templates.all_in_force(), "gone": templates.taken_down(),
        "kinds": rules.KINDS,
    }  # fmt: skip
    return render(request, "notices/desk/templates.html", shown)


@administrator
def edit_template(request: HttpRequest, key: str = "") -> HttpResponse:
    """A template's words, or those of a new one; saving puts a new number into force, of one
    taken down as well."""
    _must_write(request)
    offered = templates.template(key) if key else None
    found = offered or (templates.template(key, gone=True) if key else None)
    if key and found is None:
        raise Http404
    form = partial(TemplateForm, initial=_kept(found), matters=_matters(found))
    doings: dict[str, Any] = {"template": (form, partial(_save_template, found))}
    if offered is not None:
        doings["retire"] = (
            forms.Form, lambda actor, _data: actions.retire_template(key, actor=actor)
        )  # fmt: skip
    return page(
        request, "notices/desk/template.html", doings,
        lambda: {
            "title": found.name if found else _("Write a template"), "key": key,
            "is_gone": found is not offered,
            "known": ", ".join(f"{{{one}}}" for one in rules.VARIABLES),
        },
        after=lambda _number: reverse("notices:templates"),
    )  # fmt: skip


def _kept(found: templates.Template | None) -> dict[str, Any]:
    if found is None:
        return {"hours": 4}
    shown = {"kind": found.kind, "hours": found.hours, "matters": list(found.cases)}
    return shown | _words(found.title, found.text)


def _matters(found: templates.Template | None) -> Targets:
    """Whole groups of matters, and the single ones that a template names already."""
    groups = [(f"{key}.", name) for key, name, _icon, _kinds in cases.case_groups()]
    known = {start for start, _name in groups}
    named = [start for start in (found.cases if found else ()) if start not in known]
    kinds = {one.key: one.name for one in cases.case_types()}
    return groups + [(start, kinds.get(start, start)) for start in named]


def _save_template(found: templates.Template | None, actor: Actor, data: dict[str, Any]) -> int:
    given = data["form"]
    body = {
        "kind": data["kind"], "hours": data["hours"], "picture": found.picture if found else "",
        "for": data["matters"], "title": given.texts("title"), "text": given.texts("text"),
    }  # fmt: skip
    key = found.key if found else f"own-{codes.short_code().lower()}"
    return actions.publish_template(key, body, actor=actor)


def _must_write(request: HttpRequest) -> None:
    if not permissions.may_write_templates(actor_of(request)):
        raise Http404
