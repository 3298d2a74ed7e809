"""Which area a text names, for reports that tell where they are in words only."""

import re
from collections.abc import Iterable
from posixpath import commonpath

from lingka.areas.cache import AreaInfo

SHORTEST = 2  # letters of a name that is looked for inside a text
CODE = re.compile(r"\d+")
LATIN = re.compile(r"[0-9a-z]")


def best(text: str, areas: Iterable[AreaInfo]) -> str:
    """The path of the area that a text speaks of, "" where it names none.

    The deepest one named together with most of those above it wins: “North District, Well Lane”
    is the Well Lane of that district. Two that fit alike leave what both lie in.
    """
    said = text.casefold()
    numbers = set(CODE.findall(said))
    named = [
        one.path
        for one in areas
        if one.code in numbers or any(_holds(said, name) for name in one.name.values())
    ]
    scores = {path: sum(path.startswith(above) for above in named) for path in named}
    most = max(scores.values(), default=0)
    fitting = [path for path, score in scores.items() if score == most]
    return f"{commonpath(fitting)}/" if fitting else ""


def _holds(text: str, name: str) -> bool:
    """Whether a name stands in a text; in Latin letters only as whole words."""
    name = name.strip().casefold()
    if len(name) < SHORTEST or name not in text:
        return False
    if not LATIN.search(name):
        return True
    return bool(re.search(rf"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])", text))
