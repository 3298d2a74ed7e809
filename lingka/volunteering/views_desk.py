"""The desk's side: prepare, approve, publish; the list on the day; hours afterwards."""

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

from lingka.accounts.administering import opened_by, page
from lingka.core import clock, codes, qr
from lingka.core.actors import Actor
from lingka.volunteering import actions, needs, permissions, rules, selectors
from lingka.volunteering.forms import (
    ActivityForm,
    LineForm,
    NewForm,
    OffForm,
    ReturnForm,
    RightForm,
    ShiftForm,
    WentForm,
)
from lingka.volunteering.needs import NeedInfo
from lingka.volunteering.selectors import ActivityInfo

POSTS = ["GET", "HEAD", "POST"]
STEPS = {"draft": actions.approve, "returned": actions.approve, "approved": actions.publish}
BACK = {"draft", "approved"}  # whoever did not write it may send it back
AGAIN = 15  # seconds after which the page with the code is read anew


# Desks, supervisors and administrators.
organiser = opened_by(lambda posts: (permissions.paths(posts),))


@require_safe
@organiser
def index(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """Activities of one's area, to come and in preparation, or over."""
    over = "over" in request.GET
    shown = {"activities": selectors.under(paths, over=over), "over": over}
    return render(request, "volunteering/desk/index.html", shown)


@require_http_methods(POSTS)
@organiser
def new(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """Draft one, perhaps for a need: what it says stands there already."""
    need = _need(request, paths)
    form = partial(NewForm, paths=paths, initial=_needed(need) if need else None)
    return page(
        request, "volunteering/desk/new.html",
        {"activity": (form, partial(_draft, need.uuid if need else None))},
        lambda: {"need": need},
        after=lambda code: reverse("volunteering:manage", args=[code]),
    )  # fmt: skip


def _need(request: HttpRequest, paths: tuple[str, ...]) -> NeedInfo | None:
    try:
        found = needs.need(UUID(request.GET.get("need", "")))
    except ValueError:
        return None
    return found if found and found.area_path.startswith(paths) else None


def _needed(need: NeedInfo) -> dict[str, Any]:
    texts = {"title": need.titles, "text": need.texts}
    words = {f"{name}_{code}": text for name, said in texts.items() for code, text in said.items()}
    return {"kind": need.kind, "area": need.area_id, **words}


def _draft(need: UUID | None, actor: Actor, data: dict[str, Any]) -> str:
    return actions.draft(data["area"], data["wanted"], actor=actor, need=need)


@require_http_methods(POSTS)
@organiser
def one(request: HttpRequest, paths: tuple[str, ...], code: str) -> HttpResponse:
    """One of them: its words, its times, and its next step."""
    found = _own(selectors.prepared(codes.normalise(code) or ""), paths)
    doings: dict[str, Any] = {} if found.state == "cancelled" else _doings(found)
    mine = request.user.pk in found.authors
    return page(
        request, "volunteering/desk/activity.html", doings,
        lambda: {"activity": selectors.prepared(found.code), "mine": mine},
    )  # fmt: skip


def _own(found: ActivityInfo | None, paths: tuple[str, ...]) -> ActivityInfo:
    if found is None or not found.area_path.startswith(paths):
        raise Http404
    return found


def _doings(found: ActivityInfo) -> dict[str, Any]:
    code = found.code
    soon = timezone.localtime(clock.now()).replace(minute=0) + timedelta(days=7)
    first = {"begins": soon, "ends": soon + timedelta(hours=2), "places": 10}
    doings: dict[str, Any] = {
        "shift": (partial(ShiftForm, initial=first), partial(_add, code)),
        "cancel": (OffForm, lambda actor, data: actions.cancel(code, data["why"], actor=actor)),
    }
    for one in found.shifts:
        if one.added_by is not None:
            doings[f"open-{one.uuid}"] = (forms.Form, partial(_open, one.uuid))
    if found.state != "published":
        doings["activity"] = (
            partial(ActivityForm, initial=_said(found)),
            lambda actor, data: actions.change(code, data["wanted"], actor=actor),
        )
    if step := STEPS.get(found.state):
        doings["step"] = (forms.Form, lambda actor, _d: step(code, actor=actor))
    if found.state in BACK:
        doings["back"] = (
            ReturnForm, lambda actor, data: actions.send_back(code, data["words"], actor=actor)
        )  # fmt: skip
    return doings


def _open(shift: UUID, actor: Actor, _data: dict[str, Any]) -> None:
    actions.open_shift(shift, actor=actor)


def _said(found: ActivityInfo) -> dict[str, Any]:
    texts = {"title": found.titles, "text": found.texts, "where": found.wheres}
    words = {f"{name}_{code}": text for name, said in texts.items() for code, text in said.items()}
    return {"kind": found.kind, "training": found.training, **words}


def _add(code: str, actor: Actor, data: dict[str, Any]) -> UUID:
    return actions.add_shift(code, data["begins"], data["ends"], data["places"], actor=actor)


@require_http_methods(POSTS)
@organiser
def shift(request: HttpRequest, paths: tuple[str, ...], shift: UUID) -> HttpResponse:
    """The list on the day, in and out by hand; afterwards its hours."""
    found = selectors.activity_of(shift)
    activity = _own(found[0] if found else None, paths)
    back = reverse("volunteering:manage", args=[activity.code])
    doings: dict[str, Any] = {
        "here": (LineForm, lambda actor, data: actions.put_here(data["service"], actor=actor)),
        "gone": (LineForm, lambda actor, data: actions.put_gone(data["service"], actor=actor)),
        "close": (forms.Form, lambda actor, _d: actions.close_shift(shift, actor=actor)),
        "went": (
            WentForm, lambda actor, data: actions.settle(data["service"], data["went"], actor=actor)
        ),
        "right": (
            RightForm,
            lambda actor, data: actions.correct_hours(
                data["service"], data["minutes"], actor=actor
            ),
        ),
        "none": (LineForm, lambda actor, data: actions.settle(data["service"], None, actor=actor)),
        "off": (OffForm, lambda actor, data: actions.call_off(shift, data["why"], actor=actor)),
    }  # fmt: skip
    return page(
        request, "volunteering/desk/shift.html", doings,
        lambda: {
            "activity": activity, "shift": _now(shift), "roll": selectors.roll(shift),
        },
        after=lambda gone: back if gone is True else request.get_full_path(),
    )  # fmt: skip


def _now(shift: UUID) -> Any:
    found = selectors.activity_of(shift)
    return found[1] if found else None


@require_safe
@organiser
def code(request: HttpRequest, paths: tuple[str, ...], shift: UUID) -> HttpResponse:
    """The code to be scanned, large; the page reads itself anew, without JavaScript."""
    found = selectors.activity_of(shift)
    activity = _own(found[0] if found else None, paths)
    secret = selectors.secret_of(shift) or b""
    shown = rules.code_of(secret, rules.step_of(clock.now()))
    url = settings.PUBLIC_ORIGIN + reverse("volunteering:scan", args=[shift, shown])
    context = {
        "activity": activity, "shift": _now(shift), "qr": qr.svg(url, _("Scan to check in or out")),
        "url": url,
    }  # fmt: skip
    response = render(request, "volunteering/desk/code.html", context)
    response["Refresh"] = str(AGAIN)
    return response
