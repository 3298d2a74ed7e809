"""What a receipt's holder may see: stages, units, times, replies; no names, nobody else's words."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.cases import receipts
from lingka.cases.clocks import moment
from lingka.cases.definitions import Action, Workflow
from lingka.cases.events import CaseActed, CaseOpened
from lingka.cases.models import Attachment, Case, Contact, ContactReading, Rating, Receipt
from lingka.cases.selectors import answers, catalogue, kin
from lingka.cases.selectors.deadlines import explain_clock
from lingka.cases.selectors.offers import offers_for
from lingka.cases.selectors.readings import readers
from lingka.cases.selectors.rounds import done_anew_at
from lingka.cases.selectors.ways import Past, Step, steps
from lingka.cases.serving import Stored
from lingka.core import contents, events
from lingka.core.actors import Actor
from lingka.core.events import StoredEvent
from lingka.core.text import pick

UNFINISHED = frozenset({"declined", "withdrawn"})
UNITS = frozenset({"user", "link", "member"})  # who speaks for a unit, with a post, link or claim


@dataclass(frozen=True)
class Reply:
    """A unit's public answer."""

    unit_id: int | None
    at: dt.datetime
    words: str
    lead: "Lead | None" = None  # of whoever was named to answer for it


@dataclass(frozen=True)
class Lead:
    """Who answers for a case by name, as its holder may know them: by their post."""

    unit: str
    role: str


@dataclass(frozen=True)
class ShownFile:
    """A photo or voice note that the holder may see."""

    uuid: UUID
    kind: str
    at: dt.datetime
    own: bool
    stands: bool = True  # not of an attempt that was done anew


@dataclass(frozen=True)
class Reading:
    """Somebody read the holder's contact."""

    at: dt.datetime
    user_id: int | None
    reason: str


@dataclass(frozen=True)
class StageView:
    """What a short code shows: the way and its times."""

    code: str
    steps: list[Step]
    unfinished: str


@dataclass(frozen=True)
class Asked:
    """A question of the rating that may stay without an answer."""

    name: str
    label: str
    options: list[tuple[str, str]]

    def takes(self, value: str) -> bool:
        return any(value == code for code, _label in self.options)


@dataclass(frozen=True)
class Verdict:
    """How the holder is asked whether it is done; "" where the workflow has no words of its own."""

    question: str = ""
    yes: str = ""
    not_yet: str = ""
    satisfied: bool = True  # is asked, too


@dataclass(frozen=True)
class ReceiptView:
    """One receipt, with its case as its holder may see it."""

    id: int
    uuid: UUID
    case_uuid: UUID
    case_id: int
    is_reporter: bool
    short_code: str
    created_at: dt.datetime
    case_type: str
    state: str
    stage: str
    waits: str  # what happens next, as the workflow says it to residents
    unfinished: str  # "declined" or "withdrawn": closed without having been done
    urgent: bool
    place_id: int | None
    grid_id: int | None
    lead_unit_id: int | None
    co_unit_ids: list[int]
    routing: dict[str, Any]
    clocks: dict[str, Any]
    explained: dict[str, str]  # why each clock is due when it is
    steps: list[Step]
    replies: list[Reply]
    question: str
    own_words: list[str]
    address: str
    photos: list[ShownFile]
    voices: list[ShownFile]
    rating: Rating | None
    has_contact: bool
    readings: list[Reading]
    rates: str = "rate"  # the action by which this holder answers
    verdict: Verdict = field(default_factory=Verdict)
    also_asked: list["Asked"] = field(default_factory=list)  # beside solved and satisfied
    can: frozenset[str] = field(default_factory=frozenset)
    parts: list[kin.Part] = field(default_factory=list)  # split off, each with its own unit
    councils: list[kin.Part] = field(default_factory=list)  # before which it was brought
    joined: bool = False  # reported apart, and merged with this case since
    left: bool = False  # took back their own part of it
    lead: Lead | None = None  # somebody was named to answer for it

    @property
    def before_and_after(self) -> list[list[ShownFile]]:
        """The holder's photos and the units', each a column; one where the other is empty."""
        own = [one for one in self.photos if one.own]
        return [part for part in (own, [one for one in self.photos if not one.own]) if part]

    @property
    def can_add(self) -> bool:
        return "add" in self.can

    @property
    def can_withdraw(self) -> bool:
        return "withdraw" in self.can

    @property
    def can_leave(self) -> bool:
        return "leave" in self.can

    @property
    def can_rate(self) -> bool:
        return self.rates in self.can

    @property
    def can_reopen(self) -> bool:
        return "reopen" in self.can


