"""The desk's queue: what to do next, found by index however many cases there are.

Every lane is one range of `case_desk_queue` or `case_unit_queue`, or what `case_helpers` holds of
one unit; the lanes are joined by UNION ALL of limited queries, so a page reads a page's worth of
rows, or the open ones that a unit helps with, and never sorts a table.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from lingka.accounts.selectors import PostInfo, posts_of
from lingka.cases.models import Case
from lingka.cases.owed import OWED, Owed
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.lanes import Column, Lane, lanes_of, subtree_lanes
from lingka.core import clock, plans
from lingka.core.actors import Actor

PAGE = 25
CAP = 99  # counters stop here and say "99+"
SOON = timedelta(hours=24)


class Tab(StrEnum):
    MINE = "mine"
    SOON = "soon"
    LATE = "late"
    OTHERS = "others"
    PAUSED = "paused"


@dataclass(frozen=True)
class Filters:
    """What the URL asks for. Values that mean nothing are dropped, never an error."""

    group: str = ""  # of case types, "water"
    area: str = ""  # path of a grid or community, "/1/5/33/"
    channel: str = ""
    order: str = "due"  # or "new"
    back: str = ""  # "1": what was handed back or opened again
    unit: str = ""  # that leads it, by id

    def as_query(self) -> dict[str, str]:
        values = {
            "group": self.group, "area": self.area, "channel": self.channel, "back": self.back,
            "unit": self.unit,
        }  # fmt: skip
        if self.order != "due":
            values["order"] = self.order
        return {key: value for key, value in values.items() if value}


@dataclass(frozen=True)
class Page:
    rows: list[Case]
    next: str | None = None  # key of the page after this; None: this is the last
    tab: Tab = Tab.MINE
    filters: Filters = field(default_factory=Filters)


_COLUMNS = (
    "id, uuid, number, case_type, catalogue_id, workflow_id, channel, state, stage, owner,"
    " urgent, grid_id, area_path, place_id,"
    " desk_area_id, lead_unit_id, assignments, helpers, clocks, facts, words, h3, opened_at,"
    " changed_at, due_at, closed_at, version"
)
_OPEN = "stage <> 'closed'"
_RUNNING = f"{_OPEN} AND stage <> 'suspended'"


# Who leads a case by name has to do something: its next step, or the answer that is owed.
_ANSWERS = (
    "NOT facts ? 'asked' AND (owner = 'named_lead' OR clocks ? 'lead_answer'"
    " AND clocks->'lead_answer'->>'stopped' IS NULL)"
)
_BUT = "COALESCE((facts->>%s)::bigint, 0) <> ALL(%s)"
_NAMED = "owner = 'verifier' AND facts ? 'reinspector'"  # one unit looks again, and nobody else


def _owed(one: Owed) -> str:
    parts = [f"facts ? '{one.fact}'"]
    parts += [f"facts->>'{one.fact}' = '{one.value}'"] if one.value else []
    parts += [f"NOT facts ? '{one.unless}'"] if one.unless else []
    return " AND ".join(parts)


# A case that waits for the resident's answer, like a suspended one, has no running deadline: both
# are found at the end of their index range. What is owed beside has an index of its own.
_ONLY = {
    "": "true",
    "unasked": f"NOT facts ? 'asked' AND NOT ({_NAMED})",
    "asked": "due_at IS NULL AND facts ? 'asked'",
    "named": _NAMED,
    "away": "(owner <> 'lead_handler' OR facts ? 'asked')",
    "answers": f"({_ANSWERS})",
    "leads": f"NOT ({_ANSWERS})",
    **{one.key: _owed(one) for one in OWED},
}


@dataclass(frozen=True)
class _Range:
    """A condition on the rows of each lane, with its parameters."""

    where: str
    params: tuple[Any, ...] = ()


def _tab_range(tab: Tab, now: datetime) -> _Range:
    if tab is Tab.SOON:
        return _Range(f"{_RUNNING} AND due_at >= %s AND due_at < %s", (now, now + SOON))
    if tab is Tab.LATE:
        return _Range(f"{_RUNNING} AND due_at < %s", (now,))
    if tab is Tab.PAUSED:
        return _Range("stage = 'suspended' AND due_at IS NULL")
    return _Range(_RUNNING)


def _tab_lanes(tab: Tab, mine: list[Lane], others: list[Lane]) -> list[Lane]:
    if tab is Tab.MINE:
        return mine
    if tab is Tab.OTHERS:
        return others
    return mine + others


def _filter_range(filters: Filters) -> _Range:
    parts: list[str] = []
    params: list[Any] = []
    if filters.group:
        parts.append("case_type = ANY(%s)")
        params.append(sorted(types_in(filters.group)))
    if filters.area:
        parts.append("area_path LIKE %s")
        params.append(_escaped(filters.area) + "%")
    if filters.channel:
        parts.append("channel = %s")
        params.append(filters.channel)
    if filters.back:
        parts.append(_BACK)
    if filters.unit:
        parts.append("lead_unit_id = %s")
        params.append(int(filters.unit))
    return _Range(" AND ".join(parts) or "true", tuple(params))


# Handed back, or opened again: neither is counted before it happens, so a key may be missing.
_BACK = "COALESCE((facts->>'returns')::int, 0) + COALESCE((facts->>'rounds')::int, 0) > 0"


def types_in(group: str) -> frozenset[str]:
    """Keys of the case types of a group."""
    return frozenset(one.key for one in catalogue.case_types() if one.group_key == group)


def types_like(case_type: str) -> frozenset[str]:
    """The types of the same group as this one, itself included."""
    groups = [one.group_key for one in catalogue.case_types() if one.key == case_type]
    return frozenset({case_type}).union(*(types_in(group) for group in groups))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def encode_key(case: Case, order: str) -> str:
    moment = case.opened_at if order == "new" else case.due_at
    text = f"{moment.isoformat() if moment else ''}|{case.pk}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_key(text: str) -> tuple[datetime | None, int] | None:
    """The place after which the next page starts; None when the text is not one of our keys."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _, pk = raw.partition("|")
        when = datetime.fromisoformat(moment) if moment else None
        if when is not None and when.tzinfo is None:
            return None
        return when, int(pk) if int(pk) < 2**63 else 0
    except (ValueError, UnicodeDecodeError):
        return None


