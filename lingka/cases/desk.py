"""What every page of the desk needs from its request: who asks, with which posts and filters."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from lingka.accounts.administering import actor_of, opened_by
from lingka.accounts.selectors import PostInfo
from lingka.cases.selectors import catalogue, faces
from lingka.cases.selectors.near import areas_near, units_near
from lingka.cases.selectors.queues import CAP, Filters, Tab
from lingka.core.actors import Actor

DESK_ROLES = frozenset(
    {"dispatcher", "handler", "verifier", "supervisor", "leader", "grid_worker", "administrator"}
)
PATH = 120  # characters of an area path
SOUGHT = 60  # characters of a part of a name
OVERSEERS = frozenset({"supervisor", "leader", "dispatcher"})


@dataclass(frozen=True)
class Desk:
    """Who is working, and what the link asks for."""

    actor: Actor
    posts: Sequence[PostInfo]
    tab: Tab
    filters: Filters
    after: str
    sought: str = ""  # a part of the name of a unit or area, to choose it from fewer

    @property
    def units(self) -> frozenset[int]:
        """Units that one handles cases for, so that a page speaks to them as theirs."""
        return frozenset(post.unit_id for post in self.posts if post.role == "handler")

    @property
    def query(self) -> str:
        """The link's own part: tab and filters, never the page."""
        values = self.filters.as_query()
        if self.tab is not Tab.MINE:
            values = {"tab": self.tab.value, **values}
        return urlencode(values)


View = Callable[..., HttpResponse]


def _at_desks(posts: Sequence[PostInfo]) -> tuple[list[PostInfo]]:
    return ([post for post in posts if post.role in DESK_ROLES],)


def staff(view: View) -> View:
    """For staff with a post: others are asked to sign in, or told that there is nothing."""

    @opened_by(_at_desks)
    @wraps(view)
    def at_desk(
        request: HttpRequest, posts: list[PostInfo], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        sought = request.GET.get("sought", "")[:SOUGHT].strip()
        desk = Desk(actor_of(request), posts, *asked(request.GET), sought)
        response = view(request, desk, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response

    return at_desk


def staff_with(find: Callable[[HttpRequest, Desk], Any]) -> Callable[[View], View]:
    """For staff for whom `find` finds something, which the view gets; others find nothing here."""

    def decorated(view: View) -> View:
        @staff
        @wraps(view)
        def found(request: HttpRequest, desk: Desk, *args: Any, **kwargs: Any) -> HttpResponse:
            what = find(request, desk)
            if not what:
                raise Http404
            return view(request, what, *args, **kwargs)

        return found

    return decorated


def asked(get: Mapping[str, str]) -> tuple[Tab, Filters, str]:
    """Tab, filters and page from the link. What means nothing is dropped."""
    tab = Tab(get["tab"]) if get.get("tab") in set(Tab) else Tab.MINE
    groups = {key for key, _name in groups_of_types()}
    group = get.get("group", "")
    area = get.get("area", "")
    channel, unit = get.get("channel", ""), get.get("unit", "")
    filters = Filters(
        group=group if group in groups else "",
        area=area if len(area) <= PATH and set(area) <= set("0123456789/") else "",
        channel=channel if channel in faces.CHANNELS else "",
        back="1" if get.get("back") == "1" else "",
        unit=unit if LEADS.fullmatch(unit) else "",
        order="new" if get.get("order") == "new" else "due",
    )
    return tab, filters, get.get("after", "")[:200]


def groups_of_types() -> list[tuple[str, str]]:
    """Keys and names of the type groups, in the catalogue's order."""
    found: dict[str, str] = {}
    for info in catalogue.case_types():
        found.setdefault(info.group_key, info.group)
    return list(found.items())


TABS = {
    Tab.MINE: lambda: _("For me"),
    Tab.SOON: lambda: _("Due soon"),
    Tab.LATE: lambda: _("Late"),
    Tab.OTHERS: lambda: _("With others"),
    Tab.PAUSED: lambda: _("Suspended"),
}


def tabs(desk: Desk, counts: dict[Tab, int], path: str) -> list[dict[str, Any]]:
    shown = []
    for tab, count in counts.items():
        values = desk.filters.as_query()
        if tab is not Tab.MINE:
            values = {"tab": tab.value, **values}
        shown.append(
            {
                "url": f"{path}?{urlencode(values)}" if values else path,
                "label": TABS[tab](),
                "count": f"{CAP}+" if count > CAP else count,
                "current": tab is desk.tab,
            }
        )
    return shown


def filters_shown(desk: Desk) -> dict[str, Any]:
    """The list's filters; where they do not show all units and areas, one is found by its name."""
    fields = _fields(desk)
    finding = bool(desk.sought) or any(one.get("more") for one in fields)
    return {"filter_fields": fields, "finding": finding, "sought_near": desk.sought}


def _fields(desk: Desk) -> list[dict[str, Any]]:
    asked, channels = desk.filters, faces.CHANNELS.items()
    grids, leads = areas_near(desk.posts, desk.sought, asked.area), []
    if asked.unit or desk.tab is not Tab.MINE:  # one's own list is mostly with nobody
        near = units_near(desk.posts, desk.sought, asked.unit)
        leads = [_filter("unit", _("Unit"), asked.unit, near.shown, near.more)]
    return [
        _filter("group", _("Type"), asked.group, groups_of_types()),
        _filter("area", _("Grid"), asked.area, grids.shown, grids.more),
        _filter("channel", _("Channel"), asked.channel, [(k, one.label) for k, one in channels]),
        *leads,
        {
            "name": "order",
            "label": _("Order"),
            "value": asked.order if asked.order != "due" else "",
            "choices": [
                {"value": "", "label": _("most urgent first")},
                {"value": "new", "label": _("newest first")},
            ],
        },
    ]


def _filter(
    name: str, label: str, value: str, choices: Sequence[tuple[str, Any]], more: int = 0
) -> dict[str, Any]:
    every = {"value": "", "label": _("all")}
    named = ({"value": key, "label": text} for key, text in choices)
    return {"name": name, "label": label, "value": value, "choices": [every, *named], "more": more}


LEADS = re.compile(r"[0-9]{1,18}", re.ASCII)  # a unit's id
