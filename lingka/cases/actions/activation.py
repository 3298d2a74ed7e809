"""Definitions come into force: checked, hashed, stored for good."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from lingka.cases import checker, parts, standing
from lingka.cases.models import Definition
from lingka.cases.selectors import catalogue
from lingka.core import clock, datafiles, histories, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.faults import Fault, refuse
from lingka.core.rulebooks import RulesActivated, stream_of
from lingka.core.versions import after

ORDERED = ("states", "actions", "groups", "types", "options")
DATA = Path(__file__).parent.parent / "data"


def activate(kind: str, body: dict[str, Any], *, actor: Actor) -> Definition:
    """Put a definition into force; the one in force already is given back unchanged.

    Raises Problem "faulty" (422) that names every fault found.
    """
    refuse(judged(kind, body))
    with transaction.atomic():
        made, is_new = _kept(kind, body, histories.by(actor))
        if is_new:
            said = RulesActivated(_called(kind), made.key, made.number, made.content_hash)
            record(said, stream_id=stream_of(_called(kind), made.key), actor=actor)
            transaction.on_commit(catalogue.forget)
    return made


def judged(kind: str, body: dict[str, Any]) -> list[str]:
    """Every fault of a town's own version, by itself and after the one in force."""
    return histories.read(lambda one: faults_of(kind, dict(one)), body) or histories.read(
        lambda one: standing.faults(kind, one, _before(kind, one), _known()), body
    )


def _before(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    last = Definition.objects.filter(kind=kind, key=body.get("key")).order_by("-number").first()
    return last.body if last else {}


def _clocks() -> frozenset[str]:
    """The clocks that have a rule, under whatever policy."""
    data = catalogue.body(catalogue.current(Definition.Kind.DEADLINES, "deadlines"))
    return frozenset(data["always"]).union(*data["policies"].values())


def _known() -> standing.InForce:
    return standing.InForce(
        _clocks(),
        {one.key: catalogue.can_be_a_part(one.key) for one in catalogue.case_types("en")},
    )


def _called(kind: str) -> str:
    """The kind as addresses have it."""
    return kind.replace("_", "-")


def _kept(kind: str, body: dict[str, Any], by: int | None) -> tuple[Definition, bool]:
    """The version that says this, and whether it is new."""
    body = in_own_order(body)
    with transaction.atomic():
        locks.hold(stream_of(_called(kind), body["key"]))
        made, new = after(
            Definition.objects.filter(kind=kind, key=body["key"]), body, kind=kind, key=body["key"],
            body=body, activated_at=clock.now(), activated_by=by,
        )  # fmt: skip
    if new:
        catalogue.forget()
    return made, new


def faults_of(kind: str, body: dict[str, Any]) -> list[Fault]:
    """What the checker finds; a catalogue is checked against what is in force."""
    if kind == Definition.Kind.WORKFLOW:
        return checker.workflow_faults(body)
    if kind == Definition.Kind.DEADLINES:
        return checker.deadlines_faults(body)
    active = Definition.objects.order_by("number").values_list("kind", "key", "id")
    workflows = {key for found, key, _id in active if found == Definition.Kind.WORKFLOW}
    policies = [id_ for found, _key, id_ in active if found == Definition.Kind.DEADLINES]
    known = catalogue.body(policies[-1])["policies"] if policies else {}
    return checker.case_types_faults(body, workflows, set(known))


def activate_shipped() -> list[Definition]:
    """Activate what comes with the package, unless a town has put its own version into force.

    It comes with the program, as everything does that it ships: nobody's act, so no event.
    """
    made = [_shipped(Definition.Kind.DEADLINES, DATA / "deadlines.yaml")]
    paths = sorted((DATA / "workflows").glob("*.yaml"))
    made += [_shipped(Definition.Kind.WORKFLOW, path) for path in paths]
    return [*made, _shipped(Definition.Kind.CASE_TYPES, DATA / "case_types.yaml")]


def _shipped(kind: str, path: Path) -> Definition:
    body = read(path)
    last = Definition.objects.filter(kind=kind, key=body["key"]).order_by("-number").first()
    if last is not None and last.activated_by is not None:
        return last
    refuse(faults_of(kind, body))
    return _kept(kind, body, None)[0]


def read(path: Path) -> dict[str, Any]:
    """A definition file as data."""
    return ready(datafiles.read(path))


def ready(body: dict[str, Any]) -> dict[str, Any]:
    """What a file says, as it is kept: its parts put together, its order noted."""
    return in_own_order(parts.expanded(body))


def in_own_order(body: dict[str, Any]) -> dict[str, Any]:
    """The same with the author's order noted: the database forgets the order of keys. Also of what
    each action lets choose from, so that yes comes before no, and quick before slow."""
    if "order" in body:
        return body
    noted = _noted(body)
    if "actions" in body:
        noted["actions"] = {key: _asking(one) for key, one in body["actions"].items()}
    return noted


def _asking(action: dict[str, Any]) -> dict[str, Any]:
    """An action, what it asks for each in its author's order."""
    if "needs" not in action:
        return action
    return {
        **action,
        "needs": [_noted(one) if "options" in one else one for one in action["needs"]],
    }


def _noted(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "order": {part: list(body[part]) for part in ORDERED if part in body}}
