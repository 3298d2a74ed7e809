"""The desk's lists of cases as files. Words, addresses and contacts stay with their case."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.areas.selectors import whole_town
from lingka.cases import desk, permissions, views_replies
from lingka.cases.models import Case
from lingka.cases.rows import state_of
from lingka.cases.selectors import catalogue, faces, lists, page, queues
from lingka.cases.selectors.rows import area_name, type_of, unit_name
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import MOST, Cell, Column, Listing, of_rows, register
from lingka.core.text import pick

_DESKS = frozenset({"dispatcher", "supervisor", "administrator", "verifier"})


def _place(case: Case) -> str:
    place = areas.places([case.place_id]).get(case.place_id) if case.place_id else None
    return pick(place.name) if place else ""


def _late(case: Case) -> bool:
    return case.due_at is not None and case.due_at < clock.now()


def _yes(fact: bool) -> str:  # noqa: FBT001
    return _("yes") if fact else ""


COLUMNS: tuple[tuple[Column, Callable[[Case], Cell]], ...] = (
    (Column(gettext_lazy("Code"), 12), lambda case: pretty(case.number)),
    (Column(gettext_lazy("Group"), 16), lambda case: type_of(case).group),
    (Column(gettext_lazy("Type"), 24), lambda case: type_of(case).name),
    (Column(gettext_lazy("Area"), 24), area_name),
    (Column(gettext_lazy("Place"), 24), _place),
    (Column(gettext_lazy("Channel"), 14, _DESKS),
     lambda case: str(faces.channel(case.channel).label)),
    (Column(gettext_lazy("State"), 18), page.state_name),
    (Column(gettext_lazy("Stage"), 14), lambda case: str(catalogue.stage_label(case.stage))),
    (Column(gettext_lazy("Lead unit"), 24), lambda case: unit_name(case.lead_unit_id)),
    (Column(gettext_lazy("Helping units"), 24), lambda case: ", ".join(
        unit_name(one) for one in case.helpers or ())),
    (Column(gettext_lazy("Urgent"), 8), lambda case: _yes(case.urgent)),
    (Column(gettext_lazy("Opened"), 17), lambda case: case.opened_at),
    (Column(gettext_lazy("Next deadline"), 17), lambda case: case.due_at),
    (Column(gettext_lazy("Late"), 8), lambda case: _yes(_late(case))),
    (Column(gettext_lazy("Handed back"), 10, _DESKS),
     lambda case: int(case.facts.get("returns") or 0)),
    (Column(gettext_lazy("Opened again"), 10), lambda case: int(case.facts.get("rounds") or 0)),
    (Column(gettext_lazy("Closed"), 17), lambda case: case.closed_at),
)  # fmt: skip


def _cells(keys: Sequence[int], actor: Actor, posts: Sequence[PostInfo]) -> list[list[Cell]]:
    """In the order of the keys; what these posts may no longer see is left out."""
    rows = Case.objects.in_bulk(list(keys))
    areas.places(row.place_id for row in rows.values() if row.place_id)  # read in one statement
    return [
        [cell(rows[key]) for _column, cell in COLUMNS]
        for key in keys
        if key in rows and permissions.of_posts(state_of(rows[key]), actor.id or 0, posts)
    ]


def _queue(actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> list[int]:
    return queues.keys(posts, *desk.asked(query)[:2], most=MOST)


def _below(actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> list[int]:
    tab, filters = desk.asked(query)[:2]
    tab = tab if tab is not queues.Tab.MINE else queues.Tab.LATE
    return queues.keys(posts, tab, filters, most=MOST, below=True)


def _grid(actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> list[int]:
    mine = [post for post in posts if post.role == "grid_worker"]
    return [case.pk for case in lists.open_in_grids(mine).rows]


def _listing(
    here: str, name: Any, roles: frozenset[str], keys: Callable[..., list[int]]
) -> Listing:
    columns = tuple(column for column, _cell in COLUMNS)
    return Listing(f"cases-{here}", name, roles, columns, keys, _cells, (f"cases:{here}",))


def _replies(_actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Any:
    for row in views_replies.rows():
        yield row["title"], row["text"], row["use"], row["number"] or _("the package"), row["at"]


register(
    _listing("queue", gettext_lazy("Queue"), desk.DESK_ROLES, _queue),
    _listing("below", gettext_lazy("Whole area"), desk.OVERSEERS, _below),
    _listing("grid", gettext_lazy("My grids"), frozenset({"grid_worker"}), _grid),
    of_rows(
        "replies", gettext_lazy("Standard replies"), frozenset({"administrator"}),
        (
            (gettext_lazy("Title"), 24), (gettext_lazy("Text"), 60),
            (gettext_lazy("What it does"), 18), (gettext_lazy("Version"), 12),
            (gettext_lazy("From"), 17),
        ),
        _replies, "cases:replies", fits=whole_town,
    ),
)  # fmt: skip
