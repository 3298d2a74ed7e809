"""What other modules add to a member's own page and to the page of what is kept. Each names its
parts in a module called `mine`, so that this one needs to know none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import autodiscover_modules

from lingka.members.selectors import MemberInfo


@dataclass(frozen=True)
class Part:
    """`template` is shown on /me/ with what `context` gives; `kept` is listed and exported."""

    key: str  # in the exported file
    label: Any  # lazy
    rank: int  # from top to bottom
    template: str
    context: Callable[[HttpRequest, MemberInfo], Mapping[str, Any]]
    rows: Callable[[MemberInfo], list[tuple[str, str]]]  # what is kept, for reading
    export: Callable[[MemberInfo], Any]  # the same as JSON


PARTS: dict[str, Part] = {}


def register(*parts: Part) -> None:
    PARTS.update({one.key: one for one in parts})


@cache
def _discover() -> None:
    autodiscover_modules("mine")


def all_parts() -> list[Part]:
    _discover()
    return sorted(PARTS.values(), key=lambda one: one.rank)
