"""Likeness of words, in any of the installation's languages; pure functions.

Chinese is cut into words, Tibetan at the tsheg, everything else at its spaces. Two texts are as
alike as the angle between their counts of words and pairs of words is small.
"""

import math
import re
import unicodedata
from collections import Counter
from itertools import pairwise

import h3
import rjieba

RESOLUTION = 9  # a cell is some 350 m across
ALIKE = 0.18  # below this, two texts near each other are taken to be about different things

_RUNS = re.compile(
    r"(?P<han>[\u3400-\u9fff]+)|(?P<tibetan>[\u0f00-\u0fff]+)|(?P<other>[^\W_]+)", re.UNICODE
)
_TIBETAN_SYLLABLE = re.compile(r"[\u0f40-\u0fbc\u0f20-\u0f33]+")
_EMPTY = frozenset("的了在是我有和就不人都一个上也很到说要去你会着没有看好自己这那吗呢啊请们您")


def tokens(text: str) -> list[str]:
    """Return the words of a text, in order; particles that say nothing are left out."""
    found: list[str] = []
    for run in _RUNS.finditer(unicodedata.normalize("NFC", text.lower())):
        piece = run.group()
        if run.lastgroup == "han":
            found += [word for word in rjieba.cut(piece) if word not in _EMPTY]
        elif run.lastgroup == "tibetan":
            found += _TIBETAN_SYLLABLE.findall(piece)
        elif not piece.isdecimal():
            found.append(piece)
    return found


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count words and pairs of neighbouring words."""
    words = tokens(text)
    return Counter([(word,) for word in words] + list(pairwise(words)))


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are: 0 nothing in common, 1 the same."""
    a, b = shingles(one), shingles(other)
    shared = sum(count * b[key] for key, count in a.items())
    if not shared:
        return 0.0
    length = math.sqrt(sum(n * n for n in a.values())) * math.sqrt(sum(n * n for n in b.values()))
    return shared / length


def scripts(text: str) -> frozenset[str]:
    """Return which writing a text is in: words in different ones cannot be compared."""
    return frozenset(str(run.lastgroup) for run in _RUNS.finditer(text))


def comparable(one: str, other: str) -> bool:
    """Whether likeness says anything: both have words, and in a common writing."""
    return bool(scripts(one) & scripts(other))


def cell(lon: float, lat: float) -> int:
    """Return the H3 cell that a case is filed under for nearness."""
    return int(h3.str_to_int(h3.latlng_to_cell(lat, lon, RESOLUTION)))


def around(cell_: int) -> list[int]:
    """A cell and those around it."""
    return sorted(h3.str_to_int(name) for name in h3.grid_disk(h3.int_to_str(cell_), 1))


def cells_near(lon: float, lat: float, ring: int = 1) -> list[int]:
    """Return the cell of a point and those around it."""
    centre = h3.latlng_to_cell(lat, lon, RESOLUTION)
    return sorted(h3.str_to_int(name) for name in h3.grid_disk(centre, ring))
