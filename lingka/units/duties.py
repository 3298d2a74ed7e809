"""Duty lists (职责清单): what a level must do, helps with, and must not be given. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from lingka.core.faults import UNFIT, Fault, Faults, missing, texts, unreadable

SHIPPED = Path(__file__).parent / "data" / "duty_lists"
PARTS = ("must", "helps", "never")
NAMESPACE = UUID("6f2d9f0e-3f3b-5b0c-9a3e-0c6f1f8a7d52")  # makes keys into streams


def stream_of(key: str) -> UUID:
    """Where what happens to a list is recorded."""
    return uuid5(NAMESPACE, key)


@dataclass(frozen=True)
class Article:
    number: int
    part: str  # of PARTS
    text: Mapping[str, str]
    covers: tuple[str, ...]  # kinds of cases, or their groups


@dataclass(frozen=True)
class DutyList:
    """One version of a list; it counts from its first day until a later version does."""

    key: str
    version: int
    kinds: frozenset[str]  # of units whose duties these are
    name: Mapping[str, str]
    source: Mapping[str, str]
    valid_from: date
    articles: tuple[Article, ...]

    def part(self, name: str) -> list[Article]:
        return [one for one in self.articles if one.part == name]

    def on(self, covering: Iterable[str]) -> Article | None:
        """The article on a kind of case; `covering`: its key, then its group's."""
        found = (one for key in covering for one in self.articles if key in one.covers)
        return next(found, None)

    def against(self, covering: Iterable[str], *, lead: bool) -> Article | None:
        """The article that keeps work from these units; who helps with something never leads."""
        article = self.on(covering)
        if article is None or article.part == "must":
            return None
        return article if article.part == "never" or lead else None


def read(body: Mapping[str, Any], version: int) -> DutyList:
    """A list from its file or row."""
    return DutyList(
        body["key"], version, frozenset(body["kinds"]), body["name"], body["source"],
        date.fromisoformat(str(body["valid_from"])),
        tuple(
            Article(one["number"], part, one["text"], tuple(one.get("covers", ())))
            for part in PARTS for one in body[part]
        ),
    )  # fmt: skip


def faults(body: Mapping[str, Any], kinds: Iterable[str]) -> list[Fault]:
    """What keeps a list from coming into force, in words for its author."""
    lacking = [
        missing("", name)
        for name in ("key", "kinds", "valid_from", "name", "source", *PARTS)
        if not body.get(name)
    ]
    if lacking:
        return lacking
    try:
        made = read(body, 0)
    except UNFIT as error:
        return [unreadable(error)]
    said = _("there is no kind of unit “%(name)s”")
    unknown = sorted(made.kinds - set(kinds))
    found = [Fault("unknown_kind", "kinds", said % {"name": kind}) for kind in unknown]
    return [*found, *_texts(made), *_numbers(made), *_twice(made)]


def _texts(made: DutyList) -> Faults:
    named = [("name", made.name), ("source", made.source)]
    named += [(f"{one.part}.{one.number}", one.text) for one in made.articles]
    for where, text in named:
        yield from texts(where, text)


def _numbers(made: DutyList) -> Faults:
    given = [one.number for one in made.articles]
    if given != list(range(1, len(given) + 1)):
        said = _("articles are numbered 1, 2, 3 … through all three parts")
        yield Fault("numbers", "", said)


def _twice(made: DutyList) -> Faults:
    seen: dict[str, int] = {}
    for one in made.articles:
        for key in one.covers:
            if key in seen:
                said = _("articles %(one)s and %(other)s both cover “%(name)s”")
                named = {"one": seen[key], "other": one.number, "name": key}
                yield Fault("twice", "", said % named)
            seen[key] = one.number
