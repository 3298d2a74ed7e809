"""What is kept in versions: rules, workflows, templates. Each module names its own in its
`histories`; the page that shows who changed what, and when, needs to know none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """One version of one thing. `at` and `by` are None for what came with the package."""

    number: int
    at: datetime | None
    by: int | None  # a user
    body: Body  # empty: taken down


@dataclass(frozen=True)
class History:
    """Everything of one kind. `versions` gives the versions by key, the oldest first."""

    kind: str  # in the address
    label: Any  # lazy
    versions: Callable[[], Mapping[str, Sequence[Version]]]
    name: Callable[[Body], str]  # of a body that isn't empty
    page: str = ""  # name of the address where the thing itself stands; it takes the key


HISTORIES: dict[str, History] = {}


def register(*histories: History) -> None:
    HISTORIES.update({one.kind: one for one in histories})


@cache
def discover() -> None:
    """Import every module's `histories`."""
    autodiscover_modules("histories")


def history(kind: str) -> History | None:
    discover()
    return HISTORIES.get(kind)


def every() -> list[History]:
    discover()
    return list(HISTORIES.values())
