"""What differs between two versions of something, place by place and word by word. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

# What is compared as one: a word of Latin script, a syllable of Tibetan, any other sign.
PIECES = re.compile(r"[A-Za-z0-9_]+|[\u0f40-\u0fbc]+|.", re.DOTALL)
LONGEST = 2000  # signs of a text that is compared word by word; beyond, as a whole

Piece = tuple[bool, str]  # whether it differs, and what it says


@dataclass(frozen=True)
class Difference:
    """One place where two versions differ; "" where there is nothing on one side."""

    place: str  # "actions · dispatch · by"
    before: str
    after: str

    def pieces(self) -> tuple[list[Piece], list[Piece]]:
        """Both sides, with what differs told apart."""
        if not self.before or not self.after or len(self.before) + len(self.after) > LONGEST:
            return _whole(self.before), _whole(self.after)
        old, new = PIECES.findall(self.before), PIECES.findall(self.after)
        left: list[Piece] = []
        right: list[Piece] = []
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            _add(left, "".join(old[a:b]), differs=kind != "equal")
            _add(right, "".join(new[c:d]), differs=kind != "equal")
        return left, right


def _whole(text: str) -> list[Piece]:
    return [(True, text)] if text else []


def _add(pieces: list[Piece], text: str, *, differs: bool) -> None:
    if text:
        pieces.append((differs, text))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every place that is new, gone or says something else, in the order of the new version."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    places = [*new, *(place for place in old if place not in new)]
    return [
        Difference(" · ".join(place), old.get(place, ""), new.get(place, ""))
        for place in places
        if old.get(place) != new.get(place)
    ]


def _leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping) and value:
        for key, one in value.items():
            yield from _leaves(one, (*place, str(key)))
    elif _listed(value):
        for at, one in enumerate(value, start=1):
            yield from _leaves(one, (*place, _named(one, at)))
    else:
        yield place, _said(value)


def _listed(value: Any) -> bool:
    """Lists of plain values are one value; others are looked into."""
    return isinstance(value, Sequence) and any(isinstance(one, Mapping | list) for one in value)


def _named(one: Any, at: int) -> str:
    """An entry is known by its key, name or number rather than by its place."""
    known = one if isinstance(one, Mapping) else {}
    found = next((known[name] for name in ("key", "name", "number") if name in known), at)
    return str(found if isinstance(found, str | int) else at)


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_said(one) for one in value) or "[]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, Mapping):
        return "—"
    return str(value)
