"""What every page of the desk needs from its request: who asks, with which posts and filters."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.selectors import catalogue, faces
from lingka.cases.selectors.queues import CAP, Filters, Tab
from lingka.cases.selectors.suggestions import units_near
from lingka.core.actors import Actor
from lingka.core.text import pick

DESK_ROLES = frozenset(
    {"dispatcher", "handler", "verifier", "supervisor", "leader", "grid_worker", "administrator"}
)
PATH = 120  # characters of an area path
OVERSEERS = frozenset({"supervisor", "leader", "dispatcher"})


@dataclass(frozen=True)
class Desk:
    """Who is working, and what the link asks for."""

    actor: Actor
    posts: Sequence[PostInfo]
    tab: Tab
    filters: Filters
    after: str

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


def staff(view: View) -> View:
    """For staff with a post: others are asked to sign in, or told that there is nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if getattr(request, "htmx", None):  # the page says so beside what was typed
                return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
            return redirect_to_login(request.get_full_path())
        posts = [post for post in request.posts if post.role in DESK_ROLES]  # type: ignore[attr-defined]
        if not posts:
            raise Http404
        desk = Desk(request.actor, posts, *asked(request.GET))  # type: ignore[attr-defined]
        response = view(request, desk, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        response.setdefault("Cache-Control", "no-store")
        return response

    return guarded


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


def filter_fields(desk: Desk) -> list[dict[str, Any]]:
    asked, channels = desk.filters, faces.CHANNELS.items()
    near = [(str(key), name) for key, name in units_near(desk.posts)]
    leads = [_filter("unit", _("Unit"), asked.unit, near)]  # one's own list is mostly with nobody
    return [
        _filter("group", _("Type"), asked.group, groups_of_types()),
        _filter("area", _("Grid"), asked.area, _areas(desk.posts)),
        _filter("channel", _("Channel"), asked.channel, [(k, one.label) for k, one in channels]),
        *(leads if asked.unit or desk.tab is not Tab.MINE else ()),
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
    name: str, label: str, value: str, choices: Sequence[tuple[str, Any]]
) -> dict[str, Any]:
    every = {"value": "", "label": _("all")}
    named = ({"value": key, "label": text} for key, text in choices)
    return {"name": name, "label": label, "value": value, "choices": [every, *named]}


MOST_AREAS = 120
LEADS = re.compile(r"[0-9]{1,18}", re.ASCII)  # a unit's id


def _areas(posts: Sequence[PostInfo]) -> list[tuple[str, str]]:
    """The post's area's children and grids, in the tree's order: communities, then their grids."""
    found: dict[str, str] = {}
    for post in posts:
        for area in areas.areas_below(post.area_id)[:MOST_AREAS]:
            found[area.path] = pick(area.name)
    return list(found.items())
