"""Two cases turn out to be one matter: the reports of the one go on with the other. And back, where
they were two after all."""

from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks, grades, kinship, permissions, replay, rows
from lingka.cases.actions.contacts import plan_erasure
from lingka.cases.actions.councils import open_council
from lingka.cases.actions.leaving import LEFT, name_reporter
from lingka.cases.definitions import PART, Workflow
from lingka.cases.events import CaseOpened, CasesMerged, CasesParted
from lingka.cases.models import Case, Receipt, Stage
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, evolve
from lingka.cases.world import World
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import Head, StoredEvent, history, record
from lingka.core.problems import Problem

MAY = frozenset({"dispatcher", "supervisor"})  # of the case that goes on, too
MAJOR = "major"  # the level of a hazard
UNKNOWN = _("No case with this code lies in your area.")


def move_receipts(case: Case, number: str, *, actor: Actor, unit: int | None, alike: bool) -> None:
    """Every receipt of a case follows another from now on, and keeps its token and contact.

    `alike`: only one that follows the same workflow. In the transaction that closes the case, whose
    row is locked.
    """
    other = _other(case, number, actor)
    _fits(case, other, alike=alike)
    moved = list(Receipt.objects.filter(case=case).order_by("id"))
    Receipt.objects.filter(case=case, came_from=None).update(came_from=case)
    here = Receipt.objects.filter(case=case)
    waiting = here.exclude(kind=LEFT).update(kind="follower")
    here.update(case=other)
    plan_erasure(other, closed=False)  # their contacts go when this one's do
    state = rows.state_of(other)
    facts: dict[str, Any] = {
        "followers": state.facts.get("followers", 0) + waiting,
        "merged": [*state.facts.get("merged", ()), str(case.uuid)],
    }
    if case.grid_id is not None:
        facts["grids"] = sorted({case.grid_id, *state.facts.get("grids", ())})
    workflow, world = catalogue.workflow(state.workflow), World(clock.now())
    promise = kinship.promise_along(rows.state_of(case), state, world)
    told = {"facts": facts, **_promise(promise)}
    changes = grades.with_grade(workflow, state, told, world)
    event = CasesMerged(
        merged=str(case.uuid),
        number=case.number,
        unit=unit,
        receipts=[str(one.uuid) for one in moved],
        changes=changes,
    )
    head = Head(other.version, bytes(other.head))
    done = record(event, stream_id=other.uuid, actor=actor, after=head)
    rows.put(other, evolve(state, event.changes), done)
    other.save()
    open_council(other, changes, world)


def give_back_receipts(case: Case, number: str, *, actor: Actor, unit: int | None) -> None:
    """What came from a merged case follows it again, with contacts and ratings.

    In the transaction that opens it again, whose row is locked. Who named the other by themselves
    stays there.
    """
    other = _locked(number)
    if other is None or not MAY & permissions.relations(other, rows.state_of(other), actor):
        raise Problem("unknown_other", UNKNOWN, status=422)
    moved = _moved_by(case, other)
    back = Receipt.objects.filter(uuid__in=moved)
    if back.exclude(case=other).exists():
        message = _("That case was joined with a third one. Undo that first.")
        raise Problem("merged_on", message, status=409)
    back.filter(came_from=case).update(came_from=None)
    back.update(case=case)
    waiting = back.exclude(kind=LEFT)
    waiting.update(kind="follower")
    waiting.filter(uuid=_first(case)).update(kind="reporter")
    name_reporter(case)
    plan_erasure(case, closed=False)
    state = rows.state_of(other)
    name_reporter(other)  # who came along may have been it meanwhile
    changes = _without(case, other, state, waiting.count())
    event = CasesParted(str(case.uuid), case.number, unit, moved, changes)
    head = Head(other.version, bytes(other.head))
    done = record(event, stream_id=other.uuid, actor=actor, after=head)
    rows.put(other, evolve(state, event.changes), done)
    other.save()


def _moved_by(case: Case, other: Case) -> list[str]:
    """The receipts that the last merging of one case into another took along."""
    return _merging(case, history(other.uuid))[1].receipts


