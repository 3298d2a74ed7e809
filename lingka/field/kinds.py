"""What each kind of operation does, by the actions of the module that owns the thing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.core import events
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.field import doors, operations, places, rounds
from lingka.field.answers import read
from lingka.field.doors import Done
from lingka.field.events import FileLeftOut
from lingka.field.models import Device, Operation
from lingka.field.operations import Outcome, Sent, Wait
from lingka.field.shapes import (
    ActIn,
    ChecklistIn,
    NothingIn,
    PlaceIn,
    ReportIn,
    StopIn,
    TaskIn,
)

MOST_FILES = 20  # of one operation


@dataclass(frozen=True)
class Kind:
    shape: type[BaseModel]
    effect: Callable[[Sent, Any], Outcome]


def done(result: dict[str, Any]) -> Outcome:
    return Outcome(Operation.Status.APPLIED, result)


# -- report ---------------------------------------------------------------------------------


def report(sent: Sent, given: ReportIn) -> Outcome:
    """A new case. The record is its key: from another phone of the worker it is the same one."""
    if not selectors.case_type(given.type).workers:
        message = _("This kind of case is not reported from a phone.")
        raise Problem("case_type", message, field="type", status=422)
    opened = cases.open_case(
        actor=sent.actor,
        case_type=given.type,
        channel="grid_worker",
        words=given.words,
        language=given.language,
        lon=given.lon,
        lat=given.lat,
        place_id=_place(given),
        address=given.address,
        attributes=given.attributes,
        idempotency_key=sent.op.record,
        occurred_at=sent.occurred_at,
    )
    files = _bring(sent, opened.case_uuid, given.attachments, "")
    case = selectors.case_brief(opened.case_uuid, sent.actor)
    stands = {"version": case.version, "stage": case.stage} if case else {}
    return done(
        {"case": str(opened.case_uuid), "number": opened.case_number, "files": files, **stands}
    )


def _place(given: ReportIn) -> int | None:
    """The place that was picked or scanned; one that is gone keeps no report from arriving."""
    found = areas.place_by_uuid(given.place) if given.place else None
    if found is None and given.code:
        found = areas.place_by_code(given.code)
    if found is None and (given.place or given.code) and given.lon is None and not given.address:
        raise Problem("place", _("No place here has this code."), field="place", status=422)
    return found.id if found else None


def _bring(sent: Sent, case: UUID, attachments: list[UUID], action: str) -> int:
    """What is here of the files goes to the case; the others follow (`actions.settle`)."""
    files = operations.ready(sent.user, attachments)
    if files:
        cases.bring_in(
            case, actor=sent.actor, attachments=files, action=action, occurred_at=sent.occurred_at
        )
        operations.use(files)
    return len(files)


# -- act ------------------------------------------------------------------------------------


def act(sent: Sent, given: ActIn) -> Outcome:
    """An action on a case: done if it still is allowed, else shown to both sides."""
    case = case_of(sent.user, given.case)
    brief = selectors.case_brief(case, sent.actor)
    if brief is None:
        raise Problem("unknown_case", _("There is no such case."), status=404)
    moved = brief.version != sent.op.base_version
    photos = _photos_of(case, sent, given)
    files = operations.ready(sent.user, given.attachments) if photos else []
    data = {**given.given, photos: [str(one) for one in files]} if files else given.given
    try:
        with transaction.atomic():
            after = cases.perform(
                case, given.action, actor=sent.actor, data=data, op_id=sent.op.op_id,
                occurred_at=sent.occurred_at,
            )  # fmt: skip
    except PermissionRefused as refused:
        if not moved:
            raise
        return _too_late(sent, given, case, refused)
    except Problem as problem:
        missing = operations.unmet(sent.user, given.attachments)
        if problem.code == "missing" and photos and missing:
            raise Wait(missing) from None
        raise
    operations.use(files)
    if not photos:
        _bring(sent, case, given.attachments, given.action)
    stands = {"version": after.version, "state": after.state, "stage": after.stage}
    return done({"case": str(case), "action": given.action, "moved": moved, **stands})


def case_of(user: int, named: UUID) -> UUID:
    """The case itself, or that which a report of this worker became."""
    reported = Operation.objects.filter(
        record=named, kind="report", device__user_id=user, status=Operation.Status.APPLIED
    ).first()
    return UUID(reported.result["case"]) if reported and reported.result else named


def _photos_of(case: UUID, sent: Sent, given: ActIn) -> str:
    """The field of the action that takes photos, "" where it has none. They come apart."""
    offers = selectors.allowed_actions(case, sent.actor)
    needs = next((one.needs for one in offers if one.key == given.action), ())
    names = [need.name for need in needs if need.kind == "photos"]
    if wrong := given.given.keys() & set(names):
        message = _("This action does not ask for that.")
        raise Problem("unknown", message, field=f"given.{min(wrong)}", status=422)
    return names[0] if names else ""


def _too_late(sent: Sent, given: ActIn, case: UUID, refused: PermissionRefused) -> Outcome:
    """The case keeps what was recorded, for staff; the worker learns what happened meanwhile."""
    before, base = selectors.case_brief(case, sent.actor), sent.op.base_version
    changes = selectors.changes_since(before, base) if before and base else []
    files = operations.ready(sent.user, given.attachments)
    words = "\n".join(str(one) for one in given.given.values() if isinstance(one, str) and one)
    version = cases.bring_in(
        case, actor=sent.actor, attachments=files, action=given.action, late=True,
        words=words[:4000], op_id=sent.op.op_id, occurred_at=sent.occurred_at,
    )  # fmt: skip
    operations.use(files)
    after = selectors.case_brief(case, sent.actor)
    title = _("The case has moved on. What you recorded is kept with it, and the desk sees it.")
    problem = {
        "type": "/problems/moved", "title": title, "status": 409, "detail": str(refused),
        "errors": [], "version": version, "state": after.state if after else "",
        "stage": after.stage if after else "", "changes": changes,
    }  # fmt: skip
    result = {"case": str(case), "action": given.action}
    return Outcome(Operation.Status.CONFLICT, result, problem)


def task(sent: Sent, given: TaskIn) -> Outcome:
    """What was done with a task at a place: the source's to judge, once its photos are here."""
    found = doors.source(given.source)
    settled = operations.settled_files(sent.user, given.attachments)
    if missing := [one for one in given.attachments if one not in settled]:
        raise Wait(missing)
    verified = operations.verified(sent.user, given.attachments)
    here = [one for one in given.attachments if one in verified]
    what = Done(
        sent.op.record, given.action, given.given, here, sent.op.base_version, sent.op.op_id,
        sent.occurred_at,
    )  # fmt: skip
    result = dict(found.do(what, sent.actor))
    operations.use(here)
    return done(result)