def _receipt(token: str) -> Receipt | None:
    found = Receipt.objects.select_related("case", "came_from").filter(
        token_hash=receipts.hash_of(token)
    )
    return found.first()


def receipt_by_token(token: str) -> ReceiptView | None:
    """Return what the holder of this token may see."""
    receipt = _receipt(token)
    if receipt is None:
        return None
    case = receipt.case
    past = events.history(case.uuid)
    texts = contents.read(wanted(case, past))
    before, parts = _before(receipt), kin.parts_of(case)
    councils = kin.councils_of(case)
    offers = offers_for(case, Actor("resident", receipt.id))
    return ReceiptView(
        id=receipt.id, uuid=receipt.uuid,
        is_reporter=receipt.kind == "reporter",
        short_code=receipt.short_code,
        created_at=receipt.created_at,
        **_standing(case),
        steps=steps(case, past),
        replies=all_replies(case, past, texts, [*parts, *councils]),
        parts=kin.shown_parts(parts),
        councils=kin.shown_parts(councils),
        own_words=[*before.words, *_own_words(case, past, texts, receipt)],
        address=_address(case, texts) if _opened(receipt, past) else before.address,
        question=_question(case, past, texts) if receipt.kind == "reporter" else "",
        **_by_kind([*before.files, *_shown(receipt, past)]),
        joined=receipt.came_from_id is not None,
        left=receipt.kind == "left",
        lead=_lead(case),
        rating=_rating(receipt),
        has_contact=Contact.objects.filter(receipt=receipt).exists(),
        readings=_readings(receipt),
        **_asked(case, [offer.key for offer in offers]),
        can=frozenset(offer.key for offer in offers if offer.state),
    )  # fmt: skip


def _rating(receipt: Receipt) -> Rating | None:
    """What this holder said last; not of a case that theirs was merged with for a while."""
    own = receipt.case.facts.get("rounds_before", 0)
    return Rating.objects.filter(receipt=receipt, round__gte=own).order_by("-id").first()


def _lead(case: Case) -> Lead | None:
    """The post of whoever was named, as it was then; officers are known by post and unit."""
    leader, asked = case.facts.get("leader"), case.clocks.get("lead_answer")
    if not leader:
        return None
    since = moment(asked["started"]) if asked else case.opened_at
    [(unit, role)] = readers([leader], [(leader, since)], case.area_path)
    return Lead(unit, role) if role else None


def _standing(case: Case) -> dict[str, Any]:
    """What it is, how it stands, who has it, and until when."""
    return {
        "case_uuid": case.uuid,
        "case_id": case.pk,
        "case_type": case.case_type,
        "state": case.state,
        "stage": case.stage,
        "waits": _waits(case),
        "unfinished": _unfinished(case),
        "urgent": case.urgent,
        "place_id": case.place_id,
        "grid_id": case.grid_id,
        "lead_unit_id": case.lead_unit_id,
        "co_unit_ids": _co_units(case),
        "routing": dict(case.facts.get("route") or {}),
        "clocks": dict(case.clocks),
        "explained": {key: explain_clock(case, key) for key in case.clocks},
    }


def _by_kind(seen: Sequence[ShownFile]) -> dict[str, Any]:
    return {f"{kind}s": [one for one in seen if one.kind == kind] for kind in ("photo", "voice")}


@dataclass(frozen=True)
class _Before:
    """What a holder had said in a case that was merged into the one they follow now."""

    words: Sequence[str] = ()
    address: str = ""
    files: Sequence[ShownFile] = ()


def _opened(receipt: Receipt, past: Past) -> bool:
    """Whether the report was this holder's: of a case handed over it was another's."""
    opened = past[0].data if past else None
    return isinstance(opened, CaseOpened) and opened.receipt == str(receipt.uuid)


def _before(receipt: Receipt) -> _Before:
    """Read only where there is such a case, and only by whoever reported it."""
    case = receipt.came_from
    past = events.history(case.uuid) if case else []
    if case is None or not _opened(receipt, past):
        return _Before()
    texts = contents.read(wanted(case, past))
    words = _own_words(case, past, texts, receipt)
    files = (_file(row, past, receipt) for row in _files_of(case))
    return _Before(words, _address(case, texts), [one for one in files if one.own])


