"""Workers' phones as a file, as far as one sees them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.cases.desk import DESK_ROLES
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.field import selectors

STATES = {
    "works": _("works"), "revoked": _("revoked"), "erased": _("erased"), "cleared": _("cleared"),
}  # fmt: skip


def _phones(actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.phones(actor.id or 0, posts):
        yield (
            one.name, one.owner, one.registered_on, one.last_seen_on, one.waiting,
            STATES.get(one.state, one.state),
        )  # fmt: skip


register(
    of_rows(
        "phones", _("Phones"), DESK_ROLES,
        (
            (_("Phone"), 24), (_("Whose"), 18), (_("Known since"), 12), (_("Came by last"), 12),
            (_("Not sent yet"), 10), (_("State"), 14),
        ),
        _phones, "field:index",
    ),
)  # fmt: skip
