"""The year's projects at the desk and for the units that own them."""

from functools import partial
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import Doing, opened_by, page
from lingka.areas import selectors as areas
from lingka.areas.selectors import day_of
from lingka.core import codes
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.projects import actions, permissions, selectors
from lingka.projects.forms import (
    ListForm,
    MilestoneForm,
    MoveForm,
    PhotoForm,
    ProjectForm,
    ReachForm,
    SpendForm,
    TakeDownForm,
    WhyForm,
)
from lingka.projects.selectors import ListInfo, ProjectInfo
from lingka.units import selectors as units

POSTS = ["GET", "HEAD", "POST"]


# Who keeps lists, and the people of units.
concerned = opened_by(lambda posts: (permissions.paths(posts), permissions.own_units(posts)))


@require_http_methods(POSTS)
@concerned
def index(request: HttpRequest, paths: tuple[str, ...], own: set[int]) -> HttpResponse:
    """Lists that one keeps or owns something on, with how far they are."""

    def shown() -> dict[str, Any]:
        lists = selectors.lists_of(paths, own)
        found = [(one, selectors.sums(selectors.projects_of(one.uuid))) for one in lists]
        return {"lists": found, "keeps": bool(paths)}

    year = day_of(None).year
    form = partial(ListForm, areas=_areas(paths), initial={"year": year})
    doings: dict[str, Doing] = {"list": (form, _begin)} if paths else {}
    return page(
        request, "projects/desk/index.html", doings, shown,
        after=lambda uuid: reverse("projects:list", args=[uuid]),
    )  # fmt: skip


def _begin(actor: Actor, data: dict[str, Any]) -> UUID:
    return actions.begin_list(data["area"], data["year"], actor=actor)


def _areas(paths: tuple[str, ...]) -> list[tuple[int, str]]:
    """One's own areas and those below that have desks, the widest first."""
    tops = [int(path.strip("/").rsplit("/", 1)[-1]) for path in paths]
    below = dict.fromkeys(one for top in tops for one in areas.desks_under(top))
    return [(one, pick(areas.area(one).name)) for one in below]


def _own_list(uuid: UUID, paths: tuple[str, ...], own: set[int]) -> tuple[ListInfo, bool]:
    """A list that one may see here, and whether one keeps it."""
    found = selectors.list_(uuid)
    if found is None:
        raise Http404
    keeps = bool(paths) and found.area_path.startswith(paths)
    if not keeps and not any(one.uuid == uuid for one in selectors.lists_of((), own)):
        raise Http404
    return found, keeps


@require_http_methods(POSTS)
@concerned
def show_list(
    request: HttpRequest, paths: tuple[str, ...], own: set[int], uuid: UUID
) -> HttpResponse:
    """One list: its projects; until it is public, what is still to be entered."""
    listed, keeps = _own_list(uuid, paths, own)
    doings: dict[str, Doing] = {}
    if keeps and not listed.published:
        doings["publish"] = (forms.Form, lambda actor, _d: actions.publish(uuid, actor=actor))
    return page(
        request, "projects/desk/list.html", doings,
        lambda: {"list": listed, "keeps": keeps, "projects": selectors.projects_of(uuid)},
    )  # fmt: skip


@require_http_methods(POSTS)
@concerned
def enter(request: HttpRequest, paths: tuple[str, ...], own: set[int], uuid: UUID) -> HttpResponse:
    """A project for a list that is not public yet."""
    listed, keeps = _own_list(uuid, paths, own)
    if not keeps or listed.published:
        raise Http404
    form = partial(ProjectForm, units=_units())
    return page(
        request, "projects/desk/enter.html",
        {"project": (form, lambda actor, d: actions.set_project(uuid, d["draft"], actor=actor))},
        lambda: {"list": listed}, after=lambda code: reverse("projects:manage", args=[code]),
    )  # fmt: skip


def _units() -> list[tuple[int, str]]:
    return [(one.id, pick(one.name)) for one in units.units()]


def _own(code: str, paths: tuple[str, ...], own: set[int]) -> tuple[ProjectInfo, bool]:
    found = selectors.project(codes.normalise(code) or "", public=False)
    if found is None:
        raise Http404
    keeps = bool(paths) and found.of.area_path.startswith(paths)
    if not keeps and (found.owner_id not in own or not found.of.published):
        raise Http404
    return found, keeps


