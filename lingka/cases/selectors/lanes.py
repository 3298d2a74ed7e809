"""Which index ranges hold a person's work: one lane per (relation, desk or unit)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas

OWNERS = (
    "dispatcher", "lead_handler", "verifier", "caller", "reporter", "named_lead", "claimant",
)  # fmt: skip
"""Relations that can own a state. What the desk waits for is whatever it does not own itself."""

Column = Literal["desk_area_id", "lead_unit_id", "helpers", "leader"]
Only = Literal["", "unasked", "asked", "extension", "away", "answers", "leads"]

_BY_DESK: dict[str, tuple[str, ...]] = {
    "dispatcher": ("dispatcher",),
    "verifier": ("verifier", "caller"),
    "supervisor": (),
    "leader": (),
    "administrator": (),
}
_BY_UNIT: dict[str, tuple[Column, ...]] = {"handler": ("lead_unit_id", "helpers")}
_DECIDE_EXTENSIONS = frozenset({"dispatcher", "supervisor"})
_Ranges = dict[tuple[str, Column], set[int]]


@dataclass(frozen=True, order=True)
class Lane:
    """Cases that `owner` must move, at the desks or units whose ids are `keys`.

    Who helps with a case acts while the lead unit does: theirs are lanes of `lead_handler` too.
    What somebody leads by name is a lane of their own, by the user's id.

    `only` narrows a lane: to those not waiting for the resident's answer, to those that do, to
    those where somebody asks for more time, or (of any owner) to those where helpers cannot act,
    where who leads by name owes an answer or the next step, and where not.
    """

    owner: str
    column: Column
    keys: tuple[int, ...]
    only: Only = ""
    but: tuple[int, ...] = ()  # without what these lead by name


def desks_under(area_id: int) -> set[int]:
    """The areas below and including this one at whose desk a case can lie."""
    return {area_id, *areas.desks_under(area_id)}


def lanes_of(posts: Iterable[accounts.PostInfo]) -> tuple[list[Lane], list[Lane]]:
    """The lanes in which these posts must act, and those where they wait for somebody else."""
    mine: _Ranges = {}
    seen: dict[Column, set[int]] = {"desk_area_id": set(), "lead_unit_id": set(), "helpers": set()}
    deciding: set[int] = set()
    leading: set[int] = set()
    for post in posts:
        leading |= {post.user_id} if post.role in accounts.LEADING else set()
        if post.role in _BY_DESK:
            own = {post.area_id} if post.role == "dispatcher" else desks_under(post.area_id)
            for owner in _BY_DESK[post.role]:
                mine.setdefault((owner, "desk_area_id"), set()).update(own)
            seen["desk_area_id"] |= own
            deciding |= own if post.role in _DECIDE_EXTENSIONS else set()
        for column in _BY_UNIT.get(post.role, ()):
            mine.setdefault(("lead_handler", column), set()).add(post.unit_id)
            seen[column].add(post.unit_id)
    asking = _lanes({("lead_handler", "desk_area_id"): deciding}, "extension")
    led: _Ranges = {("", "leader"): leading}
    but = tuple(sorted(leading))
    others = [
        replace(lane, but=but) if lane.owner == "named_lead" else lane
        for lane in _others(mine, seen)
    ]
    return (
        _lanes(mine, "unasked") + asking + _lanes(led, "answers"), others + _lanes(led, "leads")
    )  # fmt: skip


def _lanes(ranges: _Ranges, only: Only) -> list[Lane]:
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
    return _lanes(rest, "") + _lanes(asked, "asked") + _lanes({("", "helpers"): helped}, "away")


def subtree_lanes(posts: Sequence[accounts.PostInfo]) -> list[Lane]:
    """Everything open below the areas of these posts, for supervisors."""
    desks: set[int] = set()
    for post in posts:
        desks.update(desks_under(post.area_id))
    return [Lane(owner, "desk_area_id", tuple(sorted(desks))) for owner in OWNERS] if desks else []
