"""What a receipt's holder may see: stages, units, times, replies; never a name, nor another's words."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from lingka.cases.models import Attachment, Case, Contact, ContactReading, Rating, Receipt, Stage
from lingka.cases.selectors.offers import allowed_actions
from lingka.cases.serving import Stored
from lingka.core import contents, events
from lingka.core.actors import Actor
from lingka.core.events import StoredEvent

WAY = (Stage.INTAKE, Stage.DISPATCH, Stage.HANDLING, Stage.VERIFICATION, Stage.CLOSED)


@dataclass(frozen=True)
class Step:
    """One knot on the way: when it was reached, and whether the case is there now."""

    stage: str
    at: dt.datetime | None
    state: str  # "done", "now", "next"


@dataclass(frozen=True)
class Reply:
    """A unit's public answer."""

    unit_id: int | None
    at: dt.datetime
    words: str


@dataclass(frozen=True)
class ShownFile:
    """A photo or voice note that the holder may see."""

    uuid: UUID
    kind: str
    at: dt.datetime
    own: bool


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
    declined: bool


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
    urgent: bool
    place_id: int | None
    grid_id: int | None
    lead_unit_id: int | None
    co_unit_ids: list[int]
    routing: dict[str, Any]
    clocks: dict[str, Any]
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
    can: frozenset[str] = field(default_factory=frozenset)

    @property
    def can_add(self) -> bool:
        return "add" in self.can

    @property
    def can_withdraw(self) -> bool:
        return "withdraw" in self.can

    @property
    def can_rate(self) -> bool:
        return "rate" in self.can

    @property
    def can_reopen(self) -> bool:
        return "reopen" in self.can


def token_hash(token: str) -> bytes:
    """What is stored of a token: reading the table gives nobody a receipt."""
    return hashlib.sha256(token.encode()).digest()


def _receipt(token: str) -> Receipt | None:
    found = Receipt.objects.select_related("case", "case__workflow")
    return found.filter(token_hash=token_hash(token)).first()


def receipt_by_token(token: str) -> ReceiptView | None:
    """Return what the holder of this token may see."""
    receipt = _receipt(token)
    if receipt is None:
        return None
    case = receipt.case
    past = events.history(case.uuid)
    told = [(event, data_of(event)) for event in past]
    mine = receipt.kind == "reporter"
    texts = contents.read(_wanted(case, told))
    files = list(
        Attachment.objects.filter(case=case, erased_at__isnull=True, audience="case").order_by("id")
    )
    shown = [_file(row, told, receipt) for row in files]
    seen = [one for one in shown if mine or not one.own]
    offers = allowed_actions(case.uuid, Actor("resident", receipt.id))
    location = texts.get(case.location) if case.location else None
    return ReceiptView(
        id=receipt.id,
        uuid=receipt.uuid,
        case_uuid=case.uuid,
        case_id=case.pk,
        is_reporter=mine,
        short_code=receipt.short_code,
        created_at=receipt.created_at,
        case_type=case.case_type,
        state=case.state,
        stage=case.stage,
        urgent=case.urgent,
        place_id=case.place_id,
        grid_id=case.grid_id,
        lead_unit_id=case.lead_unit_id,
        co_unit_ids=[
            one["unit"]
            for one in case.assignments
            if one.get("kind") == "co" and not one.get("ended")
        ],
        routing=dict(case.facts.get("route") or {}),
        clocks=dict(case.clocks),
        steps=steps(case, told),
        replies=_replies(told, texts),
        question=_question(case, told, texts) if mine else "",
        own_words=_own_words(case, told, texts, receipt) if mine else [],
        address=str((location or {}).get("address", "")) if mine else "",
        photos=[one for one in seen if one.kind == "photo"],
        voices=[one for one in seen if one.kind == "voice"],
        rating=Rating.objects.filter(receipt=receipt).order_by("-id").first(),
        has_contact=Contact.objects.filter(receipt=receipt).exists(),
        readings=[
            Reading(row.read_at, row.user_id, row.reason)
            for row in ContactReading.objects.filter(receipt=receipt).order_by("-id")
        ],
        can=frozenset(offer.key for offer in offers if offer.state),
    )


def stage_by_short_code(code: str) -> StageView | None:
    """Return stage and times by a normalised short code, and nothing that says who or what."""
    receipt = Receipt.objects.select_related("case").filter(short_code=code).first()
    if receipt is None:
        return None
    case = receipt.case
    told = [(event, data_of(event)) for event in events.history(case.uuid)]
    return StageView(receipt.short_code, steps(case, told), case.state == "declined")


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

