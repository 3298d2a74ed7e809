"""Promises and headings for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.areas import selectors as areas
from lingka.core import codes
from lingka.promises import selectors


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is promised and by when, or how it ended; in one area or everywhere."""
    area = areas.area_by_code(request.GET.get("area", "")[:24])
    over = "over" in request.GET
    rows, tally = selectors.promises(area=area, over=over)
    context = {"rows": rows, "tally": tally, "area": area, "over": over, "areas": _choices()}
    return render(request, "promises/index.html", context)


def _choices() -> list[areas.AreaInfo]:
    """Areas to choose among: those that a desk can look after, without the town itself."""
    desks = [areas.area(one) for root in areas.roots() for one in areas.desks_under(root.id)]
    return [one for one in desks if one.level == "street"]


@require_safe
def headings(request: HttpRequest) -> HttpResponse:
    return render(request, "promises/headings.html", {"headings": selectors.headings()})


@require_safe
def heading(request: HttpRequest, code: str) -> HttpResponse:
    """One heading: how far it has come, case by case."""
    known = codes.normalise(code)
    found = selectors.heading(known) if known else None
    if found is None:
        raise Http404
    return render(request, "promises/heading.html", {"heading": found})
