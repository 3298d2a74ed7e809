"""Setting up windows, making appointments, taking in papers once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lingka.accounts.selectors import posts_of
from lingka.cases import actions as cases
from lingka.cases.selectors import Waiting, waiting
from lingka.core import clock, codes, locks, saying
from lingka.core.actors import Actor
from lingka.core.crypto import current_key_number
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.counter import permissions, rules, selectors, tokens
from lingka.counter.events import AppointmentMoved, PapersTaken, WindowSet
from lingka.counter.models import Appointment, HandIn, Window
from lingka.guides import selectors as guides
from lingka.units import selectors as units

LIST_CHANGED = _lazy("The list of papers has changed meanwhile. Please tick the new one.")
HANDED_IN = "help.handin"  # the type of the case that papers become
State = Appointment.State


@dataclass(frozen=True)
class Booked:
    uuid: UUID
    token: str
    code: str


# -- windows --------------------------------------------------------------------------------


@transaction.atomic
def set_window(
    uuid: UUID | None,
    *,
    actor: Actor,
    name: Mapping[str, str],
    unit: int,
    slot_minutes: int,
    capacity: int,
    is_open: bool = True,
) -> UUID:
    """Open a window (no `uuid` yet), change it, or close it. Times already given stay."""
    _must_set_up(actor, unit)
    row = Window.objects.select_for_update().filter(uuid=uuid).first() if uuid else None
    if uuid and row is None:
        raise Problem("unknown_window", _("There is no such window."), status=404)
    if row is None:
        row = Window(uuid=uuid7())
    else:
        _must_set_up(actor, row.unit_id)
    row.name, row.unit_id = dict(name), unit
    row.slot_minutes, row.capacity = slot_minutes, capacity
    row.closed_at = None if is_open else row.closed_at or clock.now()
    row.save()
    told = WindowSet(unit, slot_minutes, capacity, is_open)
    record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    return row.uuid


def _must_set_up(actor: Actor, unit: int) -> None:
    verdict = permissions.may_set_up(actor, units.unit(unit).area_path)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)


# -- appointments ---------------------------------------------------------------------------


@transaction.atomic
def book(
    window: UUID,
    starts_at: datetime,
    *,
    actor: Actor,
    idempotency_key: UUID,
    guide: str = "",
    language: str = "",
) -> Booked:
    """Take a place in a slot; the same form sent again is the same place.

    Raises Problem "slot_full" (409) where somebody was quicker, with the next free time as
    `extra["next"]`; "no_slot" for a time that the window does not offer.
    """
    locks.hold(idempotency_key)
    row = _locked(window)
    before = Appointment.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None and (before.window_id, before.starts_at) != (row.id, starts_at):
        message = _("This was sent before with other content.")
        raise Problem("key_reused", message, status=409)
    if before is not None:
        token = tokens.token_of(before.uuid, before.token_key)
        return Booked(before.uuid, token, before.short_code)
    _must_be_free(row, starts_at)
    if guide and guides.guide(guide) is None:
        raise Problem("unknown_guide", _("There is no such guide."), field="guide", status=404)
    uuid, number = uuid7(), current_key_number()
    token = tokens.token_of(uuid, number)
    made = Appointment.objects.create(
        uuid=uuid, window=row, starts_at=starts_at, guide=guide,
        ends_at=starts_at + timedelta(minutes=row.slot_minutes), token_key=number,
        language=language or translation.get_language() or settings.LANGUAGE_CODE,
        token_hash=tokens.hash_of(token), short_code=codes.short_code(),
        idempotency_key=idempotency_key,
    )  # fmt: skip
    _tell(made, State.BOOKED, actor, first=True)
    return Booked(uuid, token, made.short_code)


def _locked(window: UUID) -> Window:
    """One at a time for each window: so nobody gets a place that another is just taking."""
    row = Window.objects.select_for_update().filter(uuid=window, closed_at=None).first()
    if row is None:
        raise Problem("unknown_window", _("There is no such window."), field="window", status=404)
    return row


def _must_be_free(row: Window, starts_at: datetime) -> None:
    info = selectors.window(row.uuid)
    assert info is not None
    day = starts_at.astimezone(selectors.zone()).date()
    if starts_at not in selectors.times(info, day):
        message = _("This time is not offered any more. Please choose another.")
        raise Problem("no_slot", message, field="starts_at", status=409)
    if starts_at not in selectors.with_room(info, [starts_at]):
        message = _("Somebody was quicker: this time is taken. The next free one is chosen below.")
        raise Problem(
            "slot_full", message, field="starts_at", status=409,
            next=selectors.next_free(info, starts_at),
        )  # fmt: skip


@transaction.atomic
def take_back(token: str, *, actor: Actor) -> None:
    """Give the time free again and erase the appointment; one not there any more stays so."""
    held = Appointment.objects.select_for_update(of=("self",)).select_related("window")
    row = held.filter(token_hash=tokens.hash_of(token)).first()
    if row is None:
        return
    if row.state != State.BOOKED:
        message = _("You were at the counter with this already.")
        raise Problem("used", message, status=409)
    _tell(row, "taken_back", actor)
    row.delete()


@transaction.atomic
def move(appointment: UUID, to: str, *, actor: Actor) -> None:
    """The one who holds it has arrived, or was not there."""
    _must_serve(actor)
    if to not in (State.ARRIVED, State.MISSED):
        raise Problem("unknown_state", _("Choose one of these."), status=422)
    _moved(appointment, to, actor)


def _moved(appointment: UUID, to: str, actor: Actor) -> Appointment:
    held = Appointment.objects.select_for_update(of=("self",)).select_related("window")
    row = held.filter(uuid=appointment).first()
    if row is None:
        message = _("There is no such appointment any more.")
        raise Problem("unknown_appointment", message, status=404)
    if to == State.MISSED and row.starts_at > clock.now():
        raise Problem("too_early", _("The time has not come yet."), status=409)
    if to not in rules.NEXT[row.state]:
        message = _("Somebody at the counter has done this already.")
        raise Problem("stale", message, status=409)
    row.state = to
    row.save(update_fields=["state"])
    _tell(row, to, actor)
    return row


def _tell(row: Appointment, state: str, actor: Actor, *, first: bool = False) -> None:
    told = AppointmentMoved(state, str(row.window.uuid), row.starts_at.isoformat())
    record(told, stream_id=row.uuid, actor=actor, after=NEW if first else None)


def forget_past() -> int:
    """Erase appointments a week after their day; returns how many."""
    past = Appointment.objects.filter(starts_at__lt=clock.now() - rules.KEPT)
    return past.delete()[0]


# -- papers ---------------------------------------------------------------------------------


@transaction.atomic
def hand_in(
    guide: str,
    papers: Sequence[str],
    *,
    actor: Actor,
    idempotency_key: UUID,
    language: str = "",
    words: str = "",
    phone: str = "",
    appointment: UUID | None = None,
    number: int | None = None,
) -> cases.Opened:
    """Take papers in once: they become a case with one receipt, whoever the matter is for.

    `papers` says of each paper of the guide whether it is here, missing or not needed. What is
    missing is asked for in the resident's language, and the clocks wait for it. `number` is the
    version of the guide that was read out: Problem "list_changed" (409) where it is another now.
    """
    area = _must_serve(actor)
    found = _service(guide, number)
    _must_fit(papers, len(found.papers))
    language = language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        told = _said(guides.version(guide, found.number), papers)
        opened = cases.open_case(
            actor=actor, case_type=HANDED_IN, channel="counter", language=language,
            words="\n".join([told.title, *told.lines, *filter(None, [words])]),
            contact=cases.ContactData(phone=phone) if phone else None,
            idempotency_key=idempotency_key, desk_area=area,
        )  # fmt: skip
        if opened.existing:
            return opened
        if told.missing:
            asked = _("Still missing: %(papers)s. Please bring it to any counter, with this code.")
            said = {"words": asked % {"papers": saying.apart(told.missing)}}
            cases.perform(opened.case_uuid, "ask", actor=actor, data=said)
        _keep(opened, guide, found.number, papers, actor)
    if appointment:
        _moved(appointment, State.HANDED_IN, actor)
    return opened


def _service(guide: str, number: int | None) -> guides.GuideInfo:
    """The guide in force, if it is still the version that was read out."""
    found = guides.guide(guide)
    if found is None or found.kind != "service":
        raise Problem("unknown_guide", _("There is no such guide."), field="guide", status=404)
    if number not in (None, found.number):
        raise Problem("list_changed", LIST_CHANGED, status=409)
    return found


@dataclass(frozen=True)
class _Told:
    title: str
    here: list[str]
    missing: list[str]

    @property
    def lines(self) -> list[str]:
        """What is handed in and what is not, a line each."""
        given = [(_("Handed in"), self.here), (_("Still missing"), self.missing)]
        return [f"{name}: {'; '.join(several)}" for name, several in given if several]


def _said(body: guides.Body, papers: Sequence[str]) -> _Told:
    """In the language that is on."""
    named = list(zip(map(pick, body.get("papers", ())), papers, strict=True))
    return _Told(
        pick(body["title"]),
        [name for name, state in named if state == rules.HERE],
        [name for name, state in named if state == rules.MISSING],
    )


def _keep(
    opened: cases.Opened, guide: str, number: int, papers: Sequence[str], actor: Actor
) -> None:
    held = waiting(opened.receipt_id)
    row = HandIn.objects.create(
        uuid=uuid7(), case_uuid=opened.case_uuid, receipt_id=opened.receipt_id,
        asked=held.asked if held else "",
        short_code=opened.short_code, guide=guide, number=number, papers=list(papers),
    )  # fmt: skip
    record(_taken(row), stream_id=row.uuid, actor=actor, after=NEW)


def _taken(row: HandIn) -> PapersTaken:
    return PapersTaken(str(row.case_uuid), row.guide, row.number, list(row.papers))


def _must_fit(papers: Sequence[str], number: int) -> None:
    if len(papers) != number or any(one not in rules.PAPERS for one in papers):
        message = _("Say of each paper whether it is here.")
        raise Problem("papers", message, field="papers", status=422)


@transaction.atomic
def bring(case: UUID, papers: Sequence[str], *, actor: Actor) -> bool:
    """Take what was missing, at any counter; returns whether everything is here now.

    When it is, the question that the clocks waited for is answered, if it is still that one.
    """
    _must_serve(actor)
    row = HandIn.objects.select_for_update().filter(case_uuid=case).first()
    if row is None:
        raise Problem("unknown_papers", _("No papers were handed in with this."), status=404)
    held = waiting(row.receipt_id)
    if held is None or not held.is_open:
        raise Problem("over", _("This is over: nothing more is taken in with it."), status=409)
    _must_fit(papers, len(row.papers))
    if not all(map(rules.may_become, row.papers, papers)):
        message = _("What was handed in already cannot be taken off the receipt.")
        raise Problem("handed_in", message, field="papers", status=409)
    if list(papers) == row.papers:
        return rules.is_whole(papers)
    row.papers = list(papers)
    row.save(update_fields=["papers"])
    record(_taken(row), stream_id=row.uuid, actor=actor)
    whole = rules.is_whole(papers)
    if whole and row.asked and held.asked == row.asked:  # the question is still ours
        _answer(held, actor, row.receipt_id)
    return whole


def _answer(held: Waiting, actor: Actor, receipt: int) -> None:
    """By the desk itself where the case is its own; else for whoever brought the papers."""
    with translation.override(held.language):
        said = {"words": _("All papers are here now.")}
    for who in (actor, Actor("resident", receipt)):
        try:
            cases.perform(held.case_uuid, "answer", actor=who, data=said)
        except (Problem, PermissionRefused):  # not its case; or it was merged with another's
            continue
        return


def _must_serve(actor: Actor) -> int:
    """The area of the post through which somebody serves; or a refusal."""
    posts = posts_of(actor.id) if actor.kind == "user" and actor.id else []
    verdict = permissions.may_serve(posts)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    return next(post.area_id for post in posts if post.role == "dispatcher")
