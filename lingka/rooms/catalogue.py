"""Kinds of stations, whom they serve and what they have: data files of the package."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from lingka.core import datafiles
from lingka.core.text import pick

DATA = Path(__file__).parent / "data"
EVERYBODY = "everybody"
Names = Mapping[str, Mapping[str, str]]


@cache
def _read(name: str) -> Names:
    found: Names = datafiles.read(DATA / f"{name}.yaml")
    return found


def kinds() -> Names:
    return _read("kinds")


def audiences() -> Names:
    return _read("audiences")


def equipment() -> Names:
    return _read("equipment")


def choices(names: Names) -> list[tuple[str, str]]:
    """For forms, in the language that is on."""
    return [(key, pick(name)) for key, name in names.items()]


def said(keys: Sequence[str], names: Names) -> list[str]:
    """The words for these keys; one that is no longer in the file is as it was written."""
    return [pick(names[key]) if key in names else key for key in keys]