def leave_out(sent: Sent, _given: NothingIn) -> Outcome:
    """A file that cannot be sent is given up by its worker; what named it waits no longer."""
    if operations.verified(sent.user, [sent.op.record]):
        raise Problem("here", _("This photo has arrived and stays."), status=409)
    device = Device.objects.get(id=sent.device)
    told = FileLeftOut(str(sent.op.record))
    events.record(
        told, stream_id=device.uuid, actor=sent.actor, occurred_at=sent.occurred_at
    )  # fmt: skip
    return done({"attachment": str(sent.op.record)})


KINDS: dict[str, Kind] = {
    "leave_out": Kind(NothingIn, leave_out),
    "task": Kind(TaskIn, task),
    "report": Kind(ReportIn, report),
    "act": Kind(ActIn, act),
    "round_start": Kind(NothingIn, rounds.start),
    "round_stop": Kind(StopIn, rounds.stop),
    "round_end": Kind(NothingIn, rounds.end),
    "place": Kind(PlaceIn, places.correct),
    "checklist": Kind(ChecklistIn, rounds.checklist),
    "entry": Kind(PlaceIn, rounds.entry),
}


def effect(sent: Sent) -> Outcome:
    """Do it. Raises Problem, PermissionRefused or Wait."""
    kind = KINDS.get(sent.op.kind)
    if kind is None:
        message = _("The server does not know this kind of work yet. It stays on the phone.")
        raise Problem("kind", message, status=422)
    return kind.effect(sent, read(kind.shape, sent.op.data, "data."))


def named_in(op_data: dict[str, Any]) -> list[UUID]:
    """The attachments that an operation names, as far as they are ids."""
    listed, found = op_data.get("attachments"), []
    for one in listed[:MOST_FILES] if isinstance(listed, list) else []:
        try:
            found.append(UUID(str(one)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
