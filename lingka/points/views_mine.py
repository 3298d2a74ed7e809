"""A member's own points: joining, what they have, reserving goods, showing a code, leaving."""

from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.qr import svg
from lingka.members.entering import member_only
from lingka.members.selectors import MemberInfo
from lingka.points import actions, goods, recognised, rules, selectors, showing

POSTS = ["GET", "HEAD", "POST"]


@require_http_methods(POSTS)
@member_only
def home(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """What somebody has, how it came about, and what they can get; or how it begins."""
    account = selectors.account_of("points", member=me.uuid)
    fault, held = "", None
    if request.method == "POST":
        try:
            return _done(request, me, account)
        except Problem as problem:
            fault = str(problem)
            held = request.POST["good"] if problem.code == "held" else None
    shown: dict[str, Any] = {"fault": fault, "held": held, "known": rules.BOOK.now()}
    if account is not None:
        shown |= {
            "standing": selectors.standing(account), "lines": selectors.statement(account),
            "reserved": showing.reservations_of(account), "shops": showing.catalogue(),
            "going": selectors.going(account), "key": uuid7(),
            "card": _square(request, "points:give", goods.card_of(account, clock.now())),
        }  # fmt: skip
    template = "points/mine.html" if account else "points/begin.html"
    return render(request, template, shown, status=409 if fault else 200)


def _square(request: HttpRequest, name: str, code: str) -> str:
    url = f"{settings.PUBLIC_ORIGIN}{reverse(name, args=[code])}"
    return svg(url, _("For the desk to scan"))


def _done(request: HttpRequest, me: MemberInfo, account: UUID | None) -> HttpResponse:
    """One of the things that the page offers; a Problem says why not."""
    do = request.POST.get("do", "")
    if do == "join":
        actions.open_account("points", actor=me.actor, member=me.uuid)
        messages.success(request, _("You collect points from now on."))
    elif do == "leave":
        actions.leave("points", me.uuid, actor=me.actor)
        messages.success(request, _("You have left the points bank. Nothing of it leads to you."))
    elif do == "reserve" and account is not None:
        good = _uuid(request, "good")
        made = actions.reserve(
            good, account, actor=me.actor, key=uuid5(_uuid(request, "key"), good.hex),
            another="another" in request.POST,
        )  # fmt: skip
        return redirect("points:reserved", made.uuid)
    return redirect("points:mine")


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Problem("good", _("Please choose one of these."), status=422) from None


@require_http_methods(POSTS)
@member_only
def reserved(request: HttpRequest, me: MemberInfo, uuid: UUID) -> HttpResponse:
    """What is kept for somebody, with the code that they show at the counter."""
    account = selectors.account_of("points", member=me.uuid)
    found = showing.reservation(uuid)
    if account is None or found is None or found.account != account:
        raise Http404
    if request.method == "POST":
        try:
            actions.cancel(uuid, account)
        except Problem as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Given back. Your points are free again."))
        return redirect("points:mine")
    shown = {
        "one": found, "minutes": int(goods.STEP.total_seconds() // 60),
        "square": _square(request, "points:scan", goods.code_of(uuid, clock.now())),
    }  # fmt: skip
    return render(request, "points/reserved.html", shown)


@require_POST
@member_only
def thanks(request: HttpRequest, me: MemberInfo, year: int) -> HttpResponse:
    """To stand by name under one threshold of a year, or no more; under others nothing changes."""
    named, level = request.POST.get("do") == "name", request.POST.get("level", "")
    mine = [one for one in recognised.mine(me.uuid) if (one.year, one.level) == (year, level)]
    if not mine:
        raise Http404
    for one in mine:
        actions.name_me(year, one.account, level, named=named)
    said = _("You stand there by the name that you chose.") if named else _("You are not named.")
    messages.success(request, said)
    return redirect("members:me")
