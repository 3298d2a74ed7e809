"""Messages from data: which event says what to whom, in the reader's language. Pure."""

import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from lingka.core import datafiles

FILE = Path(__file__).parent / "data" / "messages.yaml"
VARIABLES = frozenset({"type", "number", "unit", "due", "link", "code", "what", "why"})
SUBJECT = 60  # characters


@cache
def data() -> dict[str, Any]:
    """The checked file: every text whole, with known variables only."""
    loaded: dict[str, Any] = datafiles.read(FILE)
    for key, texts in loaded["texts"].items():
        for code, _name in settings.LANGUAGES:
            unknown = set(fields(texts[code])) - VARIABLES
            if unknown:
                raise ValueError(f"{key}/{code}: unknown {sorted(unknown)}")
    return loaded


def fields(text: str) -> list[str]:
    return [name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name]


def for_resident(action: str, from_state: str, to_state: str) -> str | None:
    """Which text tells a resident of an action; None where it is nothing to them."""
    residents = data()["residents"]
    if action in residents["actions"]:
        return str(residents["actions"][action])
    if from_state != to_state and to_state in residents["states"]:
        return str(residents["states"][to_state])
    return None


def render(key: str, language: str, values: Mapping[str, str]) -> str:
    """The whole message; a variable without a value leaves nothing behind."""
    texts = data()["texts"][key]
    text = texts.get(language) or texts[settings.LANGUAGE_CODE]
    filled = text.format_map({name: values.get(name, "") for name in VARIABLES})
    return " ".join(filled.split())


def subject(body: str, link: str) -> str:
    """A title from the message itself, without its link."""
    short = body.replace(link, "").strip(" :：") if link else body
    return short if len(short) <= SUBJECT else f"{short[: SUBJECT - 1]}…"
