"""The desk's lists: the queue, what lies below, a worker's grids, search and saved views."""

from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lingka.areas import selectors as areas
from lingka.cases import desk as desks
from lingka.cases.desk import Desk, staff
from lingka.cases.selectors import kept, leads, lists, near, rows, search
from lingka.cases.selectors.queues import (
    CAP,
    Page,
    Tab,
    below,
    counters,
    counters_below,
    queue,
)
from lingka.core import clock, saying
from lingka.core.text import pick


def list_context(
    desk: Desk, page: Page, counts: dict[Tab, int], *, here: str, current: str = ""
) -> dict[str, Any]:
    """What the left column shows, whichever list it is."""
    path = reverse(f"cases:{here}")
    shown = rows.rows(page.rows, units_of=desk.units, reader=desk.actor.id or 0)
    suffix = f"?{desk.query}" if desk.query else ""
    back = f"?{urlencode({'list': here, **dict_of(desk)})}" if here != "queue" else suffix
    mine = 0 if desk.filters.as_query() else counts.get(Tab.MINE, 0)  # the whole queue's, or none
    return {
        "desk": desk,
        "section": f"cases:{here}",
        "section_counts": {"cases:queue": capped(mine)},
        "menu_count": _menu_count(desk, here, counts),
        "tabs": desks.tabs(desk, counts, path),
        "current_tab": desk.tab.value if desk.tab is not Tab.MINE else "",
        **desks.filters_shown(desk),
        "here": path,
        "query": desk.query,
        "rows": [(row, f"{reverse('cases:case', args=[row.number])}{back}") for row in shown],
        "current_number": current,
        "empty": {} if shown else empty(desk),
        "listing": f"cases-{here}",
        "next_url": _paged(path, desk, page.next),
        "first_url": path + suffix if desk.after else "",
        "poll_url": f"{reverse('cases:rows', args=[here])}{suffix}",
    }


def capped(number: int) -> str:
    return f"{CAP}+" if number > CAP else str(number or "")


def _menu_count(desk: Desk, here: str, counts: dict[Tab, int]) -> str | None:
    """What the menu says of the whole queue; None where this list cannot tell."""
    known = here == "queue" and Tab.MINE in counts and not desk.filters.as_query()
    return capped(counts[Tab.MINE]) if known else None


def dict_of(desk: Desk) -> dict[str, str]:
    values = desk.filters.as_query()
    return values if desk.tab is Tab.MINE else {"tab": desk.tab.value, **values}


def _paged(path: str, desk: Desk, following: str | None) -> str:
    return f"{path}?{urlencode({**dict_of(desk), 'after': following})}" if following else ""


def empty(desk: Desk) -> dict[str, str]:
    """An empty list says what comes next and when."""
    if desk.filters.as_query():
        return {
            "title": _("Nothing fits these filters"),
            "next": _("Take one away, or look at another list."),
        }
    if desk.tab is Tab.MINE:
        return {"title": _("Nothing that you must do now"), "next": _next(desk), **_elsewhere(desk)}
    return {"title": _("Nothing here"), "next": _("New ones appear here by themselves.")}


def _next(desk: Desk) -> str:
    """What others have in hand that comes due first, or is late already."""
    following = next(iter(queue(desk.actor, Tab.OTHERS, posts=desk.posts).rows), None)
    if following is None or following.due_at is None:
        return _("New ones appear here by themselves.")
    when = saying.when(following.due_at)
    if following.due_at < clock.now():
        return _("With others, one has been late since %(when)s.") % {"when": when}
    return _("The next one comes due %(when)s; it is with others now.") % {"when": when}


def _elsewhere(desk: Desk) -> dict[str, str]:
    """The list that these posts look at when their own queue is empty."""
    roles = {post.role for post in desk.posts}
    if "grid_worker" in roles:
        return {"url": reverse("cases:grid"), "link": _("My grids")}
    if roles & desks.OVERSEERS:
        return {"url": reverse("cases:below"), "link": _("Whole area")}
    return {}


def queue_context(
    request: HttpRequest, desk: Desk, *, here: str, current: str = "", selecting: bool = False
) -> dict[str, Any]:
    if here == "below":
        tab = desk.tab if desk.tab is not Tab.MINE else Tab.LATE
        desk = replace(desk, tab=tab)
        page = below(desk.posts, tab, desk.filters, desk.after)
        counts = counters_below(desk.posts, desk.filters)
    else:
        page = queue(desk.actor, desk.tab, desk.filters, desk.after, desk.posts)
        counts = counters(desk.actor, desk.filters, desk.posts)
    context = list_context(desk, page, counts, here=here, current=current)
    query = kept.query_of(here, desk.query)
    context |= {
        "saved_views": kept.views(request, desk.actor, query),
        "savable": bool(query),
        "keep_query": query,
    }
    if here == "queue":
        selecting = selecting or request.GET.get("select") == "1"
        context |= _selecting(desk, page.next) if selecting else _selectable(desk)
    return context