def _merging(case: Case, told: list[StoredEvent]) -> tuple[int, CasesMerged]:
    """When a case was last merged with the one whose events these are, and what that said."""
    return [
        (at, event.data)
        for at, event in enumerate(told)
        if isinstance(event.data, CasesMerged) and event.data.merged == str(case.uuid)
    ][-1]


def _promise(ticking: clocks.Clock | None) -> dict[str, Any]:
    return {"clocks": {kinship.IN_PUBLIC: ticking}} if ticking else {}


def _first(case: Case) -> str:
    """The receipt of whoever reported it."""
    opened = history(case.uuid)[0].data
    return opened.receipt if isinstance(opened, CaseOpened) else ""


def _without(case: Case, other: Case, state: CaseState, receipts: int) -> dict[str, Any]:
    """What another case that leaves changes in this one. Its grade stays: never down."""
    merged = [one for one in state.facts.get("merged", ()) if one != str(case.uuid)]
    grids = Case.objects.filter(uuid__in=merged, grid__isnull=False).values_list("grid", flat=True)
    facts = {
        "followers": max(state.facts.get("followers", 0) - receipts, 0),
        "merged": merged or None,
        "grids": sorted(set(grids)) or None,
    }
    told = history(other.uuid)
    at, merging = _merging(case, told)
    carried = merging.changes.get("clocks", {}).get(kinship.IN_PUBLIC)
    own = replay.fold(told[:at]).clocks.get(kinship.IN_PUBLIC)
    back = kinship.promise_back(carried, dict(own or {}), state, World(clock.now()))
    return {"facts": facts, **_promise(back)}


def _locked(number: str) -> Case | None:
    try:  # whoever has it just now may want this one: waiting could be for ever
        return Case.objects.select_for_update(nowait=True).filter(number=number).first()
    except OperationalError:
        message = _("Somebody is just changing that case. Please try again.")
        raise Problem("busy", message, field="into", status=409) from None


def _other(case: Case, number: str, actor: Actor) -> Case:
    """The case that goes on, locked; a Problem beside the field where it cannot."""
    other = _locked(number)
    if other is None or not MAY & permissions.relations(other, rows.state_of(other), actor):
        raise Problem("unknown_other", UNKNOWN, field="into", status=422)
    if other.pk == case.pk:
        raise Problem("itself", _("This is the case itself."), field="into", status=422)
    if other.channel == PART:
        message = _("That is part of a case. Choose the whole.")
        raise Problem("part", message, field="into", status=422)
    if other.stage == Stage.CLOSED:
        message = _("That case is closed already. Choose one that goes on.")
        raise Problem("closed", message, field="into", status=422)
    if other.case_type != case.case_type and _hidden(other, case):
        message = _("One of these two is not shown in public: they cannot go on as one.")
        raise Problem("hidden", message, field="into", status=422)
    return other


def _fits(case: Case, other: Case, *, alike: bool) -> None:
    """The other goes on as this one would: its people are asked, what is owed stays owed."""
    mine, its = (catalogue.workflow(one.workflow_id) for one in (case, other))
    if "merge" not in its.actions or (_asks(mine) and not _asks(its)):
        message = _(
            "That case goes a way of its own. Choose one whose residents are asked as well."
        )
        raise Problem("other_way", message, field="into", status=422)
    if alike and mine.key != its.key:
        message = _("Its ledger tells of every one of these: choose another of the same kind.")
        raise Problem("other_ledger", message, field="into", status=422)
    major = case.facts.get("level") == MAJOR != other.facts.get("level")
    if alike and (major or ("listed" in case.facts and "listed" not in other.facts)):
        message = _("This one is the graver, or is listed in public. Join the other with this one.")
        raise Problem("graver", message, field="into", status=422)


def _asks(workflow: Workflow) -> bool:
    """Whether whoever reported says at the end if it is solved."""
    asked = (one for one in workflow.actions.values() if "reporter" in one.by)
    return any(("count_answer", None) in one.effects for one in asked)


def _hidden(*cases: Case) -> bool:
    """Whether only some of these are of kinds that the public may see."""
    kinds = {catalogue.case_type(one.case_type, "en").publication for one in cases}
    return len(kinds) > 1
