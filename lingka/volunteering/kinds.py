"""What needs may ask for: service kinds, and things that stand idle. Pure."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from lingka.core import datafiles
from lingka.members import rules as members
from lingka.members.rules import Kind

DATA = Path(__file__).parent / "data" / "resource_kinds.yaml"


@cache
def resources() -> Mapping[str, Kind]:
    body = datafiles.read(DATA)
    return {key: Kind(key, one["name"], one["picture"]) for key, one in body.items()}


@cache
def kinds() -> Mapping[str, Kind]:
    return {**members.kinds(), **resources()}


def choices(*, of: Mapping[str, Kind] | None = None) -> list[tuple[str, str]]:
    return [(one.key, one.name) for one in (kinds() if of is None else of).values()]
