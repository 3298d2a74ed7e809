"""In which relations an actor stands to a case. Actions name the relations that may do them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases.models import AssignmentLink, Case, Rating, Receipt
from lingka.cases.workflow import CaseState, had_a_hand, round_of
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied

Relations = frozenset[str]
CLAIMING = frozenset({"handler", "grid_worker"})
SILENT = frozenset({"onlooker", "called_unit", "claimant"})  # give no part in what is said
OVER_AN_AREA: dict[str, Relations] = {  # what a post gives towards every case of its area
    "supervisor": frozenset({"supervisor", "verifier", "caller", "ruler"}),
    "leader": frozenset({"leader", "ruler"}),
    "verifier": frozenset({"verifier", "caller"}),
    "grid_worker": frozenset({"grid_worker"}),
}
SENDS_AGAIN = frozenset({"dispatcher", "caller", "supervisor"})


@dataclass(frozen=True)
class Standing:
    """How an actor stands to a case, and the unit that the actor speaks for."""

    relations: Relations
    unit: int | None = None


def relations(case: Case, state: CaseState, actor: Actor) -> Relations:
    """All relations of this actor to this case; empty for a stranger."""
    return standing(case, state, actor).relations


def standing(case: Case, state: CaseState, actor: Actor) -> Standing:
    """Relations and unit in one reading of the actor's posts."""
    if actor.kind == "system":
        return Standing(frozenset({"system"}))
    if actor.kind == "resident":
        return Standing(_of_receipt(case, state, actor))
    if actor.kind == "link":
        return _of_link(case, state, actor)
    if actor.kind == "member":
        return _of_member(state, actor)
    if actor.kind == "user" and actor.id is not None:
        posts = accounts.posts_of(actor.id)
        found = of_posts(state, actor.id, posts)
        return Standing(found, _speaks_for(state, posts))
    return Standing(frozenset())


def _of_link(case: Case, state: CaseState, actor: Actor) -> Standing:
    """What a unit's link lets do, while it works and the unit still has that part of the case."""
    held = AssignmentLink.objects.filter(
        id=actor.id or 0, case_id=case.id, revoked_at=None, expires_at__gt=clock.now()
    ).first()
    part = {"unit": held.unit_id, "kind": held.kind, "ended": None} if held else {}
    if held is None or not any(part.items() <= one.items() for one in state.assignments):
        return Standing(frozenset())
    return Standing(frozenset({f"link_{held.kind}"}), held.unit_id)


def _of_member(state: CaseState, actor: Actor) -> Standing:
    """Somebody who takes part may claim what is free. They have it beside the community's desk,
    which hands it over: nobody outside learns whose wish it is."""
    found = {"claimant"} if _to_claim(state) else set()
    if state.owner == "lead_handler" and state.facts.get("route", {}).get("member") == actor.id:
        found.add("lead_handler")
    desks = accounts.posts_over(areas.area(state.desk_area).path, "dispatcher") if found else []
    if not desks:
        return Standing(frozenset())
    nearest = max(desks, key=lambda post: len(post.area_path))
    return Standing(frozenset(found), nearest.unit_id)


def _speaks_for(state: CaseState, posts: list[accounts.PostInfo]) -> int | None:
    """The unit in charge, else one that helps, else the first of somebody's own."""
    own = [post.unit_id for post in posts]
    handling = {post.unit_id for post in posts if post.role == "handler"}
    if state.lead_unit in handling:
        return state.lead_unit
    called = [one["unit"] for one in state.assignments if one["unit"] in handling]
    return next(iter([*reversed(called), *own]), None)


def _of_receipt(case: Case, state: CaseState, actor: Actor) -> Relations:
    receipt = Receipt.objects.filter(id=actor.id or 0, case_id=case.id).first()
    if receipt is None:
        return frozenset()
    found = {receipt.kind}
    if Rating.objects.filter(receipt=receipt, round=round_of(state.facts)).exists():
        found.add("rated")
    return frozenset(found)


