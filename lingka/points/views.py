"""The points bank as everybody reads it: what is given for what, and what always holds."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.areas.selectors import day_of
from lingka.points import goods, recognised, rules, showing


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The rules in force, and what every exchange point offers."""
    known, today = rules.BOOK.now(), day_of(None)
    shown = {
        "shops": showing.catalogue(), "years": known.years, "days": known.announced,
        "percent": known.percent,
        "rules": [one for one in known.rules.values() if one.stands(today)],
    }  # fmt: skip
    return render(request, "points/public.html", shown)


@require_safe
def thanks(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Whom the town thanked for a year: how many reached what, and who wished to be named."""
    years = recognised.years()
    chosen = year or (years[0] if years else None)
    found = recognised.thanked(chosen) if chosen else []
    if found is None:
        raise Http404
    shown = {"year": chosen, "years": years, "levels": found, "few": goods.FEW}
    return render(request, "points/thanks.html", shown)