def _asked(case: Case, offered: Sequence[str]) -> dict[str, Any]:
    """Of the actions that concern a holder, that which takes an answer ("" without any), and what
    it may be told beside "solved" and "satisfied"."""
    workflow = catalogue.workflow(case.workflow_id)
    known = workflow.actions
    key = next((key for key in offered if ("count_answer", None) in known[key].effects), "")
    needs = known[key].needs if key else ()
    more = [one for one in needs if one.kind == "choice" and one.name != "satisfied"]
    asked = [
        Asked(one.name, pick(one.label), [(code, pick(names)) for code, names in one.options])
        for one in more
    ]
    return {"rates": key, "also_asked": asked, "verdict": _verdict(workflow)}


def _verdict(workflow: Workflow) -> Verdict:
    rate = workflow.actions.get("rate")
    needs = {need.name: need for need in rate.needs} if rate else {}
    if "solved" not in needs or not needs["solved"].options:
        return Verdict()
    said = {key: pick(names) for key, names in needs["solved"].options}
    question = pick(needs["solved"].label)
    return Verdict(question, said.get("yes", ""), said.get("no", ""), "satisfied" in needs)


def _waits(case: Case) -> str:
    state = catalogue.workflow(case.workflow_id).states.get(case.state)
    return pick(state.waits) if state else ""


def _unfinished(case: Case) -> str:
    return case.state if case.state in UNFINISHED else ""


def _co_units(case: Case) -> list[int]:
    return [
        one["unit"] for one in case.assignments if one.get("kind") == "co" and not one.get("ended")
    ]


def _readings(receipt: Receipt) -> list[Reading]:
    rows = ContactReading.objects.filter(receipt=receipt).order_by("-id")
    return [Reading(row.read_at, row.user_id, _said_reason(row.reason)) for row in rows]


def _said_reason(reason: str) -> str:
    """What a reader wrote, or the words for what happens without anybody's writing."""
    if reason == ContactReading.PRESENTED:
        return _("You called, and your telephone showed the number that you had left.")
    return reason


def stage_by_short_code(code: str) -> StageView | None:
    """Return stage and times by a normalised short code, and nothing that says who or what."""
    receipt = Receipt.objects.select_related("case").filter(short_code=code).first()
    if receipt is None:
        return None
    case = receipt.case
    past = events.history(case.uuid)
    return StageView(receipt.short_code, steps(case, past), _unfinished(case))


def receipt_file(token: str, uuid: UUID, *, small: bool) -> Stored | None:
    """Return a file that the holder of this token may see."""
    view = receipt_by_token(token)
    if view is None or uuid not in {one.uuid for one in (*view.photos, *view.voices)}:
        return None
    row = Attachment.objects.select_related("blob", "thumbnail").get(uuid=uuid)
    return _stored(row, small=small)


def unattached_file(uuid: UUID, *, small: bool) -> Stored | None:
    """Return a file that no case has taken yet; the caller has checked who asks."""
    row = (
        Attachment.objects.select_related("blob", "thumbnail")
        .filter(uuid=uuid, case__isnull=True, erased_at__isnull=True)
        .first()
    )
    return _stored(row, small=small) if row else None


def _stored(row: Attachment, *, small: bool) -> Stored | None:
    blob = row.thumbnail if small and row.thumbnail else row.blob
    return Stored(blob.sha256, blob.media_type) if blob else None


# From events to what is shown -------------------------------------------------------------------


def _asking(case: Case) -> frozenset[str]:
    """Actions that ask the reporter something: the question has a place of its own on the page."""
    known = catalogue.workflow(case.workflow_id).actions.values()
    return frozenset(one.key for one in known if ("ask_resident", None) in one.effects)


def _texts(event: StoredEvent) -> list[UUID]:
    """Return the content ids of what one event says to its reporter, or the reporter said."""
    if not isinstance(event.data, CaseActed | CaseOpened):
        return []
    return [UUID(one["content"]) for one in event.data.texts if one["audience"] != "staff"]


