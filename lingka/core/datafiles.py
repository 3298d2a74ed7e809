"""Data files that come with the package, each parsed once in a process: none changes in it."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# libyaml's loader reads the same language some ten times as fast, where it is built in.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """What a YAML file of the package says, as a copy that the caller may change."""
    return deepcopy(_parsed(path))


@cache
def _parsed(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
