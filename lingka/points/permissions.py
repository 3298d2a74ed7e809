"""Who may enter what was earned, look at what was drawn, correct, and serve at a counter."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.permissions import Allowed, Denied, PermissionRefused

CORRECTORS = frozenset({"supervisor", "administrator"})
ENTERING = frozenset({"dispatcher", "supervisor", "administrator"})
COUNTER = frozenset({"handler"}) | ENTERING  # of a unit's people, who serve at its exchange point
REVIEWERS = frozenset({"verifier", "supervisor", "administrator"})
OWN_ENTRY = Denied("own_entry", _("Somebody else looks at what you entered yourself."))
OWN_POINTS = Denied("own_points", _("Somebody else looks at what you earned yourself."))


def posts_of(actor: Actor) -> list[PostInfo]:
    return accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []


def _over(actor: Actor, roles: frozenset[str], path: str) -> bool:
    """A post in one of these roles over an area; what names no area is a matter of all."""
    return actor.kind == "system" or any(
        post.role in roles and (not path or path.startswith(post.area_path))
        for post in posts_of(actor)
    )


def corrected_paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts take back what was entered wrongly."""
    return tuple(post.area_path for post in posts if post.role in CORRECTORS)


def may_correct(actor: Actor, path: str) -> Allowed | Denied:
    """Taking back what was entered wrongly, in one's own area. What names no area is a matter of
    those over the whole town."""
    if actor.kind == "system" or any(
        path.startswith(post.area_path) if path else areas.area(post.area_id).parent_id is None
        for post in posts_of(actor)
        if post.role in CORRECTORS
    ):
        return Allowed()
    said = _("Supervisors and administrators of the area correct entries.")
    return Denied("not_corrector", said)


def may_recognise(actor: Actor) -> Allowed | Denied:
    """Freezing a year, for the whole town."""
    if actor.kind == "system" or areas.whole_town(posts_of(actor)):
        return Allowed()
    return Denied("not_whole_town", _("Administrators of the whole town do this."))


def may_enter(actor: Actor, path: str) -> Allowed | Denied:
    """Entering what no event tells of, in one's own area."""
    if _over(actor, ENTERING, path):
        return Allowed()
    return Denied("not_desk", _("The desk of the area enters this."))


def may_review(actor: Actor, path: str, given_by: int | None) -> Allowed | Denied:
    """Looking at what was drawn, in one's own area, never at one's own entry."""
    if given_by is not None and actor.kind == "user" and actor.id == given_by:
        return OWN_ENTRY
    if _over(actor, REVIEWERS, path):
        return Allowed()
    return Denied("not_reviewer", _("Verifiers, supervisors and administrators look at this."))


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)


KEEPERS = frozenset({"dispatcher", "supervisor", "administrator"})


def kept_paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts set exchange points up."""
    return tuple(post.area_path for post in posts if post.role in KEEPERS)


def may_set_up(actor: Actor, path: str) -> Allowed | Denied:
    """Opening and closing exchange points: the desk of the area."""
    if _over(actor, KEEPERS, path):
        return Allowed()
    return Denied("not_desk", _("The desk of the area sets exchange points up."))


def may_serve(actor: Actor, unit: int, path: str) -> Allowed | Denied:
    """At the counter: who handles or dispatches in its unit, and the desk of the area. Who walks
    the grid, calls back or leads there does neither."""
    if may_set_up(actor, path) or unit in served_units(posts_of(actor)):
        return Allowed()
    return Denied("not_counter", _("Who works at this exchange point does this."))


def served_units(posts: Iterable[PostInfo]) -> set[int]:
    """The units at whose exchange points these posts serve."""
    return {post.unit_id for post in posts if post.role in COUNTER}


def reviewed_paths(posts: Iterable[PostInfo]) -> tuple[str, ...]:
    """Where these posts look at what was drawn."""
    return tuple(post.area_path for post in posts if post.role in REVIEWERS)


def own_units(posts: Iterable[PostInfo]) -> set[int]:
    """The workplaces for which these posts speak."""
    return {post.unit_id for post in posts if post.role == "handler"}


def may_speak_for(actor: Actor, unit: int) -> Allowed | Denied:
    """A workplace takes part when somebody who works there says so."""
    if unit in own_units(posts_of(actor)):
        return Allowed()
    return Denied("not_ours", _("Who works there decides this."))
