"""The year's projects, and the three lists, as files, as everybody reads them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core import saying
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.projects import selectors, three
from lingka.projects.permissions import KEEPERS, OWNERS, own_units, paths


def _projects(_a: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for listed in selectors.lists_of(paths(posts), own_units(posts)):
        for one in selectors.projects_of(listed.uuid):
            yield (
                listed.year, listed.area, one.number, one.title, one.where, one.owner,
                one.planned, one.spent, one.first_due, one.due, one.label, one.why_late,
            )  # fmt: skip


def _three(_a: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    shown = three.three(paths(posts))
    for need in shown["needs"]:
        yield (
            _("Needs"), need.title, need.kind_name, need.area, need.unit, saying.listed(need.when),
            need.until, need.label, need.why,
        )  # fmt: skip
    for lent in shown["resources"]:
        yield (
            _("What units lend"), lent.title, lent.kind_name, lent.area, lent.unit,
            saying.listed(lent.when), lent.until, "", "",
        )  # fmt: skip
    for listed, found in shown["lists"]:
        for one in found:
            yield (
                _("Livelihood projects"), one.title, "", listed.area, one.owner, "", one.due,
                one.label, one.why_late,
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
    ),
    of_rows(
        "three-lists", _("Three lists"), KEEPERS,
        (
            (_("List"), 16), (_("Title"), 28), (_("Kind"), 16), (_("Area"), 20),
            (_("Who sees to it"), 20), (_("When"), 24), (_("Until"), 14), (_("State"), 22),
            (_("Why"), 40),
        ),
        _three, "projects:desk-lists",
    ),
)  # fmt: skip
