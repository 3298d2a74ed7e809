"""The board of rates, and the cases behind each of its figures."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.cases.desk import groups_of_types
from lingka.core import saying
from lingka.core.text import pick
from lingka.insight import asking, hearing, presenting
from lingka.insight.asking import Asked, reader
from lingka.insight.models import Publication
from lingka.insight.presenting import Figure, Url
from lingka.insight.selectors import boards, listing, publications
from lingka.insight.selectors.boards import Board, Kind, Line, Scope
from lingka.units import selectors as units

OPENS_CASES = frozenset({"dispatcher", "verifier", "supervisor", "handler"})


@require_GET
@reader
def show_board(request: HttpRequest, asked: Asked) -> HttpResponse:
    scope = asked.scope
    by, board = scope.definition, boards.board(scope, *_kinds(asked))
    now, before = (boards.total(board.months, one) for one in (scope.period, scope.period.before))
    shown = [
        (scope.period.bar(month), found.tally,
         scope.period.first <= month < scope.period.end)
        for month, found in sorted(board.months.items())
    ]  # fmt: skip
    url = _cases_url(asked)
    weighed = by.weighed(now.tally)
    context = {
        "scope": scope,
        "by": by,
        "fields": asking.fields(asked),
        "heading": _heading(scope),
        "whole_url": asked.url(unit=None) if scope.unit and asked.reach.areas else "",
        "shares": [
            presenting.share(one, by, now.tally, before.tally, url, months=shown)
            for one in by.rates
        ],
        "weighed": presenting.percent(None if weighed is None else 100 * weighed),
        "weights": [(pick(one.label), by.weights[one.key]) for one in by.rates
                    if one.key in by.weights],
        "cases": Figure(now.tally.cases, presenting.BESIDE[""], url("")),
        "left_out": Figure(now.left_out, presenting.BESIDE["left_out"], url("left_out")),
        "reasons": [
            Figure(number, pick(by.reason(code)), url(f"left_out:{code}"))
            for code, number in sorted(board.reasons.items())
        ],
        "before": str(scope.period.before),
        "tables": _tables(asked, board),
        "previews": [_preview(asked, one) for one in publications.previews()],
        "published": asked.published,
        "behind": asked.published is None and hearing.behind(),
        "now_url": asked.url(version=None),
    }  # fmt: skip
    return render(request, "insight/board.html", context)


def _kinds(asked: Asked) -> list[Kind]:
    """What is broken down: a unit not by units, a group of types not by types."""
    kinds: list[Kind] = ["month", "reason"]
    if asked.reach.areas:
        kinds.append("area")
    if asked.scope.unit is None:
        kinds.append("unit")
    return kinds if asked.scope.group else [*kinds, "case_type"]


def _preview(asked: Asked, one: Publication) -> dict[str, str]:
    return {
        "name": formats.date_format(one.month, "YEAR_MONTH_FORMAT"),
        "until": saying.moment(one.appeals_until),
        "url": asked.url(period=f"{one.month:%Y-%m}"),
    }


def _heading(scope: Scope) -> str:
    name = pick(units.unit(scope.unit).name) if scope.unit else pick(scope.area.name)
    return _("%(name)s · %(period)s") % {"name": name, "period": scope.period}


def _cases_url(asked: Asked, **changes: Any) -> Url:
    return lambda measure: asked.url("cases", measure=measure, **changes)


def _tables(asked: Asked, board: Board) -> list[dict[str, Any]]:
    """The same figures by area, by unit and by group of types; those with nothing are absent."""
    found = [
        _by_area(asked, board.areas), _by_unit(asked, board.units),
        _by_group(asked, board.groups),
    ]  # fmt: skip
    return [one for one in found if one["rows"] or one.get("few")]


def _by_area(asked: Asked, lines: list[Line]) -> dict[str, Any]:
    rows = [
        presenting.row(
            line, asked.scope.definition, name=pick(areas.area(int(line.key)).name),
            url=asked.url(area=line.key), cases=_cases_url(asked, area=line.key),
        )
        for line in lines
    ]  # fmt: skip
    return {"title": _("By area"), "what": _("Area"), "rows": rows}


def _by_unit(asked: Asked, lines: list[Line]) -> dict[str, Any]:
    """Beside its own past, and all units of its kind taken together; in no order of merit."""
    like = boards.pooled(lines, _kind)
    rows = [
        presenting.row(
            line, asked.scope.definition, name=_unit_name(line.key),
            url=asked.url(unit=line.key) if line.key != "0" else "",
            cases=_cases_url(asked, unit=line.key), like=like[_kind(line.key)],
        )
        for line in lines
    ]  # fmt: skip
    rows.sort(key=lambda row: row.name)
    few = [row for row in rows if row.cases.number < asked.scope.definition.minimum]
    return {
        "title": _("By unit"), "what": _("Unit"), "like": True, "few": few,
        "rows": [row for row in rows if row not in few],
    }  # fmt: skip


def _kind(unit: str) -> str:
    return units.unit(int(unit)).kind if unit != "0" else ""


def _unit_name(unit: str) -> str:
    return pick(units.unit(int(unit)).name) if unit != "0" else _("No unit yet")


def _by_group(asked: Asked, lines: list[Line]) -> dict[str, Any]:
    names = dict(groups_of_types())
    rows = [
        presenting.row(
            line, asked.scope.definition, name=names.get(line.key, line.key),
            url=asked.url(group=line.key), cases=_cases_url(asked, group=line.key),
        )
        for line in lines
    ]  # fmt: skip
    return {"title": _("By type"), "what": _("Type"), "rows": rows}


@require_GET
@reader
def show_cases(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The cases that one figure counts, page after page."""
    measure = request.GET.get("measure", "")[:60]
    page = listing.page(asked.scope, measure, request.GET.get("after", "")[:200])
    roles, kinds = {post.role for post in asked.desk.posts}, cases.case_types()
    context = {
        "heading": _heading(asked.scope),
        "behind": asked.published is None and hearing.behind(),
        "what": _what(asked.scope, measure),
        "rows": [
            listed(row, asked.scope, kinds) | {"own": row.unit in asked.reach.units}
            for row in page.rows
        ],
        "opens": bool(roles & OPENS_CASES),
        "back": asked.url(),
        "next_url": asked.url("cases", measure=measure, after=page.next) if page.next else "",
        "section": "insight:board",
        "appeals": bool(asked.reach.units),
    }
    return render(request, "insight/cases.html", context)


def _what(scope: Scope, measure: str) -> str:
    kind, _colon, code = measure.partition(":")
    if code and kind == "left_out":
        return pick(scope.definition.reason(code))
    return str(presenting.BESIDE.get(measure, presenting.BESIDE[""]))


def listed(
    row: listing.Listed, scope: Scope, kinds: Iterable[cases.CaseTypeInfo]
) -> dict[str, Any]:
    """One case as it counts, in words."""
    names = {one.key: one.name for one in kinds}
    return {
        "number": row.number,
        "type": names.get(row.case_type, row.case_type),
        "area": pick(areas.area(row.areas[-1]).name) if row.areas else "",
        "unit": _unit_name(str(row.unit)),
        "opened_at": row.opened_at,
        "reason": pick(scope.definition.reason(row.reason)) if row.reason else "",
        "contact": presenting.CONTACT.get(row.contact, ""),
        "handled": presenting.HANDLED.get(row.handled, ""),
        "answer": presenting.answer(row.answer, row.solved, row.satisfied),
    }
