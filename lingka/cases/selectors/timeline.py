"""What happened to a case, told from its events: one sentence a step, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.accounts import selectors as accounts
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import faces, flows
from lingka.cases.selectors.rows import said, unit_name
from lingka.core import contents, saying
from lingka.core.events import StoredEvent
from lingka.core.text import pick

INTERNAL = frozenset({"note"})  # actions whose words never leave the staff


@dataclass(frozen=True)
class Entry:
    kind: str  # "past", "now", "next"
    title: str
    note: str = ""
    words: str = ""
    language: str = ""
    internal: bool = False
    photos: Sequence[Any] = field(default=())
    sequence: int = 0


def data_of(event: StoredEvent) -> dict[str, Any]:
    """An event's data as a plain dict."""
    return {one.name: getattr(event.data, one.name) for one in fields(event.data)}  # type: ignore[arg-type]


def contents_in(value: Any) -> Iterator[UUID]:
    """Every content id that event data refer to."""
    if isinstance(value, Mapping):
        if "content" in value and "hash" in value:
            yield UUID(str(value["content"]))
        else:
            for part in value.values():
                yield from contents_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from contents_in(part)


def timeline(
    case: Case,
    events: Sequence[StoredEvent],
    photos: Mapping[int, Sequence[Any]] | None = None,
    *,
    internal: bool = True,
) -> list[Entry]:
    """The past step by step, what it waits for now, and the way still ahead."""
    told = {id(event): data_of(event) for event in events}
    words = contents.read(ref for data in told.values() for ref in contents_in(data))
    known = _Known(words, accounts_of(events), photos or {})
    entries = [_entry(case, event, told[id(event)], known) for event in events]
    shown = [entry for entry in entries if internal or not entry.internal]
    return [*shown, *_ahead(case)]


@dataclass(frozen=True)
class _Known:
    """What was read once for all lines of a story."""

    words: Mapping[UUID, Any]
    who: Mapping[int, str]
    photos: Mapping[int, Sequence[Any]]


def _entry(case: Case, event: StoredEvent, data: dict[str, Any], known: _Known) -> Entry:
    action = str(data.get("action", ""))
    title = headline(case, event, data)
    texts = [said(known.words[ref]) for ref in _spoken(data) if ref in known.words]
    text, language = next(((t, lang) for t, lang in texts if t), ("", ""))
    if event.sequence == 1:
        text = ""  # the resident's words stand at the top of the page
    return Entry(
        kind="past",
        title=title,
        note=" · ".join(part for part in _notes(event, data, known.who) if part),
        words=text,
        language=language,
        internal=action in INTERNAL or data.get("audience") == "staff",
        photos=known.photos.get(event.sequence, ()) if event.sequence > 1 else (),
        sequence=event.sequence,
    )


def _spoken(data: Mapping[str, Any]) -> Iterable[UUID]:
    return contents_in({key: value for key, value in data.items() if key not in _NOT_WORDS})


_NOT_WORDS = frozenset({"location", "contact"})


def headline(case: Case, event: StoredEvent, data: Mapping[str, Any]) -> str:
    kind = event.type.rpartition(".")[2]
    if kind == "CaseOpened":
        channel = faces.channel(str(data.get("channel", case.channel)))
        return _("Reported: %(channel)s") % {"channel": channel.label}
    if kind == "ClockWarned":
        return _("Soon due: %(clock)s") % {"clock": faces.clock_name(str(data.get("clock", "")))}
    if kind == "ClockBreached":
        return _("Ran out: %(clock)s") % {"clock": faces.clock_name(str(data.get("clock", "")))}
    if kind == "CaseFollowed":
        return _("Another resident follows it: “me too”")
    action = str(data.get("action", ""))
    known = flows.of(case).actions.get(action)
    pattern = pick(known.done) if known else str(event.data.label)
    return pattern.replace("{unit}", _unit(case, data))


def _unit(case: Case, data: Mapping[str, Any]) -> str:
    for place in (data, data.get("changes") or {}, data.get("given") or {}):
        for key in ("unit", "unit_id", "lead_unit", "lead_unit_id"):
            value = place.get(key) if isinstance(place, Mapping) else None
            if isinstance(value, int):
                return unit_name(value)
    return unit_name(case.lead_unit_id) or _("the lead unit")


def _notes(event: StoredEvent, data: Mapping[str, Any], who: Mapping[int, str]) -> Iterator[str]:
    yield saying.when(event.occurred_at)
    actor = event.actor
    if actor.get("kind") == "user":
        yield who.get(int(actor.get("post") or 0), "")
    elif actor.get("kind") == "system":
        yield _("by itself")
    reason = data.get("reason_label")
    if isinstance(reason, str):
        yield reason


def accounts_of(events: Iterable[StoredEvent]) -> dict[int, str]:
    """Unit names by post: staff are shown as the unit they speak for."""
    posts = {int(event.actor["post"]) for event in events if event.actor.get("post")}
    found = accounts.posts(posts) if posts else {}
    return {key: unit_name(post.unit_id) for key, post in found.items()}


_STEPS: tuple[tuple[str, str | Promise], ...] = (
    (Stage.INTAKE, gettext_lazy("accept")),
    (Stage.DISPATCH, gettext_lazy("choose a unit")),
    (Stage.HANDLING, gettext_lazy("get it done")),
    (Stage.VERIFICATION, gettext_lazy("somebody else checks, the resident rates")),
    (Stage.CLOSED, gettext_lazy("close")),
)


def _ahead(case: Case) -> list[Entry]:
    if case.stage == Stage.CLOSED:
        return []
    due = _due_note(case.due_at) if case.due_at else ""
    state = flows.of(case).states.get(case.state)
    now = Entry("now", pick(state.waits or state.label) if state else _("On its way"), due)
    stages = [stage for stage, _text in _STEPS]
    at = stages.index(case.stage) if case.stage in stages else 2
    following = [str(text) for _stage, text in _STEPS[at + 1 :]]
    return [now, Entry("next", " → ".join(following))] if following else [now]


def _due_note(due: datetime) -> str:
    return _("until %(when)s") % {"when": saying.when(due)}
