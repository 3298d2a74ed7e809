"""Whose rates a link asks for, as far as its reader may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lingka.accounts.selectors import today
from lingka.areas import selectors as areas
from lingka.cases.desk import Desk, groups_of_types, staff_with
from lingka.core.text import pick
from lingka.insight import periods, permissions
from lingka.insight.models import Publication
from lingka.insight.periods import Period
from lingka.insight.permissions import Reach
from lingka.insight.selectors import publications
from lingka.insight.selectors.boards import Scope

MONTHS, WEEKS = 12, 8  # that can be chosen one by one
LONGEST = 19  # digits of an id in a link
MOST = 10_000  # versions of a month


@dataclass(frozen=True)
class Asked:
    """Who asks, for whose rates."""

    desk: Desk
    reach: Reach
    scope: Scope
    published: Publication | None = None  # the figures are those of this version

    def url(self, page: str = "board", **changes: Any) -> str:
        """A link to another page or scope; what is empty is left out."""
        values = query(self.scope) | {"version": self.published and self.published.number} | changes
        text = urlencode({name: value for name, value in values.items() if value not in ("", None)})
        path = reverse(f"insight:{page}")
        return f"{path}?{text}" if text else path


def query(scope: Scope) -> dict[str, Any]:
    return {
        "period": scope.period.key, "area": scope.area.id, "unit": scope.unit,
        "group": scope.group,
    }  # fmt: skip


def _asked(request: HttpRequest, desk: Desk) -> Asked | None:
    reach = permissions.reach(desk.posts)
    if not reach.areas and not reach.units:
        return None
    return Asked(desk, reach, *scope_of(request.GET, reach))


# For those who may see rates: of their area, or of their own unit.
reader = staff_with(_asked)


def scope_of(get: Mapping[str, str], reach: Reach) -> tuple[Scope, Publication | None]:
    """What a link asks for, and the version of a month whose figures it names."""
    scope, version = _scope(get, reach), _number(get.get("version", ""))
    if version is None or version >= MOST or scope.period.months != 1:
        return scope, None
    found = publications.published(scope.period.first, version)
    return replace(scope, publication=found.pk if found else None), found


def _scope(get: Mapping[str, str], reach: Reach) -> Scope:
    """What the link asks for; what the reader may not see, or means nothing, is dropped."""
    period = periods.read(get.get("period", "")) or periods.month_of(today())
    group = get.get("group", "")
    if group not in dict(groups_of_types()):
        group = ""
    unit = _number(get.get("unit", ""))
    if not reach.areas:
        own = unit if unit in reach.units else reach.units[0]
        return Scope(period, areas.roots()[0], own, group)
    number = _number(get.get("area", ""))
    known = number is not None and any(one.id == number for one in _below(reach))
    return Scope(period, areas.area(number if known and number else reach.areas[0]), unit, group)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST else None


def _below(reach: Reach) -> list[areas.AreaInfo]:
    """The areas that can be chosen: those of the reader's posts and below, no grids."""
    wanted = {desk for one in reach.areas for desk in areas.desks_under(one)}
    return [one for root in areas.roots() for one in areas.areas_below(root.id) if one.id in wanted]


def fields(asked: Asked) -> list[dict[str, Any]]:
    """What can be chosen above the figures."""
    scope = asked.scope
    found = [_field("period", _("Period"), scope.period.key, _periods(scope.period))]
    if asked.reach.areas:
        depth = min(one.path.count("/") for one in _below(asked.reach))
        chosen = [
            (str(one.id), "　" * (one.path.count("/") - depth) + pick(one.name))
            for one in _below(asked.reach)
        ]
        found.append(_field("area", _("Area"), str(scope.area.id), chosen))
    types = [("", _("all types")), *groups_of_types()]
    return [*found, _field("group", _("Type"), scope.group, types)]


def _field(name: str, label: str, value: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "name": name, "label": label, "value": value,
        "choices": [{"value": key, "label": text} for key, text in choices],
    }  # fmt: skip


def _periods(chosen: Period) -> list[tuple[str, str]]:
    """The last months and weeks, this and the last quarter and year, and whatever is chosen."""
    now, week = periods.month_of(today()), periods.week_of(today())
    found: list[Period] = [Period(periods.shifted(now.first, -step), 1) for step in range(MONTHS)]
    for length in ("quarter", "year"):
        this = periods.holding(today(), length)
        found += [this, this.before]
    found += [periods.week_of(week.first - step * periods.SEVEN) for step in range(WEEKS)]
    if chosen not in found:
        found.append(chosen)
    return [(one.key, str(one)) for one in found]
