"""The desk's search box: a receipt or case code, or a place. There is no search across people."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.models import Case, Receipt
from lingka.cases.selectors.page import find
from lingka.core.actors import Actor
from lingka.core.codes import normalise

OF_A_PLACE = 25


@dataclass(frozen=True)
class Found:
    case: Case | None = None  # the code names exactly this one
    place: "areas.PlaceInfo | None" = None
    cases: list[Case] = field(default_factory=list)  # of the place, newest first


def search(text: str, actor: Actor, posts: Sequence[PostInfo]) -> Found:
    """A code of a case, of a receipt or of a place, in this order. Only what the actor may see."""
    text = text.strip()
    code = normalise(text)
    if code:
        number = Receipt.objects.filter(short_code=code).values_list("case__number").first()
        for candidate in (code, code[:6], number[0] if number else ""):
            case = find(candidate, actor, posts) if candidate else None
            if case is not None:
                return Found(case=case)
    place = areas.place_by_code(text) or (areas.place_by_code(code) if code else None)
    if place is None:
        return Found()
    return Found(place=place, cases=_of_place(place, posts))


def _of_place(place: "areas.PlaceInfo", posts: Sequence[PostInfo]) -> list[Case]:
    """Through the grid's index, so that a place's list costs the same in any year."""
    grid = areas.area(place.grid_id)
    if grid is None or not any(grid.path.startswith(post.area_path) for post in posts):
        return []
    recent = Case.objects.filter(grid_id=place.grid_id).order_by("-id")[:400]
    return [case for case in recent if case.place_id == place.id][:OF_A_PLACE]