def _ranges_after(key: tuple[datetime | None, int] | None, order: str) -> list[_Range]:
    """Index ranges after the key. Cases without a deadline come last, so they are a range too."""
    if key is None:
        return [_Range("true")]
    moment, pk = key
    if order == "new":
        return [_Range("(opened_at, id) < (%s, %s)", (moment, pk))] if moment else []
    if moment is None:
        return [_Range("due_at IS NULL AND id > %s", (pk,))]
    return [_Range("(due_at, id) > (%s, %s)", (moment, pk)), _Range("due_at IS NULL")]


def _order_by(order: str) -> str:
    return "opened_at DESC, id DESC" if order == "new" else "due_at, id"


def _branches(
    lanes: Iterable[Lane], ranges: Sequence[_Range], order: str, limit: int
) -> tuple[str, list[Any]]:
    """One limited query per lane and key, glued by UNION ALL. The last range is where to start."""
    parts: list[str] = []
    params: list[Any] = []
    for lane in lanes:
        fact, keys = lane.but
        narrow = _Range(_BUT, (fact, list(keys))) if fact else _Range("true")
        within = [*ranges[:-1], narrow]
        inner = " AND ".join((*(one.where for one in within), _ONLY[lane.only]))
        values = [value for one in within for value in one.params]
        found = _LIMITED[order].format(
            lane=_LANES[lane.column].format(owner="owner = %s" if lane.owner else "%s = ''"),
            where=inner,
            start=ranges[-1].where,
            order=_order_by(order),
        )
        parts.append(
            "(SELECT found.id, found.due_at, found.opened_at FROM unnest(%s::bigint[]) AS at(key)"  # noqa: S608 — only our own constants are put in
            f" CROSS JOIN LATERAL ({found} LIMIT {limit}) AS found)"
        )
        params += [list(lane.keys), lane.owner, *values, *ranges[-1].params]
    return " UNION ALL ".join(parts), params


# What one key of a lane holds, still to be narrowed. What a unit helps with is fetched whole behind
# OFFSET 0: the planner would rather walk all open cases by their owner and look into each.
_COLUMN = "SELECT id, due_at, opened_at FROM cases_case WHERE {{owner}} AND {column} = at.key"
_NAMED_IN = (
    "SELECT id, due_at, opened_at FROM (SELECT * FROM cases_case WHERE"  # noqa: S608 — constants
    f" (facts->>'{{fact}}')::bigint = at.key AND facts ? '{{fact}}' AND {_OPEN} OFFSET 0)"
    " AS named WHERE {{owner}}"
)
_LANES: dict[Column, str] = {
    "desk_area_id": _COLUMN.format(column="desk_area_id"),
    "lead_unit_id": _COLUMN.format(column="lead_unit_id"),
    "helpers": "SELECT id, due_at, opened_at FROM (SELECT * FROM cases_case WHERE"  # noqa: S608 — constants
    f" helpers @> ARRAY[at.key] AND {_OPEN} OFFSET 0) AS helped WHERE {{owner}}",
    "leader": _NAMED_IN.format(fact="leader"),
    "reinspector": _NAMED_IN.format(fact="reinspector"),
}
# By due date a lane's index is in order already. By date of opening it is not: OFFSET 0 keeps the
# planner from walking all cases by their opening instead, so that only the lane's open ones are
# read and sorted.
_LIMITED = {
    "due": "{lane} AND {where} AND {start} ORDER BY {order}",
    "new": "SELECT * FROM ({lane} AND {where} OFFSET 0) AS lane WHERE {start} ORDER BY {order}",
}


