"""What was changed, as a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core import events
from lingka.core.actors import Actor
from lingka.core.listings import MOST, of_rows, register
from lingka.ops.permissions import whole
from lingka.ops.views_changes import told


def _changes(_actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in told(events.beside_cases(MOST)):
        yield one["at"], one["what"], one["which"], one["who"]


register(
    of_rows(
        "changes", _("What was changed"), frozenset({"administrator"}),
        ((_("When"), 17), (_("What"), 30), (_("Which"), 40), (_("By whom"), 24)),
        _changes, "ops:changes", fits=whole,
    ),
)  # fmt: skip
