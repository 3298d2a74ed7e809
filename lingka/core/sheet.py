"""Content of the component sheet: what each component says in real use."""

from typing import Any


def sheet() -> dict[str, Any]:
    return {}
