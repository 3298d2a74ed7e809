"""The desk's first page: one's day."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lingka.cases import views
from lingka.cases.desk import Desk, staff
from lingka.cases.selectors.day import Day, day
from lingka.cases.selectors.queues import Tab
from lingka.cases.selectors.rows import Row
from lingka.core import clock


@require_GET
@staff
def show_day(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is due, what came back, what waits for whom."""
    mine = day(desk.actor, desk.posts, desk.units)
    lists = _lists(mine)
    context: dict[str, Any] = {
        "day": mine,
        "today": timezone.localtime(clock.now()).date(),
        "lists": lists,
        "counts": [
            (_("For me"), views.capped(mine.counts[Tab.MINE]) or "0", reverse("cases:queue")),
            (_("Late"), views.capped(mine.counts[Tab.LATE]) or "0", _tab(Tab.LATE)),
            (_("Due soon"), views.capped(mine.counts[Tab.SOON]) or "0", _tab(Tab.SOON)),
            (_("With others"), views.capped(mine.counts[Tab.OTHERS]) or "0", _tab(Tab.OTHERS)),
        ],
        "others_url": _tab(Tab.OTHERS),
        "empty": {} if lists else views.empty(desk),
        "section_counts": {"cases:queue": views.capped(mine.counts[Tab.MINE])},
    }
    return render(request, "cases/desk/day.html", context)


def _tab(tab: Tab) -> str:
    return f"{reverse('cases:queue')}?{urlencode({'tab': tab.value})}"


def _lists(mine: Day) -> list[dict[str, Any]]:
    """The lists with something in them, the most pressing first."""
    back = f"{reverse('cases:queue')}?back=1"
    queue = reverse("cases:queue")
    known = (
        ("late", _("Late"), mine.late, queue),
        ("back", _("Came back"), mine.back, back),
        ("today", _("Due today"), mine.today, queue),
        ("later", _("Next"), mine.later, queue),
    )
    lists, told = [], set[str]()
    for key, title, found, url in known:
        rows: list[Row] = [row for row in found if row.number not in told]
        told |= {row.number for row in rows}
        if rows:
            shown = [(row, reverse("cases:case", args=[row.number])) for row in rows]
            lists.append({"key": key, "title": title, "rows": shown, "url": url})
    return lists
