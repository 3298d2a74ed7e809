"""Rounds, their plans and checklists as files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.core.text import pick
from lingka.patrols import reasons, views
from lingka.patrols.permissions import READERS
from lingka.patrols.selectors import boards
from lingka.patrols.views_drives import rows_below as drives_below
from lingka.patrols.views_plans import rows_below
from lingka.patrols.views_rounds import area_of, day_asked, rows_of

STATES = {
    "ended": _("walked"), "started": _("on the way"), "missed": _("missed"),
    "cancelled": _("cancelled"),
}  # fmt: skip


def _rounds(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    area = area_of(posts, query)
    for row in rows_of(boards.day_of([area.path], day_asked(query))):
        one = row.one
        yield (
            pick(one.name), row.kind, pick(row.area.name), row.unit, one.from_at, one.until_at,
            STATES.get(one.state, _("to come")), reasons.MISSED.get(one.excuse, ""),
            len(one.stops), one.done, one.skipped, one.hazards, row.open,
        )  # fmt: skip


def _plans(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    for row in rows_below(area_of(posts, query)):
        one = row["one"]
        yield (
            pick(one.body["name"]), one.kind, pick(row["area"].name), row["unit"], row["rule"],
            one.body["from"], one.body["until"], row["stops"], one.number,
        )  # fmt: skip


def _drives(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    """One line for each unit of each drive, by name."""
    for row in drives_below(area_of(posts, query)):
        one = row["one"]
        for part in row["account"].parts:
            yield (
                pick(one.name), pick(row["area"].name), one.begins_on, one.ends_on, part.unit,
                part.checklist, len(part.places), len(part.visited), len(part.hazards), part.open,
            )  # fmt: skip


def _checklists(_a: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for row in views.rows():
        one = row["one"]
        yield (
            pick(one.body["title"]), pick(one.body["about"]), ", ".join(row["fits"]),
            row["asked"], row["hazards"], one.number,
        )  # fmt: skip


register(
    of_rows(
        "rounds", _("Rounds"), READERS,
        (
            (_("Round"), 24), (_("Kind"), 14), (_("Area"), 24), (_("Unit"), 24), (_("From"), 17),
            (_("Until"), 17), (_("State"), 12), (_("Why"), 20), (_("Stops"), 8),
            (_("Stops done"), 10), (_("Left out"), 10), (_("Hazards"), 10), (_("Still open"), 10),
        ),
        _rounds, "patrols:rounds",
    ),
    of_rows(
        "round-plans", _("Plans of rounds"), READERS,
        (
            (_("Plan"), 24), (_("Kind"), 14), (_("Area"), 24), (_("Unit"), 24), (_("When"), 24),
            (_("From"), 10), (_("Until"), 10), (_("Stops"), 8), (_("Version"), 10),
        ),
        _plans, "patrols:plans",
    ),
    of_rows(
        "drives", _("Joint drives"), READERS,
        (
            (_("Joint drive"), 30), (_("Area"), 24), (_("From"), 14), (_("Last day"), 14),
            (_("Unit"), 24), (_("Checklist"), 30), (_("Places"), 10), (_("Visited"), 10),
            (_("Hazards"), 10), (_("Still open"), 10),
        ),
        _drives, "patrols:drives",
    ),
    of_rows(
        "checklists", _("Checklists"), READERS,
        (
            (_("Checklist"), 30), (_("About"), 48), (_("Places"), 24), (_("Items"), 8),
            (_("Hazards"), 10), (_("Version"), 10),
        ),
        _checklists, "patrols:checklists",
    ),
)  # fmt: skip
