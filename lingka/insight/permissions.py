"""Who may see whose rates, who may appeal, who may decide, who may publish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.permissions import Allowed, Denied
from lingka.units import selectors as units

BY_AREA = frozenset({"dispatcher", "verifier", "supervisor", "leader", "administrator"})
BY_UNIT = frozenset({"handler"})
READERS = BY_AREA | BY_UNIT
SPEAKERS = READERS - {"leader", "administrator"}  # who speaks of another unit, for their own
REVIEWERS = frozenset({"supervisor"})
PUBLISHERS = frozenset({"supervisor", "administrator"})


@dataclass(frozen=True)
class Reach:
    """Areas whose rates a reader sees, all below included, and units whose own they see."""

    areas: tuple[int, ...]
    units: tuple[int, ...]

    def holds_area(self, area_id: int) -> bool:
        path = areas.area(area_id).path
        return any(path.startswith(areas.area(one).path) for one in self.areas)


def reach(posts: Iterable[PostInfo]) -> Reach:
    posts = list(posts)
    over = {post.area_id for post in posts if post.role in BY_AREA}
    units = {post.unit_id for post in posts if post.role in BY_UNIT}
    widest = sorted(over, key=lambda one: areas.area(one).path.count("/"))
    return Reach(tuple(widest), tuple(sorted(units)))


def may_file(posts: Iterable[PostInfo], unit: int, over: bool) -> Allowed | Denied:  # noqa: FBT001
    """Those of the unit whose rates it concerns, while the case is not published for good."""
    if not any(post.unit_id == unit and post.role in BY_UNIT for post in posts):
        return Denied("unit", _("Only the unit whose figures it concerns may appeal."))
    if over:
        return Denied("over", _("The time to appeal is over for this month."))
    return Allowed()


def may_review(
    posts: Sequence[PostInfo], user: int, *, path: str, involved: Iterable[int],
    handlers: Iterable[int], before: Iterable[int],
) -> Allowed | Denied:  # fmt: skip
    """A supervisor of the area who neither handled the case nor gains by the decision."""
    if not any(post.role in REVIEWERS and path.startswith(post.area_path) for post in posts):
        return Denied("role", _("Supervisors of the area decide on appeals."))
    if user in set(handlers) or {post.unit_id for post in posts} & set(involved):
        return Denied("involved", _("Who handled the case, or gains by it, does not decide."))
    if user in set(before):
        return Denied("again", _("Somebody else decides: you were part of it before."))
    return Allowed()


def may_publish(posts: Iterable[PostInfo]) -> Allowed | Denied:
    """Supervisors and administrators of the whole town."""
    roots = {one.id for one in areas.roots()}
    if any(post.role in PUBLISHERS and post.area_id in roots for post in posts):
        return Allowed()
    return Denied("town", _("Supervisors of the whole town publish rates."))


NO_SPEAKER = Denied(
    "speaker", _("Supervisors of its area and other units speak of a unit, never its own people.")
)


def speaker(posts: Sequence[PostInfo], unit: int) -> tuple[str, int] | None:
    """For which side, and for which unit, somebody speaks of a unit; None for its own people.

    A person is never assessed, and speaks for a unit: who comes second says it anew for both.
    """
    if any(post.unit_id == unit for post in posts):
        return None
    path = areas.area(units.unit(unit).area_id).path
    for post in posts:
        if post.role in REVIEWERS and path.startswith(post.area_path):
            return "superior", post.unit_id
    others = [post for post in posts if post.role in SPEAKERS]
    return ("departments", others[0].unit_id) if others else None
