"""A report becomes a case: located, routed, kept, with a receipt for the reporter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import beginning, inputs, receipts, rows
from lingka.cases.actions.attachments import waiting_attachments
from lingka.cases.actions.contacts import ContactData, sealed, was_left
from lingka.cases.actions.councils import open_council
from lingka.cases.actions.linked import as_json
from lingka.cases.beginning import Where
from lingka.cases.definitions import CaseTypeInfo
from lingka.cases.events import CaseActed, CaseFollowed, CaseOpened
from lingka.cases.models import Attachment, Case, Receipt
from lingka.cases.receipts import Opened
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, Deed, decide, evolve
from lingka.cases.world import World
from lingka.core import canonical, clock, contents
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import mac, sha256
from lingka.core.events import NEW, Head, Recorded, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.writing import insert

TRIES = 3  # a short code that exists already, or the same key at the same moment
AUDIENCES = {"words": "reporter", "location": "staff", "answers": "staff"}


def open_case(
    *,
    actor: Actor,
    case_type: str,
    channel: str,
    language: str,
    idempotency_key: UUID,
    words: str = "",
    lon: float | None = None,
    lat: float | None = None,
    place_id: int | None = None,
    address: str = "",
    attributes: Mapping[str, Any] | None = None,
    contact: ContactData | None = None,
    attachments: Sequence[UUID] = (),
    share_words: bool = False,
    occurred_at: datetime | None = None,
    desk_area: int | None = None,
) -> Opened:
    """Open a case, or give the first receipt again for a key that was used before.

    `desk_area` is that of the desk which takes the report: it keeps what names no place.

    Raises Problem for an unknown type or place, a type that does not come by this channel, words
    that cannot be stored, a key that came with another report (409). `lon`, `lat` are WGS 84
    degrees.
    """
    kind = catalogue.case_type(case_type)
    return _once(
        Report(
            kind=kind, actor=actor, channel=channel, language=language,
            idempotency_key=idempotency_key,
            words=inputs.text("words", words), share_words=share_words,
            attributes=inputs.answers(kind.form, attributes or {}),
            lon=lon, lat=lat, place=place_id, address=inputs.text("address", address, 500),
            attachments=tuple(str(one) for one in attachments),
            contact=contact, occurred_at=occurred_at, desk_area=desk_area,
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What a reporter said, checked for form."""

    kind: CaseTypeInfo
    actor: Actor
    channel: str
    language: str
    idempotency_key: UUID
    words: str
    lon: float | None
    lat: float | None
    place: int | None
    address: str
    attributes: dict[str, Any]
    attachments: tuple[str, ...]
    contact: ContactData | None
    share_words: bool
    occurred_at: datetime | None
    desk_area: int | None

    @property
    def hash(self) -> bytes:
        """Tells a retry from another report sent with the same key.

        The contact is not in it: this hash stays when the contact is erased, and whoever has the
        server's key could try all numbers against it. `repeated` compares the contact itself.
        """
        said = {name: getattr(self, name) for name in HASHED}
        said |= {"case_type": self.kind.key, "attachments": list(self.attachments)}
        return mac("report", canonical.dumps(said).decode())

    @property
    def opened_at(self) -> datetime:
        """Imports and other software may say when it was; anybody else reports now."""
        if self.occurred_at and self.actor.kind in ("system", "client"):
            return self.occurred_at
        return clock.now()


def _once(report: Report) -> Opened:
    """Open it, or find what the same key opened before."""
    tries = TRIES
    while True:
        try:
            with transaction.atomic():
                return _open(report)
        except (IntegrityError, Problem) as error:
            # A repeat is rare and a report is not: so it is looked for only after a collision.
            if before := repeated(report.idempotency_key, report.hash, report.contact):
                return before
            tries -= 1
            if isinstance(error, Problem) or not tries:
                raise


HASHED = ("words", "lon", "lat", "place", "address", "attributes", "share_words")


def repeated(key: UUID, payload: bytes, contact: ContactData | None) -> Opened | None:
    """The receipt that this key brought before; Problem 409 where the report was another.

    Another contact makes it another report: else a number that was corrected would be dropped,
    and the reporter believe that it is known.
    """
    receipt = Receipt.objects.select_related("case").filter(idempotency_key=key).first()
    if receipt is None:
        return None
    if bytes(receipt.payload_hash or b"") != payload or not was_left(receipt, contact):
        raise Problem(
            "key_reused", _("This was sent before with other content. Please start anew."),
            status=409,
        )  # fmt: skip
    return receipts.opened(receipt.case, receipt, existing=True)


