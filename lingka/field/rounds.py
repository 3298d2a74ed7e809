"""What a worker does on a round: its stops, and checklists gone through there or elsewhere."""

from lingka.areas import selectors as areas
from lingka.field import operations
from lingka.field.models import Operation
from lingka.field.operations import Outcome, Sent, Wait
from lingka.field.shapes import ChecklistIn, NothingIn, StopIn
from lingka.patrols import actions as patrols


def start(sent: Sent, _given: NothingIn) -> Outcome:
    walked = patrols.start_round(sent.op.record, actor=sent.actor, occurred_at=sent.occurred_at)
    return _done(sent, walked.state)


def stop(sent: Sent, given: StopIn) -> Outcome:
    """The first outcome of a stop counts; `patrols` says which of two that is."""
    walked = patrols.record_stop(
        sent.op.record, given.stop, outcome=given.outcome, reason=given.reason, actor=sent.actor,
        occurred_at=sent.occurred_at,
    )  # fmt: skip
    return _done(sent, walked.state)


def end(sent: Sent, _given: NothingIn) -> Outcome:
    walked = patrols.end_round(sent.op.record, actor=sent.actor, occurred_at=sent.occurred_at)
    return _done(sent, walked.state)


def _done(sent: Sent, state: str) -> Outcome:
    """Not how many stops were done by then: one after the other, that would tell which."""
    return Outcome(Operation.Status.APPLIED, {"round": str(sent.op.record), "state": state})


def checklist(sent: Sent, given: ChecklistIn) -> Outcome:
    """What failed becomes a hazard in the same step, with its photos: so these are waited for."""
    here = operations.verified(sent.user, given.attachments)
    if missing := [one for one in given.attachments if one not in here]:
        raise Wait(missing)
    place = areas.place_by_uuid(given.place) if given.place else None
    submitted = patrols.submit_checklist(
        actor=sent.actor, key=sent.op.record, checklist=given.checklist, version=given.version,
        place=place.id if place else None, round=given.round, stop=given.stop,
        answers=given.answers, attachments=given.attachments, lon=given.lon, lat=given.lat,
        occurred_at=sent.occurred_at,
    )  # fmt: skip
    operations.use(given.attachments)
    return Outcome(Operation.Status.APPLIED, submitted.as_json())
