"""A definition of the rates as typed values, read from activated data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lingka.core import datafiles
from lingka.insight.measures import Tally, count

SHIPPED = Path(__file__).parent / "data" / "rates.yaml"
ORDERED = ("rates", "appeals")
Names = Mapping[str, str]


@dataclass(frozen=True)
class Rate:
    """One share: cases that `counts` counts, of those that `of` counts, with what stands beside."""

    key: str
    label: Names
    means: Names
    counts: str
    of: str
    beside: tuple[str, ...]

    def parts(self, tally: Tally) -> tuple[int, int]:
        """Numerator and denominator."""
        return count(self.counts, tally), count(self.of, tally)


@dataclass(frozen=True)
class AppealKind:
    key: str
    label: Names
    grounds: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """A version of the rates."""

    id: int
    number: int
    valid_from: date
    name: Names
    left_out: Mapping[str, Names]  # by the state in which a case ended
    said: Mapping[str, str]  # actions that tell the resident's answer: "solved", "not_solved"
    several: Mapping[str, str]  # of "solved" and "satisfied": "all" or "majority"
    satisfied: frozenset[str]
    rates: tuple[Rate, ...]
    weights: Mapping[str, int]
    minimum: int
    appeal_days: int
    appeals: tuple[AppealKind, ...]
    grounds: Mapping[str, Names]
    source: Names

    def weighed(self, tally: Tally) -> float | None:
        """The rates by their weights; None where one of them cannot be made."""
        total = 0.0
        for rate in self.rates:
            if rate.key in self.weights:
                numerator, denominator = rate.parts(tally)
                if denominator < self.minimum:
                    return None
                total += self.weights[rate.key] * numerator / denominator
        return total / sum(self.weights.values())

    def reason(self, code: str) -> Names:
        """What a case was left out for, by its code."""
        return self.left_out.get(code) or self.grounds.get(code) or {"en": code}

    def appeal(self, kind: str) -> AppealKind | None:
        return next((one for one in self.appeals if one.key == kind), None)


def definition(body: Mapping[str, Any], id_: int = 0, number: int = 0) -> Definition:
    """Read a definition; KeyError for a shape that the checker would name."""
    return Definition(
        id=id_, number=number, valid_from=date.fromisoformat(body["valid_from"]),
        name=body["name"], left_out=body["left_out"], said=body["said"],
        several=body["several"], satisfied=frozenset(body["satisfied"]),
        rates=tuple(_rate(key, body["rates"][key]) for key in body["order"]["rates"]),
        weights=body["weights"], minimum=body["minimum"], appeal_days=body["appeal_days"],
        appeals=tuple(
            AppealKind(key, body["appeals"][key]["label"], tuple(body["appeals"][key]["grounds"]))
            for key in body["order"]["appeals"]
        ),
        grounds=body["grounds"], source=body.get("source", {}),
    )  # fmt: skip


def _rate(key: str, raw: Mapping[str, Any]) -> Rate:
    return Rate(key, raw["label"], raw["means"], raw["counts"], raw["of"], tuple(raw["beside"]))


@cache
def shipped() -> dict[str, Any]:
    """The version that comes with the package."""
    return plain(datafiles.read(SHIPPED))


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """Days as text, as JSON holds them; the order of parts, which the database forgets."""
    order = body.get("order") or {part: list(body.get(part, {})) for part in ORDERED}
    return {**body, "valid_from": str(body.get("valid_from", "")), "order": order}
