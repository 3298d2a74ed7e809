"""The desk's search box: a code, or a place by its name. There is no search across people."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.models import Case, Receipt
from lingka.cases.selectors.page import find
from lingka.core.actors import Actor
from lingka.core.codes import normalise

OF_A_PLACE = 25
PLACES = 20  # shown where a name fits several
SHORTEST = 2  # signs of a name: one alone fits everything


@dataclass(frozen=True)
class Found:
    case: Case | None = None  # the code names exactly this one
    place: "areas.PlaceInfo | None" = None
    cases: list[Case] = field(default_factory=list)  # of the place, newest first
    places: "list[areas.PlaceInfo]" = field(default_factory=list)  # where a name fits several


def search(text: str, actor: Actor, posts: Sequence[PostInfo]) -> Found:
    """A code of a case, of a receipt or of a place, then a place's name or address, in this order.

    Only what the actor may see, and never the words of a case: they could name somebody.
    """
    text = text.strip().replace("\x00", "")
    code = normalise(text)
    if code:
        number = Receipt.objects.filter(short_code=code).values_list("case__number").first()
        for candidate in (code, code[:6], number[0] if number else ""):
            case = find(candidate, actor, posts) if candidate else None
            if case is not None:
                return Found(case=case)
    place = areas.place_by_code(text) or (areas.place_by_code(code) if code else None)
    if place is not None:
        return Found(place=place, cases=_of_place(place, posts))
    named = _named(text, posts)
    if len(named) == 1:
        return Found(place=named[0], cases=_of_place(named[0], posts))
    return Found(places=named)


def _named(text: str, posts: Sequence[PostInfo]) -> "list[areas.PlaceInfo]":
    """Places within the posts' areas: the reach of a post ends where its work does."""
    if len(text) < SHORTEST:
        return []
    return areas.places_named(text, {post.area_id for post in posts}, PLACES)


def _of_place(place: "areas.PlaceInfo", posts: Sequence[PostInfo]) -> list[Case]:
    """Through the grid's index, so that a place's list costs the same in any year."""
    grid = areas.area(place.grid_id)
    if grid is None or not any(grid.path.startswith(post.area_path) for post in posts):
        return []
    recent = Case.objects.filter(grid_id=place.grid_id).order_by("-id")[:400]
    return [case for case in recent if case.place_id == place.id][:OF_A_PLACE]
