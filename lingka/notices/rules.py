"""What a notice must hold, how its words are filled in, how it is read out. Pure."""

import re
import string
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.problems import Problem

KINDS = {"outage": _("Outage"), "danger": _("Danger"), "works": _("Works")}
PICTURES = {"outage": "other", "danger": "safety", "works": "road"}
VARIABLES = ("where", "from", "until", "unit")
WITHDRAWN = {
    "sooner": _("It is over sooner than planned."),
    "mistake": _("It was published by mistake."),
    "replaced": _("Another notice stands in its place."),
}
TAKEN_BACK = "withdrawn"
WITH_CASE = {  # by the state in which its case ended; "case" for every other
    "case": _("The matter is settled: somebody else has checked it."),
    TAKEN_BACK: _("Whoever reported the matter took it back."),
    "declined": _("The matter was not taken up."),
}
LONGEST = {"title": 80, "text": 600}
LONGEST_RUN = timedelta(days=92)
MOST_TARGETS = 60

BEGINNING = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")

Texts = Mapping[str, str]


def languages() -> list[str]:
    """Codes of the languages that every notice is written in."""
    return [code for code, _name in settings.LANGUAGES]


def fields(text: str) -> set[str] | None:
    """The variables in a text; None where its brackets do not match."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return None
    plain = all(not spec and not turned for _text, name, spec, turned in parsed if name is not None)
    return {name for _text, name, _s, _t in parsed if name is not None} if plain else None


def faults(name: str, texts: Any) -> Iterator[tuple[str, Any]]:
    """(field, what is wrong) with one text in all languages."""
    found: dict[str, set[str] | None] = {}
    for code in languages():
        words = texts.get(code) if isinstance(texts, Mapping) else None
        if not isinstance(words, str) or not words.strip():
            yield f"{name}_{code}", _("Write this in all three languages.")
            continue
        if len(words) > LONGEST[name]:
            yield f"{name}_{code}", _too_long(name)
        found[code] = fields(words)
        yield from _unknown(f"{name}_{code}", found[code])
    yield from _uneven(name, found)


def _too_long(name: str) -> Any:
    return _("This is too long: at most %(limit)s characters.") % {"limit": LONGEST[name]}


def _unknown(field: str, used: set[str] | None) -> Iterator[tuple[str, Any]]:
    known = ", ".join(f"{{{one}}}" for one in VARIABLES)
    if used is None:
        yield field, _("A curly bracket is left open or holds too much.")
    elif used - set(VARIABLES):
        yield field, _("Only these can be filled in: %(known)s.") % {"known": known}


def _uneven(name: str, found: Mapping[str, set[str] | None]) -> Iterator[tuple[str, Any]]:
    """Who reads one language must not be told less than who reads another."""
    sets = {code: used for code, used in found.items() if used is not None}
    everything = set().union(*sets.values())
    for code, used in sets.items():
        if missing := sorted((everything - used) & set(VARIABLES)):
            said = _("The other languages also say %(names)s.")
            yield f"{name}_{code}", said % {"names": ", ".join(f"{{{one}}}" for one in missing)}


def check(title: Any, text: Any) -> None:
    """Raise Problem "words" (422) beside the first field that does not do."""
    for name, texts in (("title", title), ("text", text)):
        for field, message in faults(name, texts):
            raise Problem("words", message, field=field, status=422)


def check_template(body: Mapping[str, Any]) -> None:
    """Raise Problem (422) where a template would make no whole notice."""
    if body.get("kind") not in KINDS:
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    hours = body.get("hours")
    if not isinstance(hours, int) or not 1 <= hours <= LONGEST_RUN.days * 24:
        raise Problem(
            "hours", _("Say in hours how long it usually takes."), field="hours", status=422
        )
    check(body.get("title"), body.get("text"))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in; a sentence that begins with it begins with a capital."""
    said = " ".join(text.format_map({name: values.get(name, "") for name in VARIABLES}).split())
    return BEGINNING.sub(lambda found: found.group().upper(), said)


def spoken(frame: Mapping[str, str], values: Mapping[str, str]) -> str:
    """What a loudspeaker or the radio says: the call, the notice, and once more what matters."""
    parts = ["attention", "said", "again", *(["call"] if values.get("phone") else [])]
    return "".join(frame[part].format_map(values) for part in parts)
