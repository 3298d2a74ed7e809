"""One case as its desk page shows it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases import grades, permissions
from lingka.cases.events import BroughtIn, CaseActed
from lingka.cases.models import Case, Contact, Receipt, Stage
from lingka.cases.rows import state_of
from lingka.cases.selectors import answers, faces, flows, gatherings, kin, maps, whys
from lingka.cases.selectors.files import File, files_of
from lingka.cases.selectors.queues import types_like
from lingka.cases.selectors.rounds import done_anew_at
from lingka.cases.selectors.rows import area_name, said, title_of, type_of, unit_name
from lingka.cases.selectors.timeline import Entry, timeline
from lingka.core import clock, contents, saying
from lingka.core.actors import Actor
from lingka.core.clockviews import ClockView
from lingka.core.codes import pretty
from lingka.core.events import StoredEvent, history
from lingka.core.text import pick

HISTORY = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Said:
    text: str
    language: str
    note: str = ""


@dataclass(frozen=True)
class Before:
    """An earlier case of the same type in the same place."""

    code: str
    url: str
    title: str
    unit: str
    took: str
    month: str
    language: str = ""


@dataclass(frozen=True)
class CaseView:
    case: Case
    uuid: UUID
    number: str
    code: str
    title: str
    language: str
    type_line: str
    place_line: str
    channel: faces.Face
    urgent: bool
    state_label: str
    grade: str  # "hard: together"; empty in workflows without grades
    why: whys.Why
    said: list[Said]
    answers: list[str]
    photos: list[File]  # of the report: how it was
    after: list[File]  # of the result
    voices: list[File]
    timeline: list[Entry]
    clocks: list[ClockView]
    explanations: list[str]
    history: list[Before]
    history_heading: str
    map: maps.Map | None
    receipts: list[Receipt]
    version: int
    url: str
    print_url: str
    workflow_key: str
    family: kin.Family
    meetings: list[gatherings.Gathering]
    events: list[StoredEvent] = field(default_factory=list)


def find(number: str, actor: Actor, posts: Sequence[PostInfo]) -> Case | None:
    """The case with this number, if it concerns the actor; strangers learn nothing of it."""
    case = Case.objects.filter(number=number).first()
    if case is None or actor.kind != "user" or actor.id is None:
        return None
    return case if permissions.of_posts(state_of(case), actor.id, posts) else None


def case_brief(case_uuid: UUID, actor: Actor) -> Case | None:
    """The case's row, if it concerns the actor."""
    case = Case.objects.filter(uuid=case_uuid).first()
    if case is None or not permissions.relations(case, state_of(case), actor):
        return None
    return case


def case_page(
    case: Case, *, internal: bool = True, units_of: AbstractSet[int] = frozenset(), reader: int = 0
) -> CaseView:
    """Everything the page shows of a case that the caller has already been allowed to see."""
    now = clock.now()
    files = files_of(case)
    photos = [one for one in files if one.kind == "photo"]
    events = history(case.uuid)
    refs = [ref for ref in (case.words, case.location) if ref]
    words = contents.read([*refs, *answers.content_of(events)])
    spoken = words.get(case.words) if case.words else None
    title, language = title_of(case, spoken)
    receipts = list(Receipt.objects.filter(case=case).order_by("id"))
    location = (words.get(case.location) if case.location else None) or {}
    return CaseView(
        case=case,
        uuid=case.uuid, number=case.number, code=pretty(case.number),
        title=title, language=language,
        type_line=_type_line(case),
        place_line=_place_line(case, location),
        channel=faces.channel(case.channel),
        urgent=case.urgent, state_label=state_name(case),
        grade=_grade(case),
        why=_why(case, now, units_of, reader),
        said=_said(case, spoken, receipts),
        answers=answers.lines(type_of(case), events, words),
        **_pictures(photos, events),
        voices=[one for one in files if one.kind == "voice"],
        timeline=timeline(case, events, _by_sequence(photos), internal=internal),
        **_over_time(case, now),
        map=maps.around(case, location),
        receipts=receipts,
        version=case.version,
        url=reverse("cases:case", args=[case.number]),
        print_url=reverse("cases:print", args=[case.number]),
        workflow_key=flows.of(case).key,
        family=kin.family(case),
        meetings=gatherings.gatherings(case),
        events=events,
    )  # fmt: skip


def _pictures(photos: list[File], events: list[StoredEvent]) -> dict[str, Any]:
    """How it was, and how it is now."""
    return {"photos": _of_the_report(photos, events), "after": _of_the_result(photos, events)}


def _of_the_report(photos: list[File], events: list[StoredEvent]) -> list[File]:
    """Those that came with it; a phone sends them after its words."""
    apart = {e.sequence for e in events if isinstance(e.data, BroughtIn) and not e.data.action}
    return [photo for photo in photos if photo.sequence <= 1 or photo.sequence in apart]


