"""`perform`: the only way a case changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import inputs, kinship, permissions, rows
from lingka.cases.actions.attachments import waiting_attachments
from lingka.cases.actions.contacts import plan_erasure
from lingka.cases.actions.councils import open_council, tell_matter
from lingka.cases.actions.leaving import leave
from lingka.cases.actions.merging import give_back_receipts, move_receipts
from lingka.cases.actions.splitting import open_called, open_part, tell_whole
from lingka.cases.definitions import Action
from lingka.cases.events import CaseActed
from lingka.cases.kinship import LIKE
from lingka.cases.models import Attachment, Case, Rating, Stage
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, Deed, decide, evolve, permitted, round_of
from lingka.cases.world import World
from lingka.core import canonical, clock, contents, events
from lingka.core.actors import Actor
from lingka.core.crypto import mac
from lingka.core.events import Head, Recorded, record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.core.writing import insert, update

_LOCK = "SELECT * FROM cases_case WHERE uuid = %s FOR UPDATE"


@dataclass(frozen=True)
class Performed:
    """How the case stands after the action."""

    version: int
    event_position: int
    state: str
    stage: str


def perform(
    case_uuid: UUID,
    action: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    op_id: UUID | None = None,
    expected_version: int | None = None,
    occurred_at: datetime | None = None,
) -> Performed:
    """Do an action on a case: one event and the case's row, in one transaction.

    The same `op_id` gives the first result again. Raises PermissionRefused with the reason,
    Problem "stale" (409) when the case has moved past `expected_version`, Problem beside the
    field for what was given wrongly. A refused action leaves no trace.
    """
    asked = mac("request", canonical.dumps([action, _plain(data or {})]).decode()).hex()
    try:
        with transaction.atomic():
            return _perform(
                case_uuid,
                action,
                data or {},
                Sent(actor, op_id, expected_version, occurred_at, asked),
            )
    except (IntegrityError, Problem, PermissionRefused):
        # A repeat is rare: it is looked for only where a second doing does not work out.
        if op_id and (before := _repeated(case_uuid, op_id, actor, asked)):
            return before
        raise


@dataclass(frozen=True)
class Sent:
    """How an action came: by whom, and what makes a retry or a late one harmless."""

    actor: Actor
    op_id: UUID | None
    expected_version: int | None
    occurred_at: datetime | None
    asked: str


def _perform(case_uuid: UUID, action: str, data: Mapping[str, Any], sent: Sent) -> Performed:
    case = _locked(case_uuid)
    state = rows.state_of(case)
    standing = permissions.standing(case, state, sent.actor)
    if not standing.relations:
        raise Problem("unknown_case", _("There is no such case."), status=404)
    _fresh(case, sent.expected_version)
    chosen = _permitted(state, action, standing.relations)
    given = inputs.read(chosen, data)
    order = Order(
        chosen, given, sent.actor, standing.unit, sent.op_id, sent.occurred_at, sent.asked
    )
    return _do(case, state, order)


@dataclass(frozen=True)
class Order:
    """An action that is permitted, with all that was given."""

    action: Action
    given: inputs.Given
    actor: Actor
    unit: int | None
    op_id: UUID | None
    occurred_at: datetime | None
    asked: str


def _plain(value: Any) -> Any:
    """Form values as canonical JSON can hold them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value if isinstance(value, bool | None) else str(value)


def _locked(case_uuid: UUID) -> Case:
    # Written out: composing this statement anew each time costs more than running it.
    for case in Case.objects.raw(_LOCK, [case_uuid]):
        return case
    raise Problem("unknown_case", _("There is no such case."), status=404)


def _repeated(case_uuid: UUID, op_id: UUID, actor: Actor, asked: str) -> Performed | None:
    event = events.by_operation(case_uuid, op_id)
    if event is None:
        return None
    mine = (event.actor["kind"], event.actor.get("id")) == (actor.kind, actor.id)
    if not mine or not isinstance(event.data, CaseActed) or event.data.request != asked:
        raise Problem("key_reused", _("This was sent before with other content."), status=409)
    return Performed(event.sequence, event.position, event.data.to_state, event.data.to_stage)


def _fresh(case: Case, expected: int | None) -> None:
    if expected is None or expected == case.version:
        return
    newest = events.last(case.uuid)
    raise Problem(
        "stale",
        _("The case has moved on since you opened it. Please look again before you go on."),
        status=409,
        version=case.version,
        state=case.state,
        last_action=getattr(newest.data, "action", newest.type) if newest else "",
        last_actor=newest.actor if newest else {},
    )


