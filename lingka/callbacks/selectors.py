"""Reads on calling back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lingka.callbacks import rules
from lingka.callbacks.models import Draw
from lingka.callbacks.rules import Turn
from lingka.cases.selectors import calls
from lingka.cases.selectors.calls import ToCall

WEEKS = 12


@dataclass(frozen=True)
class Waiting:
    """One case on a caller's list."""

    call: ToCall
    turn: Turn
    own: bool  # the caller's own unit was on it: somebody else calls


def waiting(desks: Iterable[int], units: frozenset[int], now: datetime) -> list[Waiting]:
    """Who is to be called from some desks; what is due first before."""
    return [
        Waiting(one, rules.turn(one, now), bool(one.units & units)) for one in calls.to_call(desks)
    ]


@dataclass(frozen=True)
class Lots:
    """One week as everybody sees it."""

    week: date
    counted: int
    share: int
    seed_hash: str
    seed: str  # "" while the week runs


def lots(now: datetime) -> list[Lots]:
    """The last weeks' lots, newest first."""
    this = rules.week_of(now)
    return [
        Lots(one.week, one.counted, one.share, one.seed_hash, one.seed if one.week < this else "")
        for one in Draw.objects.order_by("-week")[:WEEKS]
    ]