def _of_the_result(photos: list[File], events: list[StoredEvent]) -> list[File]:
    """Those of the last time that whoever handles it passed it on, to be seen beside the others;
    none once that is to be done anew: it is not how it is now."""
    passed = [
        e
        for e in events
        if isinstance(e.data, CaseActed)
        and e.data.from_stage == Stage.HANDLING
        and e.data.to_state != e.data.from_state
    ]
    if not passed or passed[-1].sequence < done_anew_at(events):
        return []
    last = passed[-1]
    late = {
        e.sequence
        for e in events
        if isinstance(e.data, BroughtIn)
        and e.data.action == getattr(last.data, "action", "")
        and e.sequence > last.sequence
    }
    return [photo for photo in photos if photo.sequence in late | {last.sequence}]


def _why(case: Case, now: datetime, units_of: AbstractSet[int], reader: int) -> whys.Why:
    alike = whys.alike_counts([case]).get(case.pk, 0)
    return whys.why(case, now=now, alike=alike, units_of=units_of, reader=reader)


def _over_time(case: Case, now: datetime) -> dict[str, Any]:
    """Its clocks, what they come from, and what happened like it before."""
    return {
        "clocks": _clocks(case, now),
        "explanations": explanations(case),
        "history": _history(case, now),
        "history_heading": _("Same kind, same grid, the last year"),
    }


def _by_sequence(photos: list[File]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    for photo in photos:
        found.setdefault(photo.sequence, []).append(photo)
    return found


def _type_line(case: Case) -> str:
    info = type_of(case)
    return f"{info.group} › {info.name}" if info.group else info.name


def _place_line(case: Case, location: Mapping[str, Any]) -> str:
    place = areas.place(case.place_id) if case.place_id else None
    address = str(location.get("address") or "")
    parts = [area_name(case), pick(place.name) if place else "", address]
    return " · ".join(part for part in parts if part)


def state_name(case: Case) -> str:
    """The state's authored name in the workflow version that the case was opened with."""
    state = flows.of(case).states.get(case.state)
    return pick(state.label) if state else case.state


def _grade(case: Case) -> str:
    found = grades.of(flows.of(case), state_of(case))
    return pick(found.label) if found else ""


def _said(case: Case, value: Any, receipts: Sequence[Receipt]) -> list[Said]:
    text, language = said(value)
    if not text:
        return []
    followers = sum(receipt.kind == "follower" for receipt in receipts)
    note = ""
    if followers:
        note = _("%(count)d more residents follow this.") % {"count": followers}
    return [Said(text, language, note)]


def _clocks(case: Case, now: datetime) -> list[ClockView]:
    if case.stage == Stage.CLOSED:
        return []
    running = [(key, one) for key, one in case.clocks.items() if not one.get("stopped")]
    running.sort(key=lambda item: str(item[1].get("due")))
    bars = [faces.clock_face(case, key, one, now) for key, one in running]
    return [bar for bar in bars if bar is not None]


def explanations(case: Case) -> list[str]:
    """Why each running deadline is when it is: basis, length, calendar, pauses and extensions."""
    from lingka.cases.selectors.deadlines import explain_clock

    lines = []
    for key, one in case.clocks.items():
        text = explain_clock(case, key) if one else ""
        if text:
            lines.append(str(text))
    return lines


def _history(case: Case, now: datetime) -> list[Before]:
    """By the index on grids, newest first, and never further than a year or 200 rows back."""
    if case.grid_id is None:
        return []
    recent = Case.objects.filter(grid_id=case.grid_id, id__lt=case.pk).order_by("-id")[:200]
    same = types_like(case.case_type)
    found = [row for row in recent if row.case_type in same and row.opened_at > now - YEAR]
    words = contents.read([row.words for row in found[:HISTORY] if row.words])
    return [_before(row, words.get(row.words) if row.words else None) for row in found[:HISTORY]]


def _before(row: Case, words: Any) -> Before:
    title, language = title_of(row, words)
    took = ""
    if row.closed_at:
        span = saying.span(int((row.closed_at - row.opened_at).total_seconds()))
        took = _("took %(span)s") % {"span": span}
    return Before(
        code=pretty(row.number),
        url=reverse("cases:case", args=[row.number]),
        title=title,
        language=language,
        unit=unit_name(row.lead_unit_id),
        took=took or _("still open"),
        month=saying.day(row.opened_at),
    )


def contacts_of(receipts: Sequence[Receipt]) -> dict[int, bool]:
    """Which receipts left a contact, by receipt id, and whether a telephone is among it."""
    rows = Contact.objects.filter(receipt__in=receipts).values_list("receipt_id", "phone_mac")
    return {receipt: mac is not None for receipt, mac in rows}


def changes_since(case: Case, version: int) -> list[str]:
    """What happened after a version, for somebody who was still writing on that one."""
    events = [event for event in history(case.uuid) if event.sequence > version]
    return [
        f"{entry.title} · {entry.note}" for entry in timeline(case, events) if entry.kind == "past"
    ]


def last_step(case: Case) -> str:
    """The newest line of the timeline: what a message says has just happened."""
    past = [one for one in timeline(case, history(case.uuid)[-1:]) if one.kind == "past"]
    return past[-1].title if past else ""


__all__ = [
    "CaseView",
    "case_brief",
    "case_page",
    "changes_since",
    "contacts_of",
    "explanations",
    "find",
    "last_step",
    "state_name",
]