def _permitted(state: CaseState, action: str, related: frozenset[str]) -> Action:
    workflow = catalogue.workflow(state.workflow)
    chosen = workflow.actions.get(action)
    if chosen is None:
        raise Problem("action", _("This kind of case knows no such action."), status=404)
    verdict = permitted(workflow, state, chosen, related)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    return chosen


def _do(case: Case, state: CaseState, order: Order) -> Performed:
    now = clock.now()
    deed = Deed(
        order.action, order.given.values, order.actor.as_json(), order.unit, now, World(now),
        order.occurred_at, bool(order.given.photos),
    )  # fmt: skip
    changes = decide(catalogue.workflow(state.workflow), state, deed)
    after = evolve(state, changes)
    files = waiting_attachments(order.given.photos)
    event = _event(state, after, changes, order, files)
    done = record(
        event, stream_id=case.uuid, actor=order.actor, op_id=order.op_id,
        occurred_at=order.occurred_at, after=Head(case.version, bytes(case.head)),
    )  # fmt: skip
    rows.put(case, after, done)
    update(case)
    _side_rows(case, order, event, files, done)
    _kin(case, order, event, replace(deed, before=state))
    return Performed(done.sequence, done.position, after.state, after.stage)


def _event(
    before: CaseState,
    after: CaseState,
    changes: dict[str, Any],
    order: Order,
    files: list[Attachment],
) -> CaseActed:
    return CaseActed(
        action=order.action.key,
        from_state=before.state,
        to_state=after.state,
        from_stage=before.stage,
        to_stage=after.stage,
        unit=order.unit,
        changes=changes,
        given={name: _shown(value) for name, value in order.given.values.items()},
        texts=_kept(order.given),
        files=[{"attachment": str(one.uuid), "hash": one.received_sha256} for one in files],
        request=order.asked,
    )


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _kept(given: inputs.Given) -> list[dict[str, str]]:
    if not given.texts:
        return []
    written = [(need, words, written_in(words)) for need, words in given.texts]
    kept = contents.keep_all([(need.name, words, language) for need, words, language in written])
    return [
        {"name": need.name, "audience": need.audience, "language": language, **one.as_json()}
        for (need, _words, language), one in zip(written, kept, strict=True)
    ]


def _kin(case: Case, order: Order, event: CaseActed, deed: Deed) -> None:
    """What the same transaction means for cases that belong to this one."""
    effects, ended = dict(order.action.effects), event.to_stage == Stage.CLOSED
    turned = ended != (event.from_stage == Stage.CLOSED)
    if "merge_into" in effects:
        like = effects["merge_into"]
        alike = like == LIKE or (like is not None and event.from_stage != Stage.INTAKE)
        into = order.given.values["into"]
        move_receipts(case, into, actor=order.actor, unit=order.unit, alike=alike)
    if "part_again" in effects and deed.before:
        into = deed.before.facts["into"]
        give_back_receipts(case, into, actor=order.actor, unit=order.unit)
    if "split_off" in effects:
        open_part(case, order.given.values, event.texts[0], deed, actor=order.actor)
    if kind := kinship.called(effects, order.given.values):
        open_called(case, kind, event.texts[0], deed, actor=order.actor)
    if ended and turned and "whole" in case.facts:
        tell_whole(case)
    if turned and "resolves" in case.facts:
        tell_matter(case, ended=ended)
    open_council(case, event.changes, deed.world)


def _side_rows(
    case: Case,
    order: Order,
    event: CaseActed,
    files: list[Attachment],
    done: Recorded,
) -> None:
    """Rows that hang on the case: files find their case, a rating its receipt."""
    if files:
        Attachment.objects.filter(id__in=[one.id for one in files]).update(
            case=case, event_sequence=done.sequence
        )
    if (event.from_stage == Stage.CLOSED) != (event.to_stage == Stage.CLOSED):
        plan_erasure(case, closed=event.to_stage == Stage.CLOSED)
    if "hand_over" in dict(order.action.effects):
        leave(case, actor=order.actor)
    if "count_answer" in dict(order.action.effects) and order.actor.kind == "resident":
        words = next((text["content"] for text in event.texts), None)
        rating = Rating(
            receipt_id=order.actor.id,  # type: ignore[misc]  # a resident is a receipt
            round=round_of(case.facts),
            solved=event.given["solved"],
            **{name: event.given.get(name, "") for name in ("satisfied", "speed", "manner")},
            words=words,
            rated_at=done.recorded_at,
        )
        insert(rating)
