"""The desk's side of exchange points: the counter, what lies there, what was drawn to look at."""

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import page
from lingka.areas import selectors as areas
from lingka.cases.desk import Desk, staff
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.members import entering
from lingka.members import selectors as members
from lingka.points import (
    actions,
    drawn,
    goods,
    permissions,
    recognised,
    rules,
    selectors,
    showing,
    sponsors,
)
from lingka.points import thanks as levels
from lingka.points.forms import (
    CountForm,
    DeliverForm,
    GiveForm,
    GoodForm,
    ShopForm,
    YearForm,
    spread,
)
from lingka.points.showing import GoodInfo, ShopInfo
from lingka.units import selectors as units

POSTS = ["GET", "HEAD", "POST"]


@require_safe
@staff
def index(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The exchange points that one looks after or works at, and what waits to be looked at."""
    mine = showing.shops(
        paths=permissions.kept_paths(desk.posts), own=permissions.served_units(desk.posts)
    )
    reviewed = permissions.reviewed_paths(desk.posts)
    if not mine and not reviewed and not permissions.kept_paths(desk.posts):
        raise Http404
    shown = {
        "shops": mine, "may_set_up": bool(permissions.kept_paths(desk.posts)),
        "waiting": drawn.waiting(reviewed) if reviewed else 0, "reviews": bool(reviewed),
        "recognises": bool(permissions.may_recognise(desk.actor)),
    }  # fmt: skip
    return render(request, "points/desk/index.html", shown)


def _shop(desk: Desk, uuid: UUID) -> ShopInfo:
    found = showing.shop(uuid)
    if found is None or not permissions.may_serve(desk.actor, found.unit_id, found.area_path):
        raise Http404
    return found


@require_safe
@staff
def shop(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """The counter: somebody reads out a code; what lies there."""
    found = _shop(desk, uuid)
    typed = request.GET.get("code", "").replace("\x00", "")[:40].strip()
    if typed and (known := showing.by_short_code(typed, uuid)):
        return redirect("points:hand", uuid, known.code)
    shown = {
        "shop": found, "typed": typed, "year": areas.day_of(None).year,
        "may_set_up": bool(permissions.may_set_up(desk.actor, found.area_path)),
        "may_correct": bool(permissions.may_correct(desk.actor, found.area_path)),
    }  # fmt: skip
    return render(request, "points/desk/shop.html", shown)


@require_http_methods(POSTS)
@staff
def hand(request: HttpRequest, desk: Desk, uuid: UUID, code: str) -> HttpResponse:
    """What somebody fetches: looked at, handed over. A scanned code is good for some minutes, one
    that is read out as long as the reservation holds."""
    found = _shop(desk, uuid)
    known = showing.by_short_code(code, uuid)
    if known is None:
        shown = {"shop": found}
        return render(request, "points/desk/gone.html", shown, status=HTTPStatus.GONE)
    return page(
        request, "points/desk/hand.html",
        {"hand": (forms.Form, lambda actor, _d: actions.hand_over(known.uuid, actor=actor))},
        lambda: {"shop": found, "one": known},
        after=lambda _done: reverse("points:shop", args=[uuid]),
    )  # fmt: skip


@require_safe
@staff
def scanned(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """What the code on somebody's phone leads to."""
    uuid = goods.read_code(code, clock.now())
    known = showing.reservation(uuid) if uuid else None
    if known is None or known.state != "open":
        return render(request, "points/desk/gone.html", {"shop": None}, status=HTTPStatus.GONE)
    _shop(desk, known.good.shop)
    return redirect("points:hand", known.good.shop, known.code)


@require_http_methods(POSTS)
@staff
def give(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Enter what no event tells of, for whoever shows their square; who they are is not shown."""
    paths = permissions.kept_paths(desk.posts)
    if not paths:
        raise Http404
    account = goods.read_card(code, clock.now())
    member = selectors.member_of(account) if account else None
    if member is None:
        return stale(request)
    today = areas.day_of(None)
    offered = [
        (key, f"{one.name} · +{one.points}") for key, one in rules.BOOK.now().rules.items()
        if one.source == rules.HAND and one.stands(today)
    ]  # fmt: skip
    form = partial(GiveForm, initial={"day": today}, rules=offered, areas=_areas(paths))
    return page(
        request, "points/desk/give.html", {"give": (form, partial(_give, member))},
        lambda: {"code": code, "may_correct": bool(permissions.corrected_paths(desk.posts))},
        after=lambda _made: reverse("points:desk"),
    )  # fmt: skip


def stale(request: HttpRequest) -> HttpResponse:
    """A member's square that is too old, or leads to nobody any more."""
    shown = {"minutes": int(goods.STEP.total_seconds() // 60)}
    return render(request, "points/desk/stale.html", shown, status=HTTPStatus.GONE)


def _give(member: UUID, actor: Actor, data: dict[str, Any]) -> UUID:
    """Sent twice, or entered twice for one day by one colleague, it is one occasion."""
    occasion = actions.Occasion(
        f"hand:{actor.id}:{data['day']}:{member}", data["day"], data["area"], _workplace(member)
    )
    return actions.award_by_hand(data["rule"], occasion, member=member, actor=actor)


def _workplace(member: UUID) -> int | None:
    found = members.member(member)
    return found.workplace_id if found else None


@require_http_methods(POSTS)
@staff
def edit_shop(request: HttpRequest, desk: Desk, uuid: UUID | None = None) -> HttpResponse:
    """Set an exchange point up, or change it."""
    paths = permissions.kept_paths(desk.posts)
    found = _shop(desk, uuid) if uuid else None
    if not paths or (found and not found.area_path.startswith(paths)):
        raise Http404
    initial: dict[str, Any] = {"is_open": True}
    if found:
        initial = {"unit": found.unit_id, "area": found.area_id, "is_open": found.is_open}
        initial |= spread("name", found.names) | spread("where", found.wheres)
    form = partial(ShopForm, initial=initial, units=_units(), areas=_areas(paths))
    return page(
        request, "points/desk/edit_shop.html", {"shop": (form, partial(_set_shop, uuid))},
        lambda: {"shop": found}, after=lambda made: reverse("points:shop", args=[made]),
    )  # fmt: skip


def _set_shop(uuid: UUID | None, actor: Actor, data: dict[str, Any]) -> UUID:
    return actions.set_shop(
        uuid, actor=actor, unit=data["unit"], area=data["area"], name=data["form"].texts("name"),
        where=data["form"].texts("where"), is_open=data["is_open"],
    )  # fmt: skip


def _units() -> list[tuple[int, str]]:
    return [(one.id, pick(one.name)) for one in units.units()]


def _areas(paths: tuple[str, ...]) -> list[tuple[int, str]]:
    tops = [int(path.strip("/").split("/")[-1]) for path in paths]
    below = [areas.area(one) for top in tops for one in areas.desks_under(top)]
    return list({one.id: pick(one.name) for one in below}.items())


@require_http_methods(POSTS)
@staff
def good(request: HttpRequest, desk: Desk, shop: UUID, uuid: UUID | None = None) -> HttpResponse:
    """Something that is offered: its words and price, what was brought, a count."""
    at = _shop(desk, shop)
    found = next((one for one in at.goods if one.uuid == uuid), None)
    if uuid and found is None:
        raise Http404
    doings: dict[str, Any] = {
        "good": (partial(GoodForm, initial=_kept(found), units=_units()), partial(_set, at, uuid))
    }
    if uuid:
        doings["deliver"] = (
            DeliverForm, lambda actor, data: actions.deliver(uuid, data["number"], actor=actor)
        )  # fmt: skip
        doings["count"] = (
            CountForm, lambda actor, data: actions.count(uuid, data["counted"], actor=actor)
        )  # fmt: skip
    return page(
        request, "points/desk/good.html", doings,
        lambda: {
            "shop": at, "good": showing.good(uuid) if uuid else None,
            "moves": showing.moves(uuid) if uuid else [],
        },
        after=lambda made: reverse("points:good", args=[shop, uuid or made]),
    )  # fmt: skip


def _kept(found: GoodInfo | None) -> dict[str, Any]:
    if found is None:
        return {"offered": True}
    shown = {"points": found.points, "most": found.most, "sponsor": found.sponsor_id}
    return {**shown, "offered": found.offered, **spread("name", found.names)}


def _set(at: ShopInfo, uuid: UUID | None, actor: Actor, data: dict[str, Any]) -> UUID:
    offer = actions.Offer(
        data["form"].texts("name"), data["points"], data["sponsor"], data["most"], data["offered"]
    )
    return actions.set_good(at.uuid, uuid, offer, actor=actor)


@require_safe
@staff
def report(request: HttpRequest, desk: Desk, uuid: UUID, year: int) -> HttpResponse:
    """For sponsors: what was brought and fetched in a year."""
    found = _shop(desk, uuid)
    now = areas.day_of(None).year
    if not now - 10 <= year <= now:
        raise Http404
    shown = {
        "shop": found, "year": year, "rows": sponsors.report(uuid, year), "now": clock.now(),
        "few": goods.FEW, "years": range(now, now - 3, -1),
    }  # fmt: skip
    return render(request, "points/desk/report.html", shown)


@require_http_methods(POSTS)
@staff
def review(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Entries that were drawn: right or not, never one's own."""
    paths = permissions.reviewed_paths(desk.posts)
    if not paths:
        raise Http404
    known, me = rules.BOOK.now(), entering.me(request)
    own = me.uuid if me else None  # of whoever is signed in as a member beside
    rows = drawn.to_review(paths)
    doings: dict[str, Any] = {
        str(one.uuid): (partial(_Outcome), partial(_reviewed, one.uuid, own)) for one in rows
    }
    return page(
        request, "points/desk/review.html", doings,
        lambda: {"rows": rows, "percent": known.percent, "me": desk.actor.id},
    )  # fmt: skip


class _Outcome(forms.Form):
    right = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes"
    )


def _reviewed(uuid: UUID, own: UUID | None, actor: Actor, data: dict[str, Any]) -> bool:
    return actions.review(uuid, right=data["right"], actor=actor, own=own)


@require_http_methods(POSTS)
@staff
def thanks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Freeze a year that is over: who reached a threshold is kept, and asked to be named or not."""
    if not permissions.may_recognise(desk.actor):
        raise Http404
    asked = YearForm(request.GET if "year" in request.GET else None,
                     initial={"year": areas.day_of(None).year - 1})  # fmt: skip
    coming = _coming(asked)
    return page(
        request, "points/desk/thanks.html", {"freeze": (YearForm, _freeze)},
        lambda: {
            "asked": asked, "coming": coming, "few": goods.FEW, "years": recognised.years(),
            "levels": levels.BOOK.now(),
        },
        after=lambda _done: reverse("points:freeze"),
    )  # fmt: skip


def _coming(asked: YearForm) -> list[recognised.Thanked] | None:
    """How many would be thanked for the year that was asked for, to be looked at first."""
    if not asked.is_valid():
        return None
    try:
        actions.must_be_over(asked.cleaned_data["year"])
    except Problem as problem:
        asked.add_error("year", str(problem))
        return None
    return recognised.coming(asked.cleaned_data["year"])


def _freeze(actor: Actor, data: dict[str, Any]) -> None:
    actions.freeze_year(data["year"], actor=actor)
