"""Which index ranges hold a person's work: one lane per (relation, desk or unit)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases.owed import OWED

OWNERS = (
    "dispatcher", "lead_handler", "verifier", "caller", "reporter", "named_lead", "claimant",
)  # fmt: skip
"""Relations that can own a state. What the desk waits for is whatever it does not own itself."""

Column = Literal["desk_area_id", "lead_unit_id", "helpers", "leader", "reinspector"]

_BY_DESK: dict[str, tuple[str, ...]] = {
    "dispatcher": ("dispatcher",),
    "verifier": ("verifier", "caller"),
    "supervisor": (),
    "leader": (),
    "administrator": (),
}
_BY_UNIT: dict[str, tuple[Column, ...]] = {"handler": ("lead_unit_id", "helpers")}
_Ranges = dict[tuple[str, Column], set[int]]


@dataclass(frozen=True, order=True)
class Lane:
    """Cases that `owner` must move, at the desks or units whose ids are `keys`.

    Who helps with a case acts while the lead unit does: theirs are lanes of `lead_handler` too.
    What somebody leads by name is a lane of their own, by the user's id, and what a unit was named
    to look at again one of that unit's, kept from who checks otherwise.

    `only` narrows a lane: to those not waiting for the resident's answer nor for a unit that was
    named, to those that do wait for either, or (of any owner) to those where helpers cannot act,
    where who leads by name owes an answer or the next step, where not, and to each kind of `OWED`.
    """

    owner: str
    column: Column
    keys: tuple[int, ...]
    only: str = ""
    but: tuple[str, tuple[int, ...]] = ("", ())  # without those in whose fact one of these stands


def desks_under(area_id: int) -> set[int]:
    """The areas below and including this one at whose desk a case can lie."""
    return {area_id, *areas.desks_under(area_id)}


def lanes_of(posts: Iterable[accounts.PostInfo]) -> tuple[list[Lane], list[Lane]]:
    """The lanes in which these posts must act, and those where they wait for somebody else."""
    posts = list(posts)
    mine: _Ranges = {}
    seen: dict[Column, set[int]] = {"desk_area_id": set(), "lead_unit_id": set(), "helpers": set()}
    for post in posts:
        if post.role in _BY_DESK:
            own = _desks_of(post)
            for owner in _BY_DESK[post.role]:
                mine.setdefault((owner, "desk_area_id"), set()).update(own)
            seen["desk_area_id"] |= own
        for column in _BY_UNIT.get(post.role, ()):
            mine.setdefault(("lead_handler", column), set()).add(post.unit_id)
            seen[column].add(post.unit_id)
    led: _Ranges = {("", "leader"): {p.user_id for p in posts if p.role in accounts.LEADING}}
    again: _Ranges = {("verifier", "reinspector"): {post.unit_id for post in posts}}
    own_names = {"named_lead": ("leader", led), "verifier": ("reinspector", again)}
    others = [_without(lane, own_names) for lane in _others(mine, seen)]
    return (
        _lanes(mine, "unasked") + _beside(posts) + _lanes(led, "answers") + _lanes(again, ""),
        others + _lanes(led, "leads"),
    )


def _desks_of(post: accounts.PostInfo) -> set[int]:
    return {post.area_id} if post.role == "dispatcher" else desks_under(post.area_id)


def _beside(posts: Sequence[accounts.PostInfo]) -> list[Lane]:
    """What these posts owe though another relation owns the state: of any owner, by desk."""
    found = []
    for one in OWED:
        desks = [_desks_of(post) for post in posts if post.role in one.roles]
        found += _lanes({("", "desk_area_id"): set().union(*desks)}, one.key)
    return found


def _without(lane: Lane, own_names: Mapping[str, tuple[str, _Ranges]]) -> Lane:
    """What somebody has to do by name is not with others."""
    fact, ranges = own_names.get(lane.owner, ("", {}))
    keys = sorted(set().union(*ranges.values()))
    return replace(lane, but=(fact, tuple(keys))) if keys else lane


def _lanes(ranges: _Ranges, only: str) -> list[Lane]:
    return sorted(
        Lane(owner, column, tuple(sorted(keys)), only)
        for (owner, column), keys in ranges.items()
        if keys
    )


def _others(mine: _Ranges, seen: dict[Column, set[int]]) -> list[Lane]:
    helped = seen.pop("helpers")
    rest: _Ranges = {
        (owner, column): keys - mine.get((owner, column), set())
        for column, keys in seen.items()
        for owner in OWNERS
    }
    asked = {(owner, column): keys for (owner, column), keys in mine.items() if column in seen}
    named = {at: keys for at, keys in asked.items() if at[0] == "verifier"}
    away: _Ranges = {("", "helpers"): helped}
    return _lanes(rest, "") + _lanes(asked, "asked") + _lanes(named, "named") + _lanes(away, "away")


def subtree_lanes(posts: Sequence[accounts.PostInfo]) -> list[Lane]:
    """Everything open below the areas of these posts, for supervisors."""
    desks: set[int] = set()
    for post in posts:
        desks.update(desks_under(post.area_id))
    return [Lane(owner, "desk_area_id", tuple(sorted(desks))) for owner in OWNERS] if desks else []
