"""What is kept in versions, as it was last changed, as a file. Not every other event of the page:
a list of who did what by the minute would follow those who work."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.ops import versions
from lingka.ops.permissions import whole


def _changes(_actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in versions.lines():
        yield one.at, one.name, one.kind, one.number, one.changed, one.who


register(
    of_rows(
        "versions", _("Kept in versions"), frozenset({"administrator"}),
        (
            (_("When"), 17), (_("What"), 30), (_("Which"), 20), (_("Version"), 10),
            (_("Changed last"), 40), (_("By whom"), 24),
        ),
        _changes, "ops:changes", fits=whole,
    ),
)  # fmt: skip
