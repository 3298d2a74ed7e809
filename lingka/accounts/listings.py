"""Units, staff and agreements as files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts import views_staff, views_units
from lingka.accounts.administering import sought_in
from lingka.accounts.selectors import PostInfo
from lingka.accounts.views_agreements import READERS, paths_of, shown
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.core.text import pick
from lingka.units import selectors as units

ADMINISTRATORS = frozenset({"administrator"})
TYPED = frozenset({"name"})
CLOSED = _("closed")
STATES = {"over": _("Run out"), "soon": _("runs out soon"), "waiting": _("not yet in force")}


def _units(actor: Actor, _posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    found = views_units.narrowed(views_units.rows_for(actor), sought_in(query))
    for unit, kind, area in found:
        yield pick(unit.name), kind, area, unit.phone, "" if unit.active else CLOSED


def _staff(actor: Actor, _posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    found = views_staff.narrowed(views_staff.rows_for(actor), sought_in(query))
    for person, posts in found:
        yield person.name, person.username, ", ".join(posts), "" if person.is_active else CLOSED


def _agreements(_a: Actor, posts: Sequence[PostInfo], _q: Mapping[str, str]) -> Iterator[Any]:
    for row in map(shown, units.agreements(*paths_of(posts))):
        yield (
            pick(row.unit.name), pick(row.one.promise), ", ".join(row.areas), ", ".join(row.work),
            row.one.valid_from, row.one.last_day, STATES.get(row.state, ""),
        )  # fmt: skip


register(
    of_rows(
        "units", _("Units"), ADMINISTRATORS,
        (
            (_("Unit"), 24), (_("Kind of unit"), 20), (_("Area"), 24), (_("Telephone"), 16),
            (_("State"), 12),
        ),
        _units, "units", words=TYPED,
    ),
    of_rows(
        "staff", _("Staff"), ADMINISTRATORS,
        ((_("Name"), 18), (_("Name to sign in with"), 20), (_("Posts"), 48), (_("State"), 12)),
        _staff, "staff", words=TYPED,
    ),
    of_rows(
        "agreements", _("Agreements"), READERS,
        (
            (_("Unit"), 24), (_("Promise"), 40), (_("Areas"), 24), (_("Work"), 24),
            (_("From"), 12), (_("Until"), 12), (_("State"), 16),
        ),
        _agreements, "agreements",
    ),
)  # fmt: skip
