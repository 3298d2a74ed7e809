"""What a reporter answered to the questions of the case type, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from lingka.cases.definitions import CaseTypeInfo
from lingka.cases.events import CaseOpened
from lingka.core.events import StoredEvent
from lingka.core.text import pick


def content_of(past: Sequence[StoredEvent]) -> list[UUID]:
    """The content row of the free answers, if there are any."""
    opened = past[0].data if past else None
    texts = opened.texts if isinstance(opened, CaseOpened) else ()
    return [UUID(one["content"]) for one in texts if one["name"] == "answers"]


def lines(info: CaseTypeInfo, past: Sequence[StoredEvent], texts: Mapping[UUID, Any]) -> list[str]:
    """One line a question that was answered: its label and the answer; erased ones are gone."""
    opened = past[0].data if past else None
    if not isinstance(opened, CaseOpened):
        return []
    given = dict(opened.attributes)
    for ref in content_of(past):
        given |= texts.get(ref) or {}
    return [
        f"{pick(question['label'])}: {_shown(question, given[question['code']])}"
        for question in info.form
        if question["code"] in given
    ]


def _shown(question: Mapping[str, Any], given: Any) -> str:
    names = {one["key"]: pick(one["name"]) for one in question.get("options", ())}
    values = given if isinstance(given, list) else [given]
    return ", ".join(str(names.get(value, value)) for value in values)
