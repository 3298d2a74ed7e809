"""The administrators' list of guides as a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas.selectors import whole_town
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.guides import selectors


def _guides(_actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.guides():
        kind = _("Service with papers") if one.kind == "service" else _("Answer")
        yield one.title, kind, one.source, one.source_date, one.number


register(
    of_rows(
        "guides", _("Guides"), frozenset({"administrator"}),
        (
            (_("Question"), 40), (_("Kind"), 18), (_("Source"), 40), (_("Source is of"), 12),
            (_("Version"), 10),
        ),
        _guides, "guides:desk", fits=whole_town,
    ),
)  # fmt: skip