def of_posts(state: CaseState, user: int, posts: Iterable[accounts.PostInfo]) -> Relations:
    """The relations that a user's posts give. Pure but for the cached area of the desk."""
    desk = areas.area(state.desk_area).path
    co = {one["unit"] for one in state.assignments if one["kind"] == "co" and not one["ended"]}
    found: set[str] = set()
    for post in posts:
        found |= _by_area(post, state, desk) | _by_unit(post, state, co)
    if state.facts.get("leader") == user:
        found |= {"named_lead", "ruler"}
    if found - SILENT:
        found |= {"on_the_case"} | _separated(state, user, posts)
    return frozenset(found)


def _by_area(post: accounts.PostInfo, state: CaseState, desk: str) -> set[str]:
    if not state.area_path.startswith(post.area_path):
        return set()
    found: set[str] = {"above"} if _is_above(post, desk) else set()
    if post.role == "dispatcher":
        found.add("onlooker")
        if desk.startswith(post.area_path):
            found |= {"dispatcher", "ruler"}
    found |= OVER_AN_AREA.get(post.role, frozenset())
    if post.role in CLAIMING and _to_claim(state):
        found.add("claimant")
    return found


def _is_above(post: accounts.PostInfo, desk: str) -> bool:
    """Who rules at a level above the desk; above the topmost desk, its supervisors."""
    higher = desk.startswith(post.area_path) and desk != post.area_path
    if post.role == "dispatcher":
        return higher
    return post.role == "supervisor" and (higher or desk == post.area_path == _top(desk))


def _top(path: str) -> str:
    return "/".join(path.split("/")[:2]) + "/"


def _to_claim(state: CaseState) -> bool:
    """Free to be claimed, or just claimed: whoever comes second is told so."""
    claimed = state.facts.get("route", {}).get("by") == "claim" and state.owner == "lead_handler"
    return state.owner == "claimant" or claimed


def _by_unit(post: accounts.PostInfo, state: CaseState, co: set[int]) -> set[str]:
    found: set[str] = set()
    if any(one["unit"] == post.unit_id for one in state.assignments):
        found.add("onlooker")  # also after its part has ended: it may read what became of it
        found |= {"called_unit"} if post.role == "handler" else set()
    if post.unit_id == state.facts.get("reinspector"):
        found.add("reinspector")
    if post.role == "handler" and post.unit_id == state.lead_unit:
        found.add("lead_handler")
    if post.role == "handler" and post.unit_id in co:
        found.add("co_handler")
    return found


def _separated(state: CaseState, user: int, posts: Iterable[accounts.PostInfo]) -> set[str]:
    """Relations that keep roles apart: who handled, helped to or answers for it, who asked."""
    found = set()
    named = {state.facts.get("handled_by"), state.facts.get("leader")}
    if user in named | set(state.facts.get("hands", ())):
        found.add("handled_this")
    if had_a_hand(state.assignments, state.facts) & {post.unit_id for post in posts}:
        found.add("handling_unit")
    if state.facts.get("extension", {}).get("by") == user:
        found.add("asked_extension")
    return found


def may_send_again(related: Relations) -> Allowed | Denied:
    """Those who speak with residents may; who handles the case has no need to."""
    if related & SENDS_AGAIN:
        return Allowed()
    return Denied("desk", _("Only the desk, callers and supervisors send a receipt again."))


def may_link(related: Relations) -> Allowed | Denied:
    """Whoever dispatches or oversees a case may give a unit without accounts a link to it."""
    if related & {"dispatcher", "supervisor"}:
        return Allowed()
    return Denied("desk", _("Only the desk and supervisors make or revoke links."))


def may_audit(related: Relations) -> Allowed | Denied:
    """The desk and supervisors answer for who read a contact."""
    if related & {"dispatcher", "supervisor"}:
        return Allowed()
    return Denied("desk", _("Only the desk and supervisors see who read a contact."))
