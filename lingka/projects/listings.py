"""The year's projects as a file, as everybody reads them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.projects import selectors
from lingka.projects.permissions import KEEPERS, OWNERS, own_units, paths


def _projects(_a: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for listed in selectors.lists_of(paths(posts), own_units(posts)):
        for one in selectors.projects_of(listed.uuid):
            yield (
                listed.year, listed.area, one.number, one.title, one.where, one.owner,
                one.planned, one.spent, one.first_due, one.due, one.label, one.why_late,
            )  # fmt: skip


register(
    of_rows(
        "projects", _("Livelihood projects"), KEEPERS | OWNERS,
        (
            (_("Year"), 8), (_("Area"), 20), (_("Number"), 8), (_("Title"), 28), (_("Where"), 24),
            (_("Who owns it"), 20), (_("Planned cost in yuan"), 14),
            (_("Spent so far, in yuan"), 14),
            (_("Done by, as published"), 14), (_("Done by"), 14), (_("State"), 22), (_("Why"), 40),
        ),
        _projects, "projects:desk",
    )
)  # fmt: skip
