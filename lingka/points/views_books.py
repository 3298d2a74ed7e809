"""The desk's side of the ledgers: what a workplace has, goods that came back, what was entered
wrongly."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lingka.accounts.administering import page
from lingka.areas import selectors as areas
from lingka.cases.desk import Desk, staff
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.members import selectors as members
from lingka.points import actions, drawn, goods, permissions, selectors, showing
from lingka.points.forms import BackForm
from lingka.points.views_desk import stale
from lingka.units import selectors as units

POSTS = ["GET", "HEAD", "POST"]


@require_http_methods(POSTS)
@staff
def ours(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What one's own workplace was given beside its people, in sums: of whom it came is nowhere."""
    own = sorted(permissions.own_units(desk.posts))
    if not own:
        raise Http404
    doings = {
        f"join-{one}": (forms.Form, partial(_join, one)) for one in own
    }  # fmt: skip
    year = areas.day_of(None).year
    return page(
        request, "points/desk/ours.html", doings,
        lambda: {"ours": [_workplace(one, year) for one in own], "year": year, "few": goods.FEW},
    )  # fmt: skip


def _join(unit: int, actor: Actor, _data: dict[str, Any]) -> UUID:
    return actions.take_part(unit, actor=actor)


def _workplace(unit: int, year: int) -> dict[str, Any]:
    """Sums only where enough work there: of one or two they would be what somebody earned."""
    account = selectors.account_of("points", unit=unit)
    told = account if members.work_at(unit) >= goods.FEW else None
    return {
        "unit": unit, "name": pick(units.unit(unit).name), "do": f"join-{unit}",
        "takes_part": account is not None,
        "standing": selectors.standing(told) if told else None,
        "grounds": selectors.by_ground(told, year) if told else [],
        "going": selectors.going(told) if told else [],
    }  # fmt: skip


@require_http_methods(POSTS)
@staff
def back(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Something that was handed over came back whole: its points are there again."""
    shop = showing.shop(uuid)
    mine = shop and permissions.may_serve(desk.actor, shop.unit_id, shop.area_path)
    if shop is None or not mine or not permissions.may_correct(desk.actor, shop.area_path):
        raise Http404
    typed = request.GET.get("code", "").replace("\x00", "")[:40].strip()
    known = showing.by_short_code(typed, uuid, state="posted") if typed else None
    doings: dict[str, Any] = {}
    if known:
        doings["back"] = (
            forms.Form, lambda actor, _d: actions.take_back(known.uuid, actor=actor)
        )  # fmt: skip
    return page(
        request, "points/desk/back.html", doings,
        lambda: {"shop": shop, "typed": typed, "one": known},
        after=lambda _done: reverse("points:shop", args=[uuid]),
    )  # fmt: skip


@require_http_methods(POSTS)
@staff
def entered(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """What was entered lately for whoever shows their square, to take back what is wrong."""
    paths = permissions.corrected_paths(desk.posts)
    if not paths:
        raise Http404
    account = goods.read_card(code, clock.now())
    if account is None or selectors.member_of(account) is None:
        return stale(request)
    return page(
        request, "points/desk/entered.html", {"back": (BackForm, _take_back)},
        lambda: {"lines": drawn.entered(account, paths), "code": code},
    )  # fmt: skip


def _take_back(actor: Actor, data: dict[str, Any]) -> UUID:
    return actions.correct_award(data["award"], data["reason"], actor=actor)
