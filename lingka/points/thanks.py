"""Whom a town thanks for a year: thresholds that it publishes; judged, and applied to
what somebody reached. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lingka.core import faults as core
from lingka.core.faults import Fault, Faults
from lingka.core.rulebooks import Rulebook
from lingka.core.text import pick
from lingka.points.book import LEDGERS

SHIPPED = Path(__file__).parent / "data" / "recognition.yaml"
ENTRIES = {"name", "ledger", "at_least"}  # no number of places: whoever reached it is thanked
MOST = {"hours": 3000, "points": 100_000}
EACH = {"hours": 60, "points": 1}  # hours are kept in minutes
Body = Mapping[str, Any]


def faults(body: Body) -> Faults:
    """What is wrong with a file of thresholds."""
    yield from core.texts("name", body["name"])
    for key, level in body["recognition"].items():
        yield from _level(f"recognition.{key}", level)


def _level(where: str, level: Body) -> Faults:
    for name in sorted(set(level) - ENTRIES):
        yield Fault("unknown", f"{where}.{name}", _("is nothing that a rule can say"))
    yield from core.texts(f"{where}.name", level["name"])
    ledger = level["ledger"]
    if ledger in LEDGERS:
        yield from core.number(f"{where}.at_least", level["at_least"], 1, MOST[ledger])
    else:
        known = ", ".join(LEDGERS)
        yield Fault(
            "ledger", f"{where}.ledger", _("is none of these: %(known)s") % {"known": known}
        )


@dataclass(frozen=True)
class Level:
    """A threshold."""

    key: str
    ledger: str
    at_least: int  # hours or points
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        return pick(self.names)


def read(body: Body) -> list[Level]:
    return [
        Level(key, one["ledger"], one["at_least"], one["name"])
        for key, one in body["recognition"].items()
    ]


def reached(levels: Iterable[Level], ledger: str, amount: int) -> Level | None:
    """The highest threshold of a ledger that an amount reaches."""
    found = [
        one for one in levels if one.ledger == ledger and amount >= one.at_least * EACH[ledger]
    ]
    return max(found, key=lambda one: one.at_least, default=None)


BOOK = Rulebook("points-recognition", "recognition", SHIPPED, faults=faults, read=read)
