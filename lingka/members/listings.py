"""The list of workplaces as a file: counts as their page shows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core import saying
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.members import selectors
from lingka.members.permissions import ASKERS, KEEPERS, kept_paths, own_units


def _workplaces(_a: Actor, posts: Sequence[PostInfo], _q: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.workplaces(paths=kept_paths(posts), own=own_units(posts)):
        yield (
            one.unit, one.area, saying.listed(one.kind_names), saying.listed(one.when),
            one.confirmed_at, one.shown_now,
        )  # fmt: skip


register(
    of_rows(
        "workplaces", _("Workplaces"), KEEPERS | ASKERS,
        (
            (_("Workplace"), 28), (_("Community"), 20), (_("Offers help with"), 32),
            (_("When"), 24), (_("Confirmed"), 17), (_("Take part"), 12),
        ),
        _workplaces, "members:workplaces",
    ),
)  # fmt: skip
