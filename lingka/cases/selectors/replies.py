"""Standard replies: data in three languages, offered in the language the resident reads."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lingka.core import datafiles
from lingka.core.text import pick

_FILE = Path(__file__).resolve().parent.parent / "replies.yaml"


@dataclass(frozen=True)
class Reply:
    key: str
    title: str
    text: str
    actions: tuple[str, ...]


@cache
def _seed() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = datafiles.read(_FILE)
    return loaded


def standard_replies(language: str) -> list[Reply]:
    """Titles for the desk in its own language, texts in the resident's."""
    return [
        Reply(one["key"], pick(one["title"]), pick(one["text"], language), tuple(one["for"]))
        for one in _seed()
    ]
