"""The parts of the desk. Each module names its own pages in its `sections`; the header of every
page shows those that fit the reader's posts, so that no module needs to know another's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol

from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _


class HasRole(Protocol):
    """A post, as far as it matters here."""

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class Section:
    name: str  # of its first page's address
    label: Any  # a noun, lazy
    roles: frozenset[str]
    rank: int  # from left to right
    group: Literal["work", "administration"] = "work"
    pages: frozenset[str] = frozenset()  # further addresses that belong to it
    count: Callable[[Sequence[Any]], int] | None = None  # what waits there for these posts
    fits: Callable[[Sequence[Any]], bool] | None = None  # where a role alone is not enough


@dataclass(frozen=True)
class Item:
    url: str
    label: str
    count: str = ""
    current: bool = False


@dataclass(frozen=True)
class Shown:
    work: list[Item]
    more: list[Item]  # what the header has no room for
    administration: list[Item]  # only while the reader is in one of them

    @property
    def waiting(self) -> int:
        """How much waits in the sections that the header has no room for."""
        return sum(int(one.count) for one in self.more if one.count.isdigit())


SECTIONS: dict[str, Section] = {}
IN_VIEW = 6  # sections that the header shows beside each other; the rest waits under "More"


def register(*sections: Section) -> None:
    SECTIONS.update({one.name: one for one in sections})


@cache
def discover() -> None:
    """Import every module's `sections`."""
    autodiscover_modules("sections")


def shown(request: HttpRequest, here: str = "", counts: Mapping[str, str] | None = None) -> Shown:
    """The sections for a request's posts. `here` names one for pages that belong to several."""
    discover()
    posts: Sequence[Any] = getattr(request, "posts", ())
    mine = [one for one in _of(posts) if one.fits is None or one.fits(posts)]
    match = request.resolver_match
    current = here or (match.view_name if match else "")
    work = [
        _item(one, posts, current, (counts or {}).get(one.name, ""))
        for one in mine
        if one.group == "work"
    ]
    admin = [_item(one, posts, current) for one in mine if one.group == "administration"]
    inside = any(one.current for one in admin)
    if admin:
        work.append(Item(admin[0].url, _("Administration"), current=inside))
    in_view, more = _divided(work)
    return Shown(in_view, more, admin if inside else [])


def _divided(items: list[Item]) -> tuple[list[Item], list[Item]]:
    """The first sections, with the one the reader is in, and those that are left."""
    if len(items) <= IN_VIEW + 1:
        return items, []
    here = next((at for at, one in enumerate(items) if one.current), 0)
    last = max(here, IN_VIEW - 1)  # where the reader is takes the last place, so none is added
    in_view = [*items[: IN_VIEW - 1], items[last]]
    return in_view, [one for one in items if one not in in_view]


def _of(posts: Iterable[HasRole]) -> list[Section]:
    roles = {post.role for post in posts}
    return sorted((one for one in SECTIONS.values() if one.roles & roles), key=lambda s: s.rank)


def _item(section: Section, posts: Sequence[Any], current: str, count: str = "") -> Item:
    waiting = section.count(posts) if section.count else 0
    return Item(
        reverse(section.name),
        str(section.label),
        count or str(waiting or ""),
        current == section.name or current in section.pages,
    )
