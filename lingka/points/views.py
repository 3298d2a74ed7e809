"""The points bank as everybody reads it: what is given for what, and what always holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.areas.selectors import day_of
from lingka.points import rules, showing


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
