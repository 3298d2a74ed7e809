"""What a worker does on a round: its stops, and checklists gone through there or elsewhere."""

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core.problems import Problem
from lingka.field import operations
from lingka.field.models import Operation
from lingka.field.operations import Outcome, Sent, Wait
from lingka.field.shapes import ChecklistIn, NothingIn, PlaceIn, StopIn
from lingka.patrols import actions as patrols


def start(sent: Sent, _given: NothingIn) -> Outcome:
    walked = patrols.start_round(sent.op.record, actor=sent.actor)
    return _done(sent, walked.state)


def stop(sent: Sent, given: StopIn) -> Outcome:
    """The first outcome of a stop counts; `patrols` says which of two that is."""
    walked = patrols.record_stop(
        sent.op.record, given.stop, outcome=given.outcome, reason=given.reason, actor=sent.actor
    )
    return _done(sent, walked.state)


def end(sent: Sent, _given: NothingIn) -> Outcome:
    walked = patrols.end_round(sent.op.record, actor=sent.actor)
    return _done(sent, walked.state)


def _done(sent: Sent, state: str) -> Outcome:
    """Not how many stops were done by then: one after the other, that would tell which."""
    return Outcome(Operation.Status.APPLIED, {"round": str(sent.op.record), "state": state})


def checklist(sent: Sent, given: ChecklistIn) -> Outcome:
    """What failed becomes a hazard in the same step, with its photos: so these are waited for."""
    settled = operations.settled_files(sent.user, given.attachments)
    if missing := [one for one in given.attachments if one not in settled]:
        raise Wait(missing)
    verified = operations.verified(sent.user, given.attachments)
    here = [one for one in given.attachments if one in verified]
    place = areas.place_by_uuid(given.place) if given.place else None
    submitted = patrols.submit_checklist(
        actor=sent.actor, key=sent.op.record, checklist=given.checklist, version=given.version,
        place=place.id if place else None, round=given.round, stop=given.stop,
        answers=given.answers, attachments=here, lon=given.lon, lat=given.lat,
        occurred_at=sent.occurred_at,
    )  # fmt: skip
    operations.use(here)
    return Outcome(Operation.Status.APPLIED, submitted.as_json())


def entry(sent: Sent, given: PlaceIn) -> Outcome:
    """A register is kept up. What clashes is kept beside it, where the desk reads its history."""
    whole = (
        isinstance(one, dict) and one.keys() == {"from", "to"} for one in given.changes.values()
    )
    if not all(whole):
        raise Problem("invalid", _("Some fields need another look."), field="changes", status=422)
    day = areas.day_of(sent.occurred_at)
    seen = patrols.see_entry(sent.op.record, given.changes, actor=sent.actor, day=day)
    result = {"version": seen.version, "changed": seen.changed}
    if not seen.clashing:
        return Outcome(Operation.Status.APPLIED, result)
    title = _("Somebody else changed the same. The desk sees both.")
    problem = {
        "type": "/problems/same_field", "title": title, "status": 409, "detail": title,
        "errors": [{"field": f"changes.{one}", "message": title} for one in seen.clashing],
        "version": seen.version, "now": seen.now,
    }  # fmt: skip
    return Outcome(Operation.Status.CONFLICT, result, problem)
