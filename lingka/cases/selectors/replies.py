"""Standard replies: shipped data and the town's own, in the language that the resident reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import get_language

from lingka.areas import selectors as areas
from lingka.cases.models import Case
from lingka.cases.selectors.rows import type_of, unit_name
from lingka.core import datafiles, saying
from lingka.core.codes import pretty
from lingka.core.text import pick
from lingka.desks import rules
from lingka.desks import selectors as desks

_FILE = Path(__file__).resolve().parent.parent / "replies.yaml"


@dataclass(frozen=True)
class Reply:
    key: str
    title: str
    text: str
    actions: tuple[str, ...]


def shipped() -> dict[str, dict[str, Any]]:
    """What comes with the package, by key."""
    return {
        one["key"]: {"title": one["title"], "text": one["text"], "for": one["for"]}
        for one in datafiles.read(_FILE)
    }


def bodies() -> dict[str, Mapping[str, Any]]:
    """Every reply that is offered, by key: the town's own in the place of what is shipped."""
    own = {key: one.body for key, one in desks.replies().items()}
    return {key: body for key, body in (shipped() | own).items() if body}


def taken_down() -> dict[str, Mapping[str, Any]]:
    """What is offered no more, by key, as it last read."""
    said = shipped() | {
        key: next((one.body for one in reversed(versions) if one.body), {})
        for key, versions in desks.reply_history().items()
        if key not in shipped() or any(one.body for one in versions)
    }
    offered = bodies()
    return {key: body for key, body in said.items() if body and key not in offered}


def standard_replies(language: str, case: Case | None = None) -> list[Reply]:
    """Titles for the desk in its own language, texts in the resident's, filled for the case."""
    values = {}
    if case is not None:
        with translation.override(language or get_language()):
            values = _values(case)
    return [
        Reply(key, pick(body["title"]), rules.fill(pick(body["text"], language), values),
              tuple(body["for"]))
        for key, body in bodies().items()
    ]  # fmt: skip


def _values(case: Case) -> dict[str, str]:
    place = areas.places([case.place_id]).get(case.place_id) if case.place_id else None
    return {
        "code": pretty(case.number),
        "type": type_of(case).name,
        "place": pick(place.name) if place else "",
        "unit": unit_name(case.lead_unit_id),
        "due": saying.moment(case.due_at) if case.due_at else "",
    }
