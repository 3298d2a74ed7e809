"""What is kept in versions: rules, workflows, templates. Each module names its own in its
`histories`; the pages that show who changed what, and that put a town's own version into force,
need to know none of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

from lingka.core import faults
from lingka.core.actors import Actor

Body = Mapping[str, Any]
OPERATOR = 0  # in place of a user: who runs the machine, by command


@dataclass(frozen=True)
class Version:
    """One version of one thing. `at` and `by` are None for what came with the package."""

    number: int
    at: datetime | None
    by: int | None  # a user; `OPERATOR`
    body: Body  # empty: taken down


@dataclass(frozen=True)
class Rules:
    """How a town puts its own version of such a thing into force, from a file."""

    part: str  # the entry by which a file of this kind is known
    ready: Callable[[dict[str, Any]], dict[str, Any]]  # as it will be kept
    faults: Callable[[Body], Sequence[object]]  # of what is ready; in words for its author
    put: Callable[[dict[str, Any], Actor], int]  # the number of its version; Problem where faulty
    note: Callable[[], str] = str  # what their author has to know before


@dataclass(frozen=True)
class History:
    """Everything of one kind. `versions` gives the versions by key, the oldest first."""

    kind: str  # in the address
    label: Any  # lazy
    versions: Callable[[], Mapping[str, Sequence[Version]]]
    name: Callable[[Body], str]  # of a body that isn't empty
    page: str = ""  # name of the address where the thing itself stands; it takes the key
    rules: Rules | None = None  # where a town's own comes from a file


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


def ruled() -> list[History]:
    """The kinds of which a town puts its own version into force by a file."""
    return [one for one in every() if one.rules]


def kind_of(body: Body) -> History | None:
    """What kind of rules a file holds."""
    return next((one for one in ruled() if one.rules and one.rules.part in body), None)


def by(actor: Actor) -> int:
    """Who put a version into force, as its row keeps it."""
    return actor.id if actor.kind == "user" and actor.id is not None else OPERATOR


def read(judge: Callable[[Body], Iterable[object]], body: Body) -> list[str]:
    """The faults that `judge` finds; what it cannot even read is one."""
    try:
        return [str(one) for one in judge(body)]
    except faults.UNFIT as error:
        return [str(faults.unreadable(error))]
