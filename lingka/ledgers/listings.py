"""Ledgers as files: how each case stands, without the words in which it was told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.cases.desk import DESK_ROLES
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.ledgers import selectors, views
from lingka.ledgers.sections import SEES_DEMANDS
from lingka.ledgers.selectors import Shown


def _hazards(_actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    """Those that are open, then all that ended within a year."""
    yield from (_hazard(one) for one in selectors.hazards())
    rows, before = selectors.gone_hazards()
    while rows:
        yield from (_hazard(one) for one in rows)
        rows, before = selectors.gone_hazards(before) if before else ([], None)


def _hazard(one: Shown) -> Sequence[Any]:
    case = one.standing
    return (
        pretty(case.number), case.where, case.unit, case.state_label, one.shown_at,
        case.protected_at, case.due, case.extensions, one.ended_at,
    )  # fmt: skip


def _demands(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    paths = views.paths_of(posts, SEES_DEMANDS)
    for row in views.rows_of(selectors.demands(views.year_of(query), paths).demands):
        one = row["one"]
        answered = gettext("has answered") if one.answered else gettext("must answer")
        yield (
            pretty(one.number), one.opened_at, one.where, row["lead"],
            answered if row["lead"] and one.stage != "closed" else "", one.state_label,
            one.due if one.stage != "closed" else None, one.closed_at,
        )  # fmt: skip


register(
    of_rows(
        "hazards", _("Listed hazards"), DESK_ROLES,
        (
            (_("Case"), 12), (_("Place"), 24), (_("Unit"), 24), (_("Stands at"), 20),
            (_("Listed"), 17), (_("Made safe"), 17), (_("Promised by"), 17),
            (_("Prolonged, times"), 16), (_("Ended"), 17),
        ),
        _hazards, "ledgers:hazards",
    ),
    of_rows(
        "demands", _("Firms' demands"), SEES_DEMANDS,
        (
            (_("Case"), 12), (_("Opened"), 17), (_("Where"), 24), (_("Named lead"), 18),
            (_("Answer"), 16), (_("Stands at"), 20), (_("Promised by"), 17), (_("Ended"), 17),
        ),
        _demands, "ledgers:demands",
    ),
)  # fmt: skip