Told = Sequence[tuple[StoredEvent, dict[str, Any]]]
RESIDENT_SAYS = frozenset({"add", "answer", "reopen", "rate"})


def data_of(event: StoredEvent) -> dict[str, Any]:
    """Return an event's data as a plain mapping."""
    return {one.name: getattr(event.data, one.name) for one in fields(event.data)}  # type: ignore[arg-type]


def steps(case: Case, told: Told) -> list[Step]:
    """Return the way of a case: when each stage was reached first, and where it is now."""
    reached: dict[str, dt.datetime] = {}
    for event, data in told:
        stage = _stage_after(data)
        if stage:
            reached.setdefault(stage, event.occurred_at)
    here = case.stage if case.stage in WAY else _before_pause(told)
    at = [str(stage) for stage in WAY].index(here)
    return [_step(number, str(stage), at, reached) for number, stage in enumerate(WAY)]


def _step(number: int, stage: str, at: int, reached: Mapping[str, dt.datetime]) -> Step:
    closed = stage == Stage.CLOSED and at == number
    state = "done" if number < at or closed else "now" if number == at else "next"
    return Step(stage, reached.get(stage) if number <= at else None, state)


def _stage_after(data: Mapping[str, Any]) -> str:
    changes = data.get("changes") or {}
    return str(changes.get("stage") or data.get("stage") or "")


def _before_pause(told: Told) -> str:
    stages = [stage for stage in (_stage_after(data) for _event, data in told) if stage in WAY]
    return stages[-1] if stages else str(Stage.INTAKE)


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[str, UUID]]:
    """Yield the public texts of one event: name and content id."""
    for name, value in data.items():
        if isinstance(value, Mapping) and name != "changes":
            if "content" in value:
                if value.get("audience") != "staff":
                    yield name, UUID(str(value["content"]))
            else:
                yield from _texts(value)


def _wanted(case: Case, told: Told) -> list[UUID]:
    found = [ref for _event, data in told for _name, ref in _texts(data)]
    return found + [ref for ref in (case.words, case.location) if ref]


def said(value: Any) -> str:
    """Return the text of a words content, whichever way it was kept."""
    return str(value.get("text", "")) if isinstance(value, Mapping) else str(value or "")


def _replies(told: Told, texts: Mapping[UUID, Any]) -> list[Reply]:
    """What units said to the reporter, newest first."""
    found = []
    unit: int | None = None
    for event, data in told:
        unit = (data.get("changes") or {}).get("lead_unit", unit)
        if event.actor.get("kind") != "user" or data.get("action") in {"ask", "note"}:
            continue
        spoken = [said(texts[ref]) for _name, ref in _texts(data) if ref in texts]
        if data.get("action") in PUBLIC_REPLIES and any(spoken):
            found.append(Reply(unit, event.occurred_at, "\n".join(filter(None, spoken))))
    return found[::-1]


PUBLIC_REPLIES = frozenset({"reply", "report_back", "decline", "suspend", "arrive", "extend_grant"})


def _question(case: Case, told: Told, texts: Mapping[UUID, Any]) -> str:
    if not case.facts.get("asked"):
        return ""
    asked = [data for _event, data in told if data.get("action") == "ask"]
    spoken = [said(texts[ref]) for _name, ref in _texts(asked[-1]) if ref in texts] if asked else []
    return "\n".join(spoken)


def _own_words(case: Case, told: Told, texts: Mapping[UUID, Any], receipt: Receipt) -> list[str]:
    """What this holder said: the report if it was theirs, and all they added."""
    first = [said(texts[case.words])] if case.words in texts else []
    added = [
        said(texts[ref])
        for event, data in told
        if event.actor == {"kind": "resident", "id": receipt.pk}
        and data.get("action") in RESIDENT_SAYS
        for _name, ref in _texts(data)
        if ref in texts
    ]
    return [text for text in first + added if text]


def _file(row: Attachment, told: Told, receipt: Receipt) -> ShownFile:
    """Own is what came with the report, or with something this holder added."""
    number = row.event_sequence or 1
    event = next((event for event, _data in told if event.sequence == number), None)
    brought = event.actor if event else {}
    own = number == 1 or brought == {"kind": "resident", "id": receipt.pk}
    return ShownFile(row.uuid, row.kind, event.occurred_at if event else row.created_at, own)
