"""Who else may see a case, so that a note can name them."""

from dataclasses import dataclass

from lingka.accounts import selectors as accounts
from lingka.cases import permissions
from lingka.cases.models import Case
from lingka.cases.rows import state_of
from lingka.core.actors import Actor


@dataclass(frozen=True)
class Colleague:
    id: int
    name: str
    unit_id: int
    role: str


def colleagues_of(case: Case, actor: Actor, relation: str = "") -> list[Colleague]:
    """Everybody but oneself whose posts relate to the case, in this way if one is named, by unit
    and name. One statement."""
    units = {one["unit"] for one in case.assignments} | {case.lead_unit_id}
    held: dict[int, list[accounts.PostInfo]] = {}
    names = {}
    for post, name in accounts.posts_around(case.area_path, [one for one in units if one]):
        held.setdefault(post.user_id, []).append(post)
        names[post.user_id] = name
    state = state_of(case)
    found = [
        Colleague(user, names[user], posts[0].unit_id, posts[0].role)
        for user, posts in held.items()
        if user != actor.id
        and (related := permissions.of_posts(state, user, posts))
        and (not relation or relation in related)
    ]
    return sorted(found, key=lambda one: (one.unit_id, one.name))
