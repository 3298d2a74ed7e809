"""Notices as residents read them: a list, one with its history, on paper, spoken, in calendars."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo, PlaceInfo
from lingka.core import codes, limits
from lingka.notices import calendars, documents, selectors
from lingka.notices.selectors import NoticeInfo

POSTERS = (60, 3600)  # sheets for one address, in so many seconds


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What stands everywhere, or with `?at=` a place's code or `?area=` an area's code, there."""
    place, area = _asked(request)
    context = {
        "board": selectors.board(place=place, area=area), "place": place, "area": area,
        "streets": _streets() if place is None else [],
        "sought": request.GET.get("at", "")[:24], "unknown": "at" in request.GET and place is None,
    }  # fmt: skip
    return render(request, "notices/index.html", context)


def _asked(request: HttpRequest) -> tuple[PlaceInfo | None, AreaInfo | None]:
    place = areas.place_by_code(request.GET.get("at", "")[:24])
    return place, areas.area_by_code(request.GET.get("area", "")[:24])


def _streets() -> list[AreaInfo]:
    """The areas that a desk can look after, but for the town itself: to choose among."""
    desks = [areas.area(one) for root in areas.roots() for one in areas.desks_under(root.id)]
    return [one for one in desks if one.level == "street"]


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One notice: whether it stands, for whom, until when, and what became of it."""
    found = _found(code)
    context = {
        "notice": found, "turns": selectors.turns(found.code), "case": selectors.case_line(found)
    }  # fmt: skip
    return render(request, "notices/notice.html", context)


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet to print; what is over is not printed any more."""
    if not limits.hit("poster", limits.source_of(request), *POSTERS):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    found = _found(code)
    if found.state == "over":
        context = {"notice": found, "turns": selectors.turns(found.code), "case": None}
        return render(request, "notices/notice.html", context, status=HTTPStatus.GONE)
    return HttpResponse(
        documents.poster(found), content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.code}.pdf"'},
    )  # fmt: skip


@require_safe
def spoken(request: HttpRequest, code: str) -> HttpResponse:
    """For loudspeaker and radio: every language, a paragraph each."""
    found = _found(code)
    said = [selectors.spoken(found.code, language) for language, _name in settings.LANGUAGES]
    return HttpResponse("\n\n".join(said), content_type="text/plain; charset=utf-8")


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    return _calendar([_found(code)])


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """A calendar to subscribe to: everywhere, at a place, or in an area."""
    place, area = _asked(request)
    board = selectors.board(place=place, area=area)
    return _calendar([one for part in board.values() for one in part])


def _calendar(notices: list[NoticeInfo]) -> HttpResponse:
    return HttpResponse(calendars.calendar(notices), content_type="text/calendar; charset=utf-8")


def _found(code: str) -> NoticeInfo:
    known = codes.normalise(code)
    found = selectors.notice(known) if known else None
    if found is None:
        raise Http404
    return found
