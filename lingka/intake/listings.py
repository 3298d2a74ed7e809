"""Days of live calls as a file: what came of each, without who called."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.intake import selectors


def _days(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for day in selectors.call_days(posts):
        if not day.calls:
            yield day.starts_at, day.ends_at, day.name, "", "", "", "", None
        for one in day.calls:
            yield (
                day.starts_at, day.ends_at, day.name, pretty(one.number), one.name, one.stage,
                one.owed_by, None if one.answered else one.due_at,
            )  # fmt: skip


register(
    of_rows(
        "call-days", _("Days of live calls"), frozenset({"dispatcher"}),
        (
            (_("From"), 17), (_("Until"), 17), (_("Leader"), 18), (_("Case"), 12), (_("Type"), 24),
            (_("Stage"), 14), (_("Answer owed by"), 18), (_("Until when"), 17),
        ),
        _days, "intake:call-days",
    ),
)  # fmt: skip
