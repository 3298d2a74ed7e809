"""Headings with their cases, and promises, as files: what the pages show, and no more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.desk import DESK_ROLES
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.promises import permissions, selectors
from lingka.promises.selectors import PromiseInfo

STATES = {
    "running": _("running"), "overdue": _("overdue"), "reported": _("reported as done"),
    "kept": _("kept"), "broken": _("broken"),
}  # fmt: skip


def _headings(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.headings(permissions.paths(posts)):
        yield one.title, one.source, one.day, one.unit, one.area, one.total, one.closed


def _cases(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    code = query.get("code", "")[:24]
    found = selectors.heading(code) if _works_on(code, posts) else None
    for one in found.rows if found else ():
        promised = one.promise
        yield (
            pretty(one.number), one.title, one.where, one.unit, one.stage_name, one.due_at,
            promised.due_at if promised else None, STATES[promised.state] if promised else "",
        )  # fmt: skip


def _works_on(code: str, posts: Sequence[PostInfo]) -> bool:
    return selectors.may_work_on(code, permissions.paths(posts))


def _promises(_actor: Actor, _posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    area = areas.area_by_code(query.get("area", "")[:24])
    found, _tally = selectors.promises(area=area, over="over" in query)
    for one in found:
        yield _promise(one)


def _promise(one: PromiseInfo) -> Sequence[Any]:
    return (
        pretty(one.number), one.title, one.where, one.unit, one.made_at, one.due_at,
        STATES[one.state], one.settled_at, len(one.moved),
    )  # fmt: skip


register(
    of_rows(
        "headings", _("Headings"), permissions.OPENERS,
        (
            (_("Heading"), 30), (_("Source"), 30), (_("Shown on"), 12), (_("Answers for it"), 24),
            (_("Area"), 24), (_("Cases"), 8), (_("Closed"), 8),
        ),
        _headings, "promises:desk",
    ),
    of_rows(
        "heading-cases", _("Cases of a heading"), permissions.OPENERS,
        (
            (_("Case"), 12), (_("Type"), 24), (_("Place"), 24), (_("Unit"), 24), (_("Stage"), 14),
            (_("Next deadline"), 17), (_("Promised by"), 17), (_("State"), 18),
        ),
        _cases, "promises:manage",
    ),
    of_rows(
        "promises", _("Promises"), DESK_ROLES,
        (
            (_("Case"), 12), (_("Type"), 24), (_("Place"), 24), (_("Unit"), 24),
            (_("Promised on"), 17), (_("Promised by"), 17), (_("State"), 18), (_("Ended"), 17),
            (_("Moved, times"), 14),
        ),
        _promises, "promises:index",
    ),
)  # fmt: skip
