"""What happened to a case, told from its events: one sentence a step, in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases.events import ColleaguesMentioned
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import faces, flows
from lingka.cases.selectors.rows import said, unit_name
from lingka.core import contents, saying
from lingka.core.codes import pretty
from lingka.core.events import StoredEvent
from lingka.core.text import pick


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


def timeline(
    case: Case,
    events: Sequence[StoredEvent],
    photos: Mapping[int, Sequence[Any]] | None = None,
    *,
    internal: bool = True,
) -> list[Entry]:
    """The past step by step, what it waits for now, and the way still ahead."""
    told = [(event, data_of(event)) for event in events]
    refs = [UUID(one["content"]) for _event, data in told for one in data.get("texts", ())]
    words = contents.read(refs)
    entries = [_entry(case, event, data, words, photos or {}) for event, data in told]
    shown = [entry for entry in entries if internal or not entry.internal]
    return [*shown, *_ahead(case)]


def _entry(
    case: Case,
    event: StoredEvent,
    data: dict[str, Any],
    words: Mapping[UUID, Any],
    photos: Mapping[int, Sequence[Any]],
) -> Entry:
    first = event.sequence == 1  # the resident's words and photos stand at the top of the page
    texts = [] if first else [one for one in data.get("texts", ()) if one.get("content")]
    read = [said(words[UUID(one["content"])]) for one in texts if UUID(one["content"]) in words]
    return Entry(
        kind="past",
        title=headline(case, event, data),
        note=" · ".join(part for part in _notes(case, event, data) if part),
        words="\n".join(text for text, _language in read),
        language=next((language for _text, language in read if language), ""),
        internal=_internal(event, texts),
        photos=() if first else photos.get(event.sequence, ()),
        sequence=event.sequence,
    )


def _internal(event: StoredEvent, texts: Sequence[Mapping[str, Any]]) -> bool:
    if isinstance(event.data, ColleaguesMentioned) or getattr(event.data, "late", False):
        return True
    return bool(texts) and all(one.get("audience") == "staff" for one in texts)


def _names(users: Sequence[int]) -> list[str]:
    known = accounts.users(users)
    return [known[user].name for user in users if user in known]


OF_ANOTHER: dict[str, str | Promise] = {  # told of other residents, other cases
    "CaseFollowed": gettext_lazy("Another resident follows it: “me too”"),
    "CasesMerged": gettext_lazy("Joined with this: %(code)s"),
    "CasesParted": gettext_lazy("No longer joined with this: %(code)s"),
    "PartEnded": gettext_lazy("A part of it ended: %(code)s"),
    "CouncilEnded": gettext_lazy("The council is done with it: %(code)s"),
    "CouncilGoesOn": gettext_lazy("The council takes it up again: %(code)s"),
}


def headline(case: Case, event: StoredEvent, data: Mapping[str, Any]) -> str:
    kind = event.type.rpartition(".")[2]
    if kind == "CaseOpened":
        channel = faces.channel(str(data.get("channel", case.channel)))
        return _("Reported: %(channel)s") % {"channel": channel.label}
    if kind == "ClockWarned":
        return _("Soon due: %(clock)s") % {"clock": faces.clock_name(str(data.get("clock", "")))}
    if kind == "ClockBreached":
        return _breach(data)
    if kind == "ColleaguesMentioned":
        return _("Told: %(names)s") % {"names": saying.listed(_names(data["users"]))}
    if kind in OF_ANOTHER:
        return str(OF_ANOTHER[kind]) % {"code": pretty(str(data.get("number", "")))}
    return _brought(case, data) if kind == "BroughtIn" else _acted(case, event, data)


def _acted(case: Case, event: StoredEvent, data: Mapping[str, Any]) -> str:
    action = str(data.get("action", ""))
    known = flows.of(case).actions.get(action)
    told = pick(known.done) if known else str(event.data.label)
    unit = unit_name((data.get("given") or {}).get("unit"))
    return _("%(done)s: %(unit)s") % {"done": told, "unit": unit} if unit else told


def _brought(case: Case, data: Mapping[str, Any]) -> str:
    """Files that came apart from their words, or what a worker did that no longer fitted."""
    if not data["action"]:
        return _("Photos of the report")
    known = flows.of(case).actions.get(data["action"])
    done = pick(known.done) if known else data["action"]
    if data["late"]:
        return _("Done without a network, came too late: %(done)s") % {"done": done}
    return _("Photos: %(done)s") % {"done": done}


def _breach(data: Mapping[str, Any]) -> str:
    """Which deadline passed, and from the second telling on to whose desk it climbed."""
    said = {"clock": faces.clock_name(str(data.get("clock", "")))}
    if not data.get("level"):
        return _("Ran out: %(clock)s") % said
    above = pick(areas.area(int(data["area"])).name)
    return _("Still run out: %(clock)s, told to %(area)s") % {**said, "area": above}


def _notes(case: Case, event: StoredEvent, data: Mapping[str, Any]) -> Iterator[str]:
    """When, who (as the unit they speak for), and what was chosen from a list."""
    yield saying.when(event.occurred_at)
    kind = event.actor.get("kind")
    if kind == "system":
        yield _("by itself")
    elif kind == "user":
        yield unit_name(data.get("unit")) or _("staff")
    elif kind == "link":
        yield _("%(unit)s, by its link") % {"unit": unit_name(data.get("unit"))}
    elif kind == "resident":
        yield _("the resident")
    elif kind == "member":
        yield _("a volunteer")
    if data.get("percent"):
        yield _("%(percent)d %% of the time has passed") % {"percent": data["percent"]}
    yield from _chosen(case, data)
    yield from _judged(case, data)
    yield _graded(case, data)


def _chosen(case: Case, data: Mapping[str, Any]) -> Iterator[str]:
    given = data.get("given") or {}
    action = flows.of(case).actions.get(str(data.get("action", "")))
    for need in action.needs if action else ():
        value = given.get(need.name)
        if need.kind == "choice":
            yield next((pick(names) for key, names in need.options if key == value), "")
        elif need.kind == "checks" and value:
            held = (pick(names) for key, names in need.options if key in value)
            yield _("checked: %(what)s") % {"what": saying.apart(held)}
        elif need.kind == "time" and isinstance(value, str):
            yield _("for %(when)s") % {"when": saying.moment(datetime.fromisoformat(value))}
        elif need.kind == "helpers" and value:
            yield _("there: %(units)s") % {"units": saying.listed(map(unit_name, value))}
        elif need.kind == "case" and value:
            yield pretty(str(value))
        elif need.kind in {"moment", "date"} and isinstance(value, str):
            yield _("until %(when)s") % {"when": saying.day(datetime.fromisoformat(value))}


def _judged(case: Case, data: Mapping[str, Any]) -> Iterator[str]:
    """What one side of a call says of the other."""
    if data.get("action") not in JUDGES:
        return
    given = data.get("given") or {}
    for need in flows.of(case).actions[data["action"]].needs:
        if need.kind == "helper" and need.name in given:
            yield unit_name(given[need.name])
        elif need.kind == "flag" and need.name in given:
            said = _("That is so") if given[need.name] else _("That is not so")
            yield f"{pick(need.label)} {said}"


def _graded(case: Case, data: Mapping[str, Any]) -> str:
    """At which grade it is handled from here on, and what made it climb."""
    facts = (data.get("changes") or data.get("state") or {}).get("facts", {})
    named = (one for one in flows.of(case).grades if one.key == facts.get("grade"))
    grade = next(named, None)
    if grade is None:
        return ""
    said = {"grade": pick(grade.label), "why": GRADED.get(facts.get("graded", ""), "")}
    return _("from here on “%(grade)s”: %(why)s") % said


JUDGES = frozenset({"rate_unit", "rate_call"})


GRADED: dict[str, str | Promise] = {
    "late": gettext_lazy("its time has passed"),
    "redone": gettext_lazy("it had to be redone"),
    "refused": gettext_lazy("units handed it back"),
    "grids": gettext_lazy("several grids are touched"),
    "hand": gettext_lazy("somebody saw that it needs more"),
    "kind": gettext_lazy("such matters need several units"),
}


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
