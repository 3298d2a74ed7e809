"""Does a guide hold together? Whole in every language, with a source and a date."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.problems import Problem

LANGUAGES = ("zh-hans", "bo", "en")
KINDS = ("answer", "service")
WHOLE = ("title", "answer", "source")  # needed in every language
PARTLY = ("takes", "fee", "where")  # where given, then in every language
MOST_WORDS = 4000


def check(body: Mapping[str, Any]) -> None:
    """Raise Problem "guide" beside the first field that doesn't do."""
    for field, message in faults(body):
        raise Problem("guide", message, field=field, status=422)


def faults(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(field, what is wrong) for everything wrong with a guide."""
    if body.get("kind") not in KINDS:
        yield "kind", _("Choose whether this is an answer or a service.")
    for name in WHOLE:
        yield from _texts(name, body.get(name))
    for name in PARTLY:
        if body.get(name):
            yield from _texts(name, body[name])
    for paper in body.get("papers", ()):
        yield from _texts("papers", paper)
    if not _is_day(body.get("source_date")):
        yield "source_date", _("Say of which day the source is, as in 2026-03-01.")


def _texts(name: str, texts: Any) -> Iterator[tuple[str, Any]]:
    for language in LANGUAGES:
        words = texts.get(language) if isinstance(texts, Mapping) else None
        if not isinstance(words, str) or not words.strip():
            yield f"{name}_{language}", _("Write this in all three languages.")
        elif len(words) > MOST_WORDS:
            yield f"{name}_{language}", _("This is too long. At most 4,000 characters, please.")


def _is_day(text: Any) -> bool:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return True
