"""Lists that can be taken out as a file. Each module names its own in its `listings`; who makes the
file needs to know none of them, and the frame of every page offers the list that it is of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from django.utils.module_loading import autodiscover_modules

from lingka.core.actors import Actor

Posts = Sequence[Any]
Query = Mapping[str, str]
Cell = Any  # str, int, float, None, a date or a datetime
MOST = 20_000  # rows of one file


@dataclass(frozen=True)
class Column:
    label: Any  # lazy
    width: int = 16  # signs
    roles: frozenset[str] | None = None  # who may see it; None: whoever sees the list


@dataclass(frozen=True)
class Listing:
    """`keys` are the ids of all its rows now; `cells` gives some of them in the active language,
    without those that the posts may not see any more. Contact data is in no listing."""

    key: str
    name: Any  # lazy
    roles: frozenset[str]
    columns: tuple[Column, ...]
    keys: Callable[[Actor, Posts, Query], list[Any]]
    cells: Callable[[Sequence[Any], Actor, Posts], list[list[Cell]]]
    pages: tuple[str, ...] = ()  # names of the addresses that show it
    words: frozenset[str] = frozenset()  # filters that somebody types: never kept with the file
    fits: Callable[[Posts], bool] | None = None  # where a role alone is not enough

    def open_to(self, posts: Posts) -> bool:
        by_role = any(post.role in self.roles for post in posts)
        return by_role and (self.fits is None or self.fits(posts))

    def shown(self, posts: Posts) -> list[int]:
        """Which columns these posts may see, by their place."""
        roles = {post.role for post in posts}
        return [
            place
            for place, column in enumerate(self.columns)
            if column.roles is None or column.roles & roles
        ]


def of_rows(
    key: str,
    name: Any,
    roles: frozenset[str],
    columns: Iterable[tuple[Any, int]],
    rows: Callable[[Actor, Posts, Query], Iterable[Sequence[Cell]]],
    *pages: str,
    words: frozenset[str] = frozenset(),
    fits: Callable[[Posts], bool] | None = None,
) -> Listing:
    """A list whose page reads it whole: `rows` gives the cells that these posts see by this link,
    and they are kept as they are until the file is there."""

    def keys(actor: Actor, posts: Posts, query: Query) -> list[Any]:
        return [[plain(cell) for cell in row] for row in islice(rows(actor, posts, query), MOST)]

    def cells(kept: Sequence[Any], _actor: Actor, _posts: Posts) -> list[list[Cell]]:
        return list(kept)

    headings = tuple(Column(label, width) for label, width in columns)
    return Listing(key, name, roles, headings, keys, cells, pages, words, fits)


def plain(cell: Cell) -> Any:
    """A cell as JSON can keep it."""
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"on": cell.isoformat()}
    return cell if cell is None or isinstance(cell, int | float | dict) else str(cell)


LISTINGS: dict[str, Listing] = {}


def register(*listings: Listing) -> None:
    LISTINGS.update({one.key: one for one in listings})


@cache
def discover() -> None:
    """Import every module's `listings`."""
    autodiscover_modules("listings")


def listing(key: str) -> Listing | None:
    discover()
    return LISTINGS.get(key)


def of_page(name: str) -> Listing | None:
    """The list that an address shows."""
    discover()
    return next((one for one in LISTINGS.values() if name in one.pages), None)