def fetch(lanes: Sequence[Lane], tab: Tab, filters: Filters, after: str, limit: int = PAGE) -> Page:
    """One page of the lanes' cases in order, and the key of the next page."""
    range_ = _tab_range(tab, clock.now())
    key = decode_key(after) if after else None
    union: list[str] = []
    params: list[Any] = []
    for start in _ranges_after(key, filters.order):
        sql, values = _branches(
            lanes, [range_, _filter_range(filters), start], filters.order, limit + 1
        )
        if sql:
            union.append(sql)
            params += values
    if not union:
        return Page([], None, tab, filters)
    columns = ", ".join(f"cases_case.{name.strip()}" for name in _COLUMNS.split(","))
    order = _order_by(filters.order)
    outer = ", ".join(f"cases_case.{name}" for name in order.split(", "))
    with _planned(filters):
        cases = list(
            Case.objects.raw(
                f"SELECT {columns} FROM (SELECT DISTINCT id, due_at, opened_at"  # noqa: S608 — only our own constants are put in
                f" FROM ({' UNION ALL '.join(union)}) AS u ORDER BY {order} LIMIT {limit + 1})"
                f" AS hit JOIN cases_case ON cases_case.id = hit.id ORDER BY {outer}",
                params,
            )
        )
    more = len(cases) > limit
    cases = cases[:limit]
    following = encode_key(cases[-1], filters.order) if more else None
    return Page(cases, following, tab, filters)


def queue(
    actor: Actor,
    tab: Tab | str = Tab.MINE,
    filters: Filters | Mapping[str, str] | None = None,
    after: str | None = "",
    posts: Sequence[PostInfo] | None = None,
    *,
    limit: int = PAGE,
) -> Page:
    """One page of what the actor's posts see under a tab. One SQL statement beside the posts'."""
    chosen = filters if isinstance(filters, Filters) else Filters(**(filters or {}))
    mine, others = lanes_of(_posts(actor, posts))
    lanes = _tab_lanes(Tab(tab), mine, others)
    return fetch(lanes, Tab(tab), chosen, after or "", limit)


def below(posts: Sequence[PostInfo], tab: Tab, filters: Filters, after: str = "") -> Page:
    """The same for a whole subtree: what supervisors look at."""
    return fetch(subtree_lanes(posts), tab, filters, after)


def keys(
    posts: Sequence[PostInfo], tab: Tab, filters: Filters, *, most: int, below: bool = False
) -> list[int]:
    """The ids of all that a list holds, in its order, for whoever takes the whole of it."""
    mine, others = (subtree_lanes(posts), []) if below else lanes_of(posts)
    lanes = mine if below else _tab_lanes(tab, mine, others)
    ranges = [_tab_range(tab, clock.now()), _filter_range(filters), _Range("true")]
    sql, params = _branches(lanes, ranges, filters.order, most)
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT DISTINCT id, due_at, opened_at"  # noqa: S608 — only our own constants are put in
            f" FROM ({sql}) AS u) AS hit ORDER BY {_order_by(filters.order)} LIMIT {most}",
            params,
        )
        return [row[0] for row in cursor.fetchall()]


def counters(
    actor: Actor, filters: Filters | None = None, posts: Sequence[PostInfo] | None = None
) -> dict[Tab, int]:
    """How many cases each tab holds, counted to CAP + 1 and no further. One SQL statement."""
    mine, others = lanes_of(_posts(actor, posts))
    lanes = {tab: _tab_lanes(tab, mine, others) for tab in Tab}
    return _count(lanes, filters or Filters())


def _posts(actor: Actor, posts: Sequence[PostInfo] | None) -> Sequence[PostInfo]:
    if posts is not None:
        return posts
    return posts_of(actor.id) if actor.kind == "user" and actor.id else ()


def counters_below(posts: Sequence[PostInfo], filters: Filters | None = None) -> dict[Tab, int]:
    lanes = subtree_lanes(posts)
    return _count({tab: lanes for tab in Tab if tab is not Tab.MINE}, filters or Filters())


def _count(lanes: dict[Tab, list[Lane]], filters: Filters) -> dict[Tab, int]:
    now = clock.now()
    selects: list[str] = []
    params: list[Any] = []
    for tab, of_tab in lanes.items():
        sql, values = _branches(
            of_tab,
            [_tab_range(tab, now), _filter_range(replace(filters, order="due")), _Range("true")],
            "due",
            CAP + 1,
        )
        if sql:
            selects.append(
                f"SELECT '{tab.value}', count(*) FROM"  # noqa: S608 — only our own constants are put in
                f" (SELECT DISTINCT id FROM ({sql}) AS u LIMIT {CAP + 1}) AS capped"
            )
            params += values
    counts = dict.fromkeys(lanes, 0)
    if selects:
        with _planned(filters), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(selects), params)
            counts.update({Tab(name): number for name, number in cursor.fetchall()})
    return counts


def _planned(filters: Filters) -> AbstractContextManager[None]:
    """A filter may want a plan of its own; without one, all that differs are keys of desks."""
    return plans.kept() if filters == Filters(order=filters.order) else nullcontext()