def _selectable(desk: Desk) -> dict[str, Any]:
    """Only in one's own queue several can be chosen."""
    given_out = "dispatcher" in {post.role for post in desk.posts}
    return {"select_url": f"{reverse('cases:queue')}?{choosing(desk)}" if given_out else ""}


def _selecting(desk: Desk, following: str | None) -> dict[str, Any]:
    """The list with its ticks: its form and its links keep tab, filters and page."""
    path, roles = reverse("cases:queue"), {post.role for post in desk.posts}
    after = {**dict_of(desk), "select": "1", "after": following}
    return {
        "selecting": True,
        "select_url": f"{path}?{urlencode(dict_of(desk))}",
        "bulk_url": f"{reverse('cases:bulk')}?{choosing(desk)}",
        "next_url": f"{path}?{urlencode(after)}" if following else "",
        "near": near.units_near(desk.posts),
        "leads_url": reverse("cases:hand_over") if roles & leads.NAMING else "",
    }


def choosing(desk: Desk) -> str:
    """The link's part of this very page of the list, ready for several to be chosen."""
    page = {"after": desk.after} if desk.after else {}
    return urlencode({**dict_of(desk), "select": "1", **page})


@require_GET
@staff
def show_queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    context = queue_context(request, desk, here="queue")
    return render(request, "cases/desk/queue.html", context | {"heading": _("Queue")})


@require_GET
@staff
def show_below(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is late, soon due and suspended in the whole area: for those who oversee it."""
    if not {post.role for post in desk.posts} & desks.OVERSEERS:
        raise Http404
    context = queue_context(request, desk, here="below")
    return render(request, "cases/desk/queue.html", context | {"heading": _("Whole area")})


@require_GET
@staff
def show_rows(request: HttpRequest, desk: Desk, here: str) -> HttpResponse:
    """The left column again, for polling: 304 while nothing has changed."""
    if here not in {"queue", "below"}:
        raise Http404
    current = request.GET.get("current", "")
    context = queue_context(request, desk, here=here, current=current)
    etag = _etag(context)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "cases/desk/queue_body.html", context)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _etag(context: dict[str, Any]) -> str:
    """Changes with a row, a counter, the language, and by the minute with the clocks' words."""
    rows_now = [(row.number, row.version, row.clock.words) for row, _url in context["rows"]]
    counts = [(tab["label"], tab["count"]) for tab in context["tabs"]]
    text = repr((rows_now, counts, get_language(), context["current_number"]))
    return f'"{sha256(text.encode()).hexdigest()[:24]}"'


@require_GET
@staff
def show_grid(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A grid worker's list: what is open in the grids they look after."""
    grids = [post for post in desk.posts if post.role == "grid_worker"]
    if not grids:
        raise Http404
    page = lists.open_in_grids(grids)
    context = list_context(desk, page, {}, here="grid")
    context |= {"heading": _("My grids"), "tabs": [], "filter_fields": [], "poll_url": ""}
    return render(request, "cases/desk/queue.html", context)


@require_GET
@staff
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The search box: a code leads straight to its case, a place to its list; a name may fit
    several places, which are then to choose from."""
    text = request.GET.get("q", "")[:80]
    found = search.search(text, desk.actor, desk.posts)
    if found.case is not None:
        return redirect("cases:case", found.case.number)
    page = Page(found.cases)
    context = list_context(desk, page, {}, here="queue")
    name = pick(found.place.name) if found.place else ""
    fitting = [_fitting(one) for one in found.places]
    context |= {
        "heading": name or (_("Places") if fitting else _("Not found")),
        "places": fitting,
        "sought": text,
        "tabs": [],
        "filter_fields": [],
        "poll_url": "",
        "next_url": "",
        "listing": "",
        "found_place": name,
        "empty": {
            "title": _("No case at this place") if name else _("Nothing by this code or name"),
            "next": _("A code has seven signs, like 5KX8-7MD; a place has a code on its door.")
            + " "
            + _("By its name a place is found within your area."),
        },
    }
    status = 200 if found.place or fitting else 404
    return render(request, "cases/desk/queue.html", context, status=status)


def _fitting(place: areas.PlaceInfo) -> dict[str, str]:
    return {
        "name": pick(place.name),
        "where": " · ".join(filter(None, (pick(areas.area(place.grid_id).name),
                                          pick(place.address)))),
        "code": place.code,
        "url": f"{reverse('cases:find')}?{urlencode({'q': place.code})}",
    }  # fmt: skip


@require_GET
@staff
def show_keys(request: HttpRequest, desk: Desk) -> HttpResponse:
    del desk  # the same for everybody
    return render(request, "cases/desk/keys.html")