def wanted(case: Case, past: Past) -> list[UUID]:
    found = [ref for event in past for ref in _texts(event)]
    return found + answers.content_of(past) + ([case.location] if case.location else [])


def _said(event: StoredEvent, texts: Mapping[UUID, Any]) -> str:
    return "\n".join(str(texts[ref]) for ref in _texts(event) if texts.get(ref))


def _replies(case: Case, past: Past, texts: Mapping[UUID, Any]) -> list[Reply]:
    """What units said to the reporter in public actions, newest first."""
    actions = catalogue.workflow(case.workflow_id).actions
    asking, found, lead = _asking(case), [], _lead(case)
    for event in past:
        data = event.data
        if not isinstance(data, CaseActed) or event.actor.get("kind") not in UNITS:
            continue
        told = data.action in actions and actions[data.action].public
        words = "\n".join(part for part in (_reason(actions, data), _said(event, texts)) if part)
        if told and words and data.action not in asking:
            named = lead if event.actor.get("id") == case.facts.get("leader") else None
            found.append(Reply(data.unit, event.occurred_at, words, named))
    return found[::-1]


def all_replies(
    case: Case, past: Past, texts: Mapping[UUID, Any], parts: Sequence[Case]
) -> list[Reply]:
    """The case's own, and what was said on its parts and by a council: one whole to hear."""
    found = _replies(case, past, texts)
    for part in parts:
        of_part = events.history(part.uuid)
        said = contents.read([ref for event in of_part for ref in _texts(event)])
        found += _replies(part, of_part, said)
    return sorted(found, key=lambda one: one.at, reverse=True) if parts else found


def _reason(actions: Mapping[str, Action], data: CaseActed) -> str:
    """Why a case was closed without being done, as it was chosen from the list."""
    if data.to_state not in UNFINISHED:
        return ""
    for need in actions[data.action].needs if data.action in actions else ():
        if need.kind == "choice":
            return next(
                (pick(n) for key, n in need.options if key == data.given.get(need.name)), ""
            )
    return ""


def _question(case: Case, past: Past, texts: Mapping[UUID, Any]) -> str:
    if not case.facts.get("asked"):
        return ""
    asking = _asking(case)
    asked = [one for one in past if isinstance(one.data, CaseActed) and one.data.action in asking]
    return _said(asked[-1], texts) if asked else ""


def _own_words(case: Case, past: Past, texts: Mapping[UUID, Any], receipt: Receipt) -> list[str]:
    """What this holder said: the report where it was theirs, and all they added."""
    opened = _opened(receipt, past)
    mine = [one for one in past if (opened and one.sequence == 1) or _by(one, receipt)]
    said = [words for words in (_said(one, texts) for one in mine) if words]
    kind = catalogue.case_type(case.case_type)
    return said + (answers.lines(kind, past, texts) if opened else [])


def _by(event: StoredEvent, receipt: Receipt) -> bool:
    return event.actor.get("kind") == "resident" and event.actor.get("id") == receipt.pk


def _shown(receipt: Receipt, past: Past) -> list[ShownFile]:
    """What units brought, and what this holder did: nothing of another resident's."""
    mine = _opened(receipt, past)
    found = [(row, _file(row, past, receipt)) for row in _files_of(receipt.case)]
    return [
        one for row, one in found
        if (mine or (row.event_sequence or 1) > 1) and (one.own or not _a_resident_s(row, past))
    ]  # fmt: skip


def _a_resident_s(row: Attachment, past: Past) -> bool:
    number = row.event_sequence
    return any(one.sequence == number and one.actor.get("kind") == "resident" for one in past)


def _files_of(case: Case) -> Iterable[Attachment]:
    rows = Attachment.objects.filter(case=case, erased_at__isnull=True, audience="case")
    return rows.order_by("id")


def _address(case: Case, texts: Mapping[UUID, Any]) -> str:
    location = texts.get(case.location) if case.location else None
    return str((location or {}).get("address", ""))


def _file(row: Attachment, past: Past, receipt: Receipt) -> ShownFile:
    """Own is what came with the report, or with something this holder added."""
    number = row.event_sequence or 1
    event = next((one for one in past if one.sequence == number), None)
    own = number == 1 or (event is not None and _by(event, receipt))
    at = event.occurred_at if event else row.created_at
    return ShownFile(row.uuid, row.kind, at, own, own or number >= done_anew_at(past))
