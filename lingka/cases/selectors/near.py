"""Units and areas around somebody's posts to choose from: the nearest first, and not all of a town.

A list of a thousand grids is none to choose from. What is not shown is counted, and found by a part
of its name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.units import selectors as units

MOST = 60


@dataclass(frozen=True)
class Near:
    """What can be chosen now, and how many more there are under the same words."""

    shown: Sequence[tuple[str, str]]
    more: int = 0


def units_near(posts: Iterable[PostInfo], sought: str = "", chosen: str = "") -> Near:
    """Units whose area holds that of a post, or lies in it: by steps of the tree, then by name."""
    paths = [post.area_path for post in posts]
    found: list[tuple[int, str, str]] = []
    for one in units.units():
        steps = [_steps(one.area_path, path) for path in paths if _meet(one.area_path, path)]
        if steps and (str(one.id) == chosen or fits(one.name, sought)):
            found.append((min(steps), pick(one.name), str(one.id)))
    return first([(key, name) for _far, name, key in sorted(found)], chosen)


def is_near(posts: Iterable[PostInfo], unit: str) -> bool:
    """Whether this is one of all that could be found."""
    return any(key == unit for key, _name in units_near(posts, chosen=unit).shown)


def areas_near(posts: Iterable[PostInfo], sought: str = "", chosen: str = "") -> Near:
    """A post's area and those below it, by path: the higher ones first where not all are shown."""
    found: dict[str, str] = {}
    for post in posts:
        for area in areas.areas_below(post.area_id):
            if area.path == chosen or fits(area.name, sought):
                found[area.path] = pick(area.name)
    near = first(sorted(found.items(), key=lambda pair: pair[0].count("/")), chosen)
    kept = dict(near.shown)
    return Near([pair for pair in found.items() if pair[0] in kept], near.more)  # as in the tree


def first(found: Sequence[tuple[str, str]], chosen: str) -> Near:
    """As many as are shown; what is chosen already is always among them."""
    last = [pair for pair in found[MOST:] if pair[0] == chosen]
    shown = [*found[: MOST - len(last)], *last]
    return Near(shown, len(found) - len(shown))


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _steps(one: str, other: str) -> int:
    return abs(one.count("/") - other.count("/"))


def fits(names: Mapping[str, str], sought: str) -> bool:
    """A part of its name in any language."""
    words = sought.strip().casefold()
    return not words or any(words in name.casefold() for name in names.values())
