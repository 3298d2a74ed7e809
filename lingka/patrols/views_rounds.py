"""Rounds of an area: a day with what is missing, one round, its week. Read by all who walk them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import actions, forms, permissions, plans, reasons, selectors
from lingka.patrols.permissions import READERS
from lingka.patrols.selectors import RoundInfo, boards, reviews
from lingka.patrols.views import reader
from lingka.units import selectors as units

WEEK = timedelta(days=7)
DAYS = (date(1970, 1, 1), date(2200, 1, 1))  # that can be asked for: each has others around it


@dataclass(frozen=True)
class Row:
    """A round as a list shows it."""

    one: RoundInfo
    area: AreaInfo
    unit: str
    kind: str
    open: int  # hazards that it found and that are not struck off

    @property
    def share(self) -> int:
        """Hundredths of its stops that have an outcome."""
        stops = len(self.one.stops)
        return round(100 * (self.one.done + self.one.skipped) / stops) if stops else 0


def paths_of(request: HttpRequest) -> list[str]:
    return [post.area_path for post in request.posts if post.role in READERS]  # type: ignore[attr-defined]


def chosen_area(request: HttpRequest) -> AreaInfo:
    return area_of(request.posts, request.GET)  # type: ignore[attr-defined]


def area_of(posts: Iterable[PostInfo], get: Mapping[str, str]) -> AreaInfo:
    """What the page is of: one's own area, the widest, or one below it named by its code."""
    mine = [post for post in posts if post.role in READERS]
    code = get.get("area", "")[:24]
    found = areas.area_by_code(code) if code else None
    if found is None or not found.path.startswith(tuple(post.area_path for post in mine)):
        return min((areas.area(one.area_id) for one in mine), key=lambda one: one.path.count("/"))
    return found


def day_asked(get: Mapping[str, str], name: str = "day") -> date:
    try:
        asked = date.fromisoformat(get.get(name, ""))
    except ValueError:
        return accounts.today()
    return asked if DAYS[0] <= asked <= DAYS[1] else accounts.today()


def rows_of(rounds: Sequence[RoundInfo]) -> list[Row]:
    standing = boards.hazards_of(rounds)
    rows = []
    for one in rounds:
        found = [standing[case] for stop in one.stops for case in stop.cases if case in standing]
        rows.append(
            Row(
                one, areas.area(one.area_id), pick(units.unit(one.unit_id).name),
                str(plans.KINDS.get(one.kind, one.kind)), sum(not case.over for case in found),
            )
        )  # fmt: skip
    return rows


@require_safe
@reader
def show_day(request: HttpRequest) -> HttpResponse:
    """The rounds of an area on a day; first what was missed and nobody has explained."""
    area, day = chosen_area(request), day_asked(request.GET)
    rows = rows_of(boards.day_of([area.path], day))
    counted = [row.one for row in rows]
    context = {
        "area": area, "day": day, "rows": rows, "today": accounts.today(),
        "cut": boards.beyond([area.path], day, len(rows)),
        "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "missed": rows_of(boards.brought_up([area.path])),
        "walked": sum(one.state in {"started", "ended"} for one in counted),
        "stops": sum(len(one.stops) for one in counted),
        "done": sum(one.done for one in counted), "hazards": sum(one.hazards for one in counted),
        "excuses": forms.excuses(), "below": _below(area), "above": _above(request, area),
        "plans": may_plan_at(request, area), "section": "patrols:rounds",
    }  # fmt: skip
    return render(request, "patrols/rounds.html", context)


def _below(area: AreaInfo) -> list[AreaInfo]:
    return areas.children(area.id)


def _above(request: HttpRequest, area: AreaInfo) -> list[AreaInfo]:
    mine = tuple(paths_of(request))
    return [one for one in areas.ancestors(area.path)[:-1] if one.path.startswith(mine)]


def may_plan_at(request: HttpRequest, area: AreaInfo) -> bool:
    return permissions.planned_by(request.posts, area.path)  # type: ignore[attr-defined]


def own_round(request: HttpRequest, uuid: UUID) -> RoundInfo:
    """A round within the reader's area, or one that the reader walks."""
    found = selectors.round_of(uuid)
    if found is None:
        raise Http404
    path = areas.area(found.area_id).path
    mine = request.posts  # type: ignore[attr-defined]
    if not path.startswith(tuple(paths_of(request))) and not permissions.walked_by(
        mine, found.unit_id, path
    ):
        raise Http404
    return found


@require_safe
@reader
def show_round(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One round: its stops in walking order, what came of each, the hazards found."""
    return _round(request, own_round(request, uuid))


def _round(
    request: HttpRequest, one: RoundInfo, *, fault: str = "", status: int = 200
) -> HttpResponse:
    standing = boards.hazards_of([one])
    titles, looks = forms.titles(), reviews.looks_of(one.id)
    stops = [
        {
            "one": stop, "look": looks.get(stop.id), "title": titles.get(stop.checklist, ""),
            "reason": reasons.SKIPPED.get(stop.reason, ""),
            "cases": [standing[case] for case in stop.cases if case in standing],
        }
        for stop in one.stops
    ]  # fmt: skip
    context = {
        "row": rows_of([one])[0], "one": one, "stops": stops, "fault": fault,
        "excuses": forms.excuses(), "excuse": reasons.MISSED.get(one.excuse, ""),
        "plans": may_plan_at(request, areas.area(one.area_id)), "section": "patrols:rounds",
    }  # fmt: skip
    return render(request, "patrols/round.html", context, status=status)


@require_POST
@reader
def explain(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say why a round was missed."""
    one = own_round(request, uuid)
    if not may_plan_at(request, areas.area(one.area_id)):
        raise Http404
    actor = request.actor  # type: ignore[attr-defined]
    try:
        actions.explain_miss(uuid, request.POST.get("excuse", ""), actor=actor)
    except Problem as problem:
        return _round(request, one, fault=str(problem), status=problem.status)
    messages.success(request, _("Noted."))
    return redirect("patrols:rounds")


@require_safe
@reader
def show_week(request: HttpRequest) -> HttpResponse:
    """What a week's rounds came to; it writes itself."""
    area, day = chosen_area(request), day_asked(request.GET, "week")
    first = day - timedelta(days=day.weekday())
    found = boards.summary(area.id, first, first + WEEK - timedelta(days=1))
    reason_of = {str(key): name for key, name in reasons.SKIPPED.items()}
    context = {
        "area": area, "summary": found, "above": _above(request, area),
        "lines": [(line, areas.area(line.area_id)) for line in found.lines],
        "skipped": [(reason_of.get(key, key), n) for key, n in found.total.skipped.most_common()],
        "missed": rows_of(found.missed), "before": first - WEEK, "after": first + WEEK,
        "now": first + WEEK > accounts.today(), "section": "patrols:rounds",
    }  # fmt: skip
    return render(request, "patrols/week.html", context)
