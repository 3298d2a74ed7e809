"""Standard replies: what one must hold, and how its variables are filled. Pure."""

import string
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.problems import Problem

LANGUAGES = ("zh-hans", "bo", "en")
ACTIONS = ("reply", "ask")  # what a reply may be offered for
VARIABLES = ("code", "type", "place", "unit", "due")
LONGEST = 1000
TITLE = 40


def check(body: Mapping[str, Any]) -> None:
    """Raise Problem "reply" beside the first field that doesn't do."""
    for field, message in faults(body):
        raise Problem("reply", message, field=field, status=422)


def faults(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(field, what is wrong) for everything wrong with a reply."""
    if not body.get("for") or not set(body["for"]) <= set(ACTIONS):
        yield "for", _("Say whether it answers or asks.")
    for name, longest in (("title", TITLE), ("text", LONGEST)):
        yield from _whole(name, body.get(name) or {}, longest)
    yield from _variables(body.get("text") or {})


def _whole(name: str, texts: Mapping[str, str], longest: int) -> Iterator[tuple[str, Any]]:
    for language in LANGUAGES:
        words = texts.get(language, "")
        if not words.strip():
            yield f"{name}_{language}", _("Write this in all three languages.")
        elif len(words) > longest:
            message = _("This is too long. At most %(most)d signs, please.")
            yield f"{name}_{language}", message % {"most": longest}


def _variables(texts: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Known ones only, and the same in every language: none of the readers misses anything."""
    found = {}
    for language in LANGUAGES:
        try:
            found[language] = variables(texts.get(language, ""))
        except ValueError:
            yield f"text_{language}", _("A bracket is open. Write a variable like {code}.")
            return
        unknown = sorted(found[language] - set(VARIABLES))
        if unknown:
            message = _("Nobody fills in {%(name)s}. There are: %(known)s.")
            known = ", ".join(f"{{{one}}}" for one in VARIABLES)
            yield f"text_{language}", message % {"name": unknown[0], "known": known}
            return
    for language in LANGUAGES[1:]:
        missing = sorted(found[LANGUAGES[0]] ^ found[language])
        if missing:
            message = _("{%(name)s} stands in one language and not in another.")
            yield f"text_{language}", message % {"name": missing[0]}


def variables(text: str) -> set[str]:
    """The names in brackets. ValueError where a bracket is open or holds more than a name."""
    found = set()
    for _literal, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(name)
        found.add(name)
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text for one case; what the case does not know stays to be written by hand: "…"."""
    try:
        return text.format_map({name: values.get(name) or "…" for name in VARIABLES})
    except (ValueError, KeyError, IndexError):
        return text
