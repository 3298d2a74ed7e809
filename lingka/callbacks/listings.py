"""Whom to call back, as a file: cases, never a name or a number to dial."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.callbacks.sections import CALLERS
from lingka.callbacks.views import parts, waiting_for
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register


def _rows(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for _key, title, _note, rows in parts(waiting_for(posts)):
        for row in rows:
            yield (
                title, pretty(row["number"]), row["title"], row["place"], row["unit"],
                row["tries"], row["when"], row["due"],
            )  # fmt: skip


register(
    of_rows(
        "call-backs", _("Call-backs"), CALLERS,
        (
            (_("State"), 20), (_("Case"), 12), (_("Type"), 24), (_("Place"), 24),
            (_("Lead unit"), 24), (_("Tries"), 8), (_("When"), 24), (_("Next deadline"), 17),
        ),
        _rows, "callbacks:list",
    ),
)  # fmt: skip
