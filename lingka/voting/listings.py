"""Votes of one's areas as a file: what is asked and what was decided, never who voted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.voting import permissions, rules, selectors


def _votes(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.votes(rules.STATES, paths=permissions.kept_paths(posts)):
        yield (
            one.question,
            one.area,
            one.rule.name,
            one.roll,
            one.closes_at,
            one.state_name,
            one.won,
        )


register(
    of_rows(
        "votes", _("Votes"), permissions.KEEPERS,
        (
            (_("The question"), 40), (_("Area"), 20), (_("Voting rule"), 26),
            (_("In the roll"), 12), (_("Voting ends"), 17), (_("State"), 14), (_("Decided"), 24),
        ),
        _votes, "voting:desk",
    )
)  # fmt: skip
