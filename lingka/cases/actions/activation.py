"""Definitions come into force: checked, hashed, stored for good."""

from pathlib import Path
from typing import Any

import rfc8785
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import checker, parts
from lingka.cases.models import Definition
from lingka.cases.selectors import catalogue
from lingka.core import clock, datafiles
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import sha256
from lingka.core.problems import Problem

ORDERED = ("states", "actions", "groups", "types")
DATA = Path(__file__).parent.parent / "data"


def activate(kind: str, body: dict[str, Any], *, actor: Actor) -> Definition:
    """Put a definition into force; the one in force already is given back unchanged.

    Raises Problem "faulty" (422) that names every fault the checker finds.
    """
    if faults := faults_of(kind, body):
        raise Problem(
            "faulty",
            _("This definition does not hold together: %(first)s") % {"first": faults[0]},
            status=422,
            faults=[str(fault) for fault in faults],
        )
    body = in_own_order(body)
    digest = sha256(rfc8785.dumps(body)).hex()
    with transaction.atomic():
        last = Definition.objects.filter(kind=kind, key=body["key"]).order_by("-number").first()
        if last and last.content_hash == digest:
            return last
        made = Definition.objects.create(
            kind=kind,
            key=body["key"],
            number=last.number + 1 if last else 1,
            body=body,
            content_hash=digest,
            activated_at=clock.now(),
            activated_by=actor.id,
        )
    catalogue.forget()
    return made


def faults_of(kind: str, body: dict[str, Any]) -> list[checker.WorkflowFault]:
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
    """Activate what comes with the package, unless a town has put its own version into force."""
    made = [_shipped(Definition.Kind.DEADLINES, DATA / "deadlines.yaml")]
    paths = sorted((DATA / "workflows").glob("*.yaml"))
    made += [_shipped(Definition.Kind.WORKFLOW, path) for path in paths]
    return [*made, _shipped(Definition.Kind.CASE_TYPES, DATA / "case_types.yaml")]


def _shipped(kind: str, path: Path) -> Definition:
    body = read(path)
    last = Definition.objects.filter(kind=kind, key=body["key"]).order_by("-number").first()
    if last is not None and last.activated_by is not None:
        return last
    return activate(kind, body, actor=SYSTEM)


def read(path: Path) -> dict[str, Any]:
    """A definition file as data."""
    return in_own_order(parts.expanded(datafiles.read(path)))


def in_own_order(body: dict[str, Any]) -> dict[str, Any]:
    """The same with the author's order noted: the database forgets the order of keys."""
    if "order" in body:
        return body
    return {**body, "order": {part: list(body[part]) for part in ORDERED if part in body}}
