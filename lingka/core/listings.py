"""Lists that can be taken out as a file. Each module names its own in its `listings`; who makes the
file needs to know none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

from lingka.core.actors import Actor

Posts = Sequence[Any]
Query = Mapping[str, str]
Cell = Any  # str, int, float, None, or a datetime


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
    keys: Callable[[Actor, Posts, Query], list[int]]
    cells: Callable[[Sequence[int], Actor, Posts], list[list[Cell]]]

    def open_to(self, posts: Posts) -> bool:
        return any(post.role in self.roles for post in posts)

    def shown(self, posts: Posts) -> list[int]:
        """Which columns these posts may see, by their place."""
        roles = {post.role for post in posts}
        return [
            place
            for place, column in enumerate(self.columns)
            if column.roles is None or column.roles & roles
        ]


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
