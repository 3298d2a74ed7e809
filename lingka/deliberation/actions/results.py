"""What became of a resolution comes back to the table, by the events of its case."""

from uuid import UUID

from django.db import transaction

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.deliberation import rules
from lingka.deliberation.actions.topics import move
from lingka.deliberation.models import Resolution, Topic

State = Topic.State
DONE = "closed"  # the state of a case whose result was read out


@transaction.atomic
def case_ended(case: UUID, state: str, report: UUID | None) -> None:
    """Its result was read out: done. Ended otherwise, the table has to hear of it."""
    found = _locked(case)
    if found is None or found[0].ended_at is not None:
        return
    resolution, topic = found
    resolution.ended_at, resolution.report = clock.now(), report
    resolution.save(update_fields=["ended_at", "report"])
    _go(topic, resolution, State.DONE if state == DONE else State.RETURNED)


@transaction.atomic
def case_late(case: UUID) -> None:
    """The day that was resolved has passed: it comes back to the agenda by itself, once."""
    found = _locked(case)
    if found is None or found[0].late or found[0].ended_at is not None:
        return
    resolution, topic = found
    resolution.late = True
    resolution.save(update_fields=["late"])
    _go(topic, resolution, State.RETURNED)


@transaction.atomic
def case_opened_again(case: UUID) -> None:
    """Somebody found that it is not done after all."""
    found = _locked(case)
    if found is None or found[0].ended_at is None:
        return
    resolution, topic = found
    resolution.ended_at, resolution.report, resolution.late = None, None, False
    resolution.save(update_fields=["ended_at", "report", "late"])
    _go(topic, resolution, State.IN_WORK)


def _locked(case: UUID) -> tuple[Resolution, Topic] | None:
    """The topic first, as everybody here locks, then its resolution."""
    chosen = Topic.objects.filter(decisions__resolution__case=case).values("pk")
    rows = Topic.objects.select_for_update(of=("self",)).select_related("council")
    topic = rows.filter(pk__in=chosen).first()
    if topic is None:
        return None
    return Resolution.objects.select_for_update().get(case=case), topic


def _go(topic: Topic, resolution: Resolution, to: str) -> None:
    """Where the way leads there. A topic that is on an agenda again stays on it; one that was
    decided anew since does not hear of what was resolved before."""
    newest = topic.decisions.order_by("-id").first()
    if newest is None or newest.pk != resolution.decision_id:
        return
    waits = (topic.state, to) == (State.AGENDA, State.RETURNED)
    if to in rules.NEXT[topic.state] and not waits:
        move(topic, to, SYSTEM)
