"""The levels of this installation's area tree, and what a code says about its area."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lingka.core import datafiles

SOURCE = Path(__file__).parent / "data" / "levels.yaml"


@dataclass(frozen=True)
class Level:
    """`rank` counts from the root; a code has `digits` signs, the first `own` name the area."""

    rank: int
    key: str
    digits: int
    own: int
    name: Mapping[str, str]

    def prefix(self, code: str) -> str:
        return code[: self.own]


@dataclass(frozen=True)
class Scheme:
    levels: tuple[Level, ...]
    grid: str
    place_kinds: Mapping[str, Mapping[str, str]]

    def level(self, key: str) -> Level | None:
        return next((level for level in self.levels if level.key == key), None)

    def above(self, level: Level) -> Level | None:
        return self.levels[level.rank - 1] if level.rank else None

    def of_code(self, code: str) -> Level | None:
        """The level that a code alone tells, None where it is no code."""
        if not code.isascii() or not code.isdigit():
            return None
        fitting = [level for level in self.levels if level.digits == len(code)]
        for level in fitting:
            if not code[level.own :].strip("0") and code[: level.own].strip("0"):
                return level
        return None

    def parent_code(self, code: str) -> str | None:
        """The code of the area above; None for a root or for no code."""
        level = self.of_code(code)
        above = self.above(level) if level else None
        return above.prefix(code).ljust(above.digits, "0") if above else None


def parse(body: Mapping[str, Any]) -> Scheme:
    levels = tuple(
        Level(rank, one["key"], one["digits"], one["own"], one["name"])
        for rank, one in enumerate(body["levels"])
    )
    return Scheme(levels, body["grid"], body["place_kinds"])


@cache
def scheme() -> Scheme:
    """The scheme of this installation."""
    return parse(datafiles.read(SOURCE))
