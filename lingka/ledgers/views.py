"""The public lists of major hazards and of wishes, and the year of what firms asked for."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingka.accounts import selectors as accounts
from lingka.cases import actions as cases
from lingka.cases.desk import DESK_ROLES
from lingka.cases.selectors import Progress, by_number, progress_of, titles
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.ledgers import actions, documents, selectors
from lingka.ledgers.sections import CLAIMS, HANGS, SEES_DEMANDS
from lingka.members import entering
from lingka.members.selectors import MemberInfo

EARLIEST = 2000  # no ledger is older
# How a kind of wish is drawn; one that a town adds is drawn as the others.
SIGNS = {
    "thing": "tag", "skill": "wrench", "company": "users", "repair": "wrench",
    "learning": "book-open", "outing": "footprints", "celebration": "star",
}  # fmt: skip


@require_safe
def hazards(request: HttpRequest) -> HttpResponse:
    """Major hazards until they are struck off, and for a year after."""
    gone, following = selectors.gone_hazards(_moment(request.GET.get("before", "")))
    context = {
        "open": selectors.hazards(),
        "gone": [one for one in gone if one.struck_off],
        "otherwise": [one for one in gone if not one.struck_off],
        "next": following.isoformat() if following else "",
    }
    return render(request, "ledgers/hazards.html", context | {"may_print": _may_print(request)})


@require_safe
def hazards_on_paper(request: HttpRequest) -> HttpResponse:
    """The same list as a PDF in the reader's language, for whoever may have it as a file: making
    one takes a processor for a while."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not _may_print(request):
        raise Http404
    response = HttpResponse(documents.ledger(), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="hazards.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _may_print(request: HttpRequest) -> bool:
    return any(post.role in DESK_ROLES for post in request.posts)  # type: ignore[attr-defined]


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    """Wishes that hang free. Members claim there, and whoever has a post that helps."""
    helps, me = _paths(request, CLAIMS), entering.me(request)
    found = selectors.wishes(_paths(request, CLAIMS | HANGS))
    named = dict(selectors.kinds())
    asked = request.GET.get("about", "") if request.GET.get("about", "") in named else ""
    context = {
        "rows": [
            {
                "one": one,
                "about": named.get(one.about, ""),
                "sign": SIGNS.get(one.about, "sparkle"),
                "may_claim": one.standing.area_path.startswith(helps) or bool(me and one.agreed),
            }
            for one in found
            if asked in ("", one.about)
        ],
        "kinds": _hanging(found, named),
        "asked": asked,
        "thanked": [] if asked else selectors.thanked(),
        "helps": helps or me,
        "on_the_way": selectors.on_the_way(),
        "came_true": selectors.come_true(selectors.this_year()),
        "sign_in": f"{reverse('account_login')}?next={request.path}",
        "join": entering.sign_in_url(request),
    }
    response = render(request, "ledgers/wishes.html", context)
    if request.user.is_authenticated or me:
        response["Cache-Control"] = "no-store"
    return response


def _hanging(found: Sequence[selectors.Shown], named: Mapping[str, str]) -> list[dict[str, Any]]:
    """The kinds of which something hangs, to choose from."""
    hung = Counter(one.about for one in found)
    return [
        {"key": key, "name": name, "sign": SIGNS.get(key, "sparkle"), "count": hung[key]}
        for key, name in named.items()
        if hung[key]
    ]


def _doer(request: HttpRequest, case: UUID) -> Actor | None:
    """Who claims: somebody with a post that helps there, else the member of this browser."""
    found = progress_of([case]).get(case)
    if found is not None and found.area_path.startswith(_paths(request, CLAIMS)):
        return request.actor  # type: ignore[attr-defined, no-any-return]
    me = entering.me(request)
    return me.actor if me else None


@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Claim a wish: it is lent for some days, and free again for others after."""
    case = by_number(number)
    actor = _doer(request, case) if case else None
    if actor is None and not request.user.is_authenticated and entering.me(request) is None:
        return redirect_to_login(reverse("ledgers:wishes"))
    if case is None or actor is None or not _may_see(case, actor):
        raise Http404
    if not _done(request, partial(actions.claim, case, actor=actor)):
        return redirect("ledgers:wishes")
    messages.success(request, _("It is yours now. Say here when it is done."))
    return redirect("members:me") if actor.kind == "member" else redirect("cases:case", number)


def _may_see(case: UUID, actor: Actor) -> bool:
    """Members see what hangs in public alone."""
    return actor.kind != "member" or any(one.standing.uuid == case for one in selectors.public())


def _done(request: HttpRequest, do: Callable[[], object]) -> bool:
    """Whether it was done; what stood against it is told on the page that follows."""
    try:
        do()
    except PermissionRefused as refused:
        messages.error(request, str(refused.denied.message))
        return False
    except Problem as problem:
        if problem.status == 404:  # noqa: PLR2004 - a stranger to it, or no wish at all
            raise Http404 from None
        messages.error(request, str(problem.message))
        return False
    return True


@require_POST
@entering.member_only
def deliver(request: HttpRequest, me: MemberInfo, number: str) -> HttpResponse:
    """A member says what was done, or leaves the wish to others."""
    case = by_number(number)
    if case is None:
        raise Http404
    do = partial(cases.perform, case, actor=me.actor)
    if request.POST.get("do") == "leave":
        if _done(request, partial(do, "give_up")):
            messages.success(request, _("It hangs on the wall again."))
    elif _done(
        request, partial(do, "deliver", data={"words": request.POST.get("words", "")[:400]})
    ):
        messages.success(request, _("Now whoever wished says whether it came true."))
    return redirect("members:me")


@require_safe
def demands(request: HttpRequest) -> HttpResponse:
    """What firms asked for in a year, in the areas that the reader looks after."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    paths = _paths(request, SEES_DEMANDS)
    if not paths:
        raise Http404
    found = selectors.demands(year_of(request.GET), paths)
    context = {"year": found, "years": selectors.years(), "rows": rows_of(found.demands)}
    response = render(request, "ledgers/demands.html", context)
    response["Cache-Control"] = "no-store"
    return response


def year_of(get: Mapping[str, str]) -> int:
    this, text = selectors.this_year(), get.get("year", "")
    asked = int(text) if text.isdecimal() and len(text) == 4 else this  # noqa: PLR2004
    return asked if EARLIEST <= asked <= this else this


def rows_of(found: Sequence[Progress]) -> list[dict[str, Any]]:
    """With what was asked, and the name of whoever leads."""
    named = accounts.users({one.leader for one in found if one.leader})
    asked = titles(one.uuid for one in found)
    return [
        {
            "one": one,
            "title": asked[one.uuid],
            "lead": named[one.leader].name if one.leader in named else "",
        }
        for one in found
        if one.uuid in asked
    ]


def _paths(request: HttpRequest, roles: frozenset[str]) -> tuple[str, ...]:
    """The areas over which the reader holds one of these roles."""
    return paths_of(getattr(request, "posts", ()), roles)


def paths_of(posts: Sequence[accounts.PostInfo], roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(post.area_path for post in posts if post.role in roles)
