"""One area with what lies in it, as a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors
from lingka.areas.levels import scheme
from lingka.areas.pages import below
from lingka.areas.permissions import HasRole, may_administer
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.core.problems import Problem
from lingka.core.text import pick

LONGEST = 18  # digits of an id


def _tree(_actor: Actor, posts: Sequence[HasRole], query: Mapping[str, str]) -> Iterator[Any]:
    number = query.get("area_id", "")[:LONGEST]
    try:
        area = selectors.area(int(number)) if number.isdecimal() else None
    except Problem:
        return
    if area is not None and not may_administer(posts, area.path):
        return
    children, places = below(posts, area)
    for one in children:
        level = scheme().level(one.level)
        yield pick(level.name if level else {}), pick(one.name), one.code, one.households
    for place in places:
        yield (
            pick(scheme().place_kinds.get(place.kind, {})),
            pick(place.name),
            pretty(place.code),
            None,
        )


register(
    of_rows(
        "areas", _("Areas and places"), frozenset({"administrator"}),
        ((_("Level"), 16), (_("Name"), 30), (_("Code"), 14), (_("Households"), 12)),
        _tree, "areas:tree", "areas:area",
    ),
)  # fmt: skip
