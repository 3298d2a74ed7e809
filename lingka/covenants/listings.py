"""Covenants of one's areas as a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.covenants import permissions, selectors


def _rows(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.covenants(permissions.kept_paths(posts)):
        yield one.name, one.area, one.holding.number, one.holding.since, one.ended_on


register(
    of_rows(
        "covenants", _("Covenants"), permissions.KEEPERS,
        (
            (_("Name"), 40), (_("Area"), 20), (_("Version"), 10), (_("In force from"), 14),
            (_("It holds no longer from"), 14),
        ),
        _rows, "covenants:desk",
    )
)  # fmt: skip