@require_http_methods(POSTS)
@concerned
def manage(request: HttpRequest, paths: tuple[str, ...], own: set[int], code: str) -> HttpResponse:
    """One project: how far it is, what it cost, why it is late; its end."""
    found, keeps = _own(code, paths, own)
    doings = _going_on(found, keeps=keeps) if found.of.published else _entered(found)
    return page(
        request, "projects/desk/project.html", doings,
        lambda: {"project": selectors.project(found.code, public=False), "keeps": keeps},
        after=lambda _made: _where_it_is(request, found),
    )  # fmt: skip


def _where_it_is(request: HttpRequest, found: ProjectInfo) -> str:
    """Its page, or the list out of which it was taken."""
    if selectors.project(found.code, public=False) is not None:
        return request.get_full_path()
    return reverse("projects:list", args=[found.of.uuid])


def _entered(found: ProjectInfo) -> dict[str, Doing]:
    """Before the list is public: entered anew, with its steps."""
    code, of = found.code, found.of.uuid
    said = {
        f"{name}_{language}": text
        for name, texts in (("title", found.titles), ("text", found.texts), ("where", found.wheres))
        for language, text in texts.items()
    }
    now = said | {"owner": found.owner_id, "planned": found.planned, "due": found.due}
    return {
        "project": (
            partial(ProjectForm, units=_units(), initial=now),
            lambda actor, d: actions.set_project(of, d["draft"], actor=actor, code=code),
        ),
        "milestone": (
            MilestoneForm,
            lambda actor, d: actions.add_milestone(code, d["title"], d["due"], actor=actor),
        ),
        "less": (
            ReachForm,
            lambda actor, d: actions.leave_step_out(code, d["milestone"], actor=actor),
        ),
        "out": (forms.Form, lambda actor, _d: actions.leave_out(code, actor=actor)),
    }


def _going_on(found: ProjectInfo, *, keeps: bool) -> dict[str, Doing]:
    """What may be said of a public project as it stands."""
    code, doings = found.code, {}
    if found.state == "running":
        doings = _running(found, keeps=keeps)
    if found.state in {"running", "few"}:
        doings["done"] = (
            forms.Form, lambda actor, _d: actions.report_done(code, actor=actor)
        )  # fmt: skip
    doings["photo"] = (
        partial(PhotoForm, steps=found.steps),
        lambda actor, d: actions.show_photo(
            code, d["photo"].read(), d["shows"], d["caption"], actor=actor, milestone=d["milestone"]
        ),
    )
    if found.photos:
        doings["down"] = (
            TakeDownForm, lambda actor, d: actions.take_photo_down(code, d["photo"], actor=actor)
        )  # fmt: skip
    if found.state != "stopped":
        doings["spend"] = (
            partial(SpendForm, initial={"spent": found.spent}),
            lambda actor, d: actions.spend(code, d["spent"], d["why"], actor=actor),
        )
    return doings


def _running(found: ProjectInfo, *, keeps: bool) -> dict[str, Doing]:
    code = found.code
    doings: dict[str, Doing] = {
        "reach": (ReachForm, lambda actor, d: actions.reach(code, d["milestone"], actor=actor)),
        "move": (MoveForm, lambda actor, d: actions.move(code, d["due"], d["why"], actor=actor)),
    }
    if found.late:
        doings["explain"] = (
            WhyForm, lambda actor, d: actions.explain(code, d["why"], actor=actor)
        )  # fmt: skip
    if keeps:
        doings["stop"] = (WhyForm, lambda actor, d: actions.stop(code, d["why"], actor=actor))
    return doings


@require_safe
@concerned
def sign(request: HttpRequest, paths: tuple[str, ...], own: set[int], code: str) -> HttpResponse:
    """A sheet for the place itself: whoever uses it scans and says whether it is done."""
    found, _keeps = _own(code, paths, own)
    if not found.of.published:
        raise Http404
    qr = segno.make_qr(found.url, error="m").svg_inline(omitsize=True, border=0, dark="#2B211B")
    names = [(one, found.titles.get(one, "")) for one in ("bo", "zh-hans", "en")]
    made = mark_safe(qr)  # noqa: S308 - made here, of our own address
    return render(
        request, "projects/desk/sign.html", {"project": found, "names": names, "qr": made}
    )