def _open(report: Report) -> Opened:
    world, uuid = World(report.opened_at), uuid7()
    if not report.kind.comes_by(report.channel):
        said = _("A case of this kind is not opened this way.")
        raise Problem("channel", said, field="case_type", status=422)
    kept = _keep(report)
    state = beginning.begun(report.kind, _where(report), world, channel=report.channel, kept=kept)
    files = waiting_attachments(report.attachments)
    if any(one.kind == "photo" for one in files):
        state = replace(state, facts={**state.facts, "pictured": True})
    receipt, token = receipts.new(
        kind="reporter", language=report.language, idempotency_key=report.idempotency_key,
        payload=report.hash, share_words=report.share_words,
    )  # fmt: skip
    done = record(
        _event(report, state, receipt, kept, files), stream_id=uuid, actor=report.actor,
        occurred_at=report.occurred_at, after=NEW,
    )  # fmt: skip
    state, done = _dispatch_at_once(state, uuid, done.head, world) or (state, done)
    case = Case(uuid=uuid)
    rows.put(case, state, done)
    insert(case)
    receipt.case = case
    insert(receipt)
    open_council(case, {"facts": state.facts}, world)
    if report.contact:
        insert(sealed(report.contact, receipt))
    if files:
        Attachment.objects.filter(id__in=[one.id for one in files]).update(
            case=case, event_sequence=1, audience="case"
        )
    return Opened(
        uuid, case.number, receipt.uuid, receipt.id, token, receipt.short_code, existing=False
    )


def _event(
    report: Report,
    state: CaseState,
    receipt: Receipt,
    kept: dict[str, dict[str, str]],
    files: list[Attachment],
) -> CaseOpened:
    chosen = inputs.chosen(report.kind.form)
    return CaseOpened(
        state=as_json(state),
        receipt=str(receipt.uuid),
        texts=[
            {"name": name, "audience": AUDIENCES[name], "language": report.language, **reference}
            for name, reference in kept.items()
        ],
        files=[{"attachment": str(one.uuid), "hash": one.received_sha256} for one in files],
        attributes={code: given for code, given in report.attributes.items() if code in chosen},
    )


def _keep(report: Report) -> dict[str, dict[str, str]]:
    """Words, exact location and what was answered freely as content rows, in one statement."""
    items: list[tuple[str, Any, str]] = []
    if report.words:
        items.append(("words", report.words, report.language))
    if report.lon is not None or report.address:
        where = {name: getattr(report, name) for name in ("lon", "lat", "address")}
        items.append(("location", where, report.language))
    chosen = inputs.chosen(report.kind.form)
    if written := {code: one for code, one in report.attributes.items() if code not in chosen}:
        items.append(("answers", written, report.language))
    made = contents.keep_all(items) if items else []
    return {item[0]: one.as_json() for item, one in zip(items, made, strict=True)}


def _where(report: Report) -> Where:
    """The place whose code was scanned, else the report's own point, else what its address
    names."""
    if report.place:
        return beginning.at_place(report.place, report.lon, report.lat)
    if report.lon is None or report.lat is None:
        return beginning.at_address(report.address, report.desk_area)
    return beginning.at_point(report.lon, report.lat)


def _dispatch_at_once(
    state: CaseState, uuid: UUID, head: Head, world: World
) -> tuple[CaseState, Recorded] | None:
    """Urgent cases that a rule covers go straight to the unit; the desk is told."""
    deed = beginning.sent_at_once(state, world)
    return passed_on(state, uuid, head, deed, SYSTEM) if deed else None


def passed_on(
    state: CaseState, uuid: UUID, head: Head, deed: Deed, actor: Actor
) -> tuple[CaseState, Recorded]:
    """A case that was just opened goes to its unit; the caller writes its row."""
    changes = decide(catalogue.workflow(state.workflow), state, deed)
    after = evolve(state, changes)
    data = CaseActed(
        deed.action.key, state.state, after.state, state.stage, after.stage, deed.unit, changes,
        dict(deed.data),
    )  # fmt: skip
    done = record(data, stream_id=uuid, actor=actor, after=head, occurred_at=deed.now)
    return after, done


def follow_case(
    case_uuid: UUID,
    *,
    actor: Actor,
    language: str,
    idempotency_key: UUID,
    contact: ContactData | None = None,
    told_live: bool = False,
) -> Opened:
    """ "Me too": a receipt of one's own on a case that is already open.

    `told_live`: a leader heard it in person, so that the desk may name who follows it up.
    """
    tries = TRIES
    while True:
        try:
            with transaction.atomic():
                return _follow(
                    case_uuid, actor, language, idempotency_key, contact, told_live=told_live
                )
        except IntegrityError:
            tries -= 1
            if not tries:
                raise


def _follow(
    case_uuid: UUID, actor: Actor, language: str, key: UUID, contact: ContactData | None,
    *, told_live: bool,
) -> Opened:  # fmt: skip
    payload = sha256(b"follow" + case_uuid.bytes)
    case = Case.objects.select_for_update().filter(uuid=case_uuid).first()
    if before := repeated(key, payload, contact):
        return before
    if case is None or case.stage == "closed":
        raise Problem("closed", _("This case is closed. Please report it anew."), status=409)
    receipt, _token = receipts.new(
        kind="follower", language=language, idempotency_key=key, payload=payload,
        share_words=False,
    )  # fmt: skip
    state = rows.state_of(case)
    changes = {"facts": {"followers": state.facts.get("followers", 0) + 1}}
    if told_live:
        changes["facts"]["told_live"] = True
    done = record(
        CaseFollowed(str(receipt.uuid), changes), stream_id=case.uuid, actor=actor,
        after=Head(case.version, bytes(case.head)),
    )  # fmt: skip
    rows.put(case, evolve(state, changes), done)
    case.save(update_fields=["facts", "version", "head"])
    receipt.case = case
    insert(receipt)
    if contact:
        insert(sealed(contact, receipt))
    return receipts.opened(case, receipt, existing=False)
