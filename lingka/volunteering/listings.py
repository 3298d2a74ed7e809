"""Activities as a file: how many, never who."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core import saying
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.volunteering import campaigns, needs, selectors, teams
from lingka.volunteering.permissions import ORGANISERS, own_units, paths


def _activities(_a: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.under(paths(posts), over="over" in query):
        for shift in one.shifts:
            yield (
                one.title, one.kind_name, one.area, one.state_label, shift.starts_at,
                shift.ends_at, shift.places, shift.taken, shift.waiting,
            )  # fmt: skip


def _needs(_a: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    for one in needs.needs_of(paths(posts), own_units(posts), over="over" in query):
        yield (
            one.title, one.kind_name, one.area, saying.listed(one.when), one.until, one.label,
            one.unit,
        )  # fmt: skip


def _teams(_a: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in teams.under(paths(posts)):
        yield (
            one.name, one.kind_name, one.area, saying.listed(one.can), one.shown_size,
            one.confirmed_at,
        )  # fmt: skip


def _campaigns(_a: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in campaigns.under(paths(posts)):
        for part in campaigns.parts(one):
            yield (
                one.title, one.kind_name, one.area, one.begins_on, one.ends_on, part.grid,
                part.kind, part.done, part.all,
            )  # fmt: skip


def _resources(_a: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in needs.resources(paths(posts), own_units(posts)):
        yield (
            one.title, one.kind_name, one.unit, one.area, saying.listed(one.when), one.until,
        )  # fmt: skip


register(
    of_rows(
        "campaigns", _("Campaigns"), ORGANISERS,
        (
            (_("Campaigns"), 28), (_("Kind"), 16), (_("Community"), 18), (_("From"), 14),
            (_("Last day"), 14), (_("Grid"), 18), (_("Which places are seen to"), 18),
            (_("Done"), 10), (_("Number of places"), 10),
        ),
        _campaigns, "volunteering:desk-campaigns",
    ),
    of_rows(
        "service-teams", _("Service teams"), ORGANISERS,
        (
            (_("Team"), 24), (_("Kind"), 16), (_("Community"), 18), (_("What it can do"), 28),
            (_("How many people"), 12), (_("Confirmed"), 17),
        ),
        _teams, "volunteering:desk-teams",
    ),
    of_rows(
        "activities", _("Activities"), ORGANISERS,
        (
            (_("Title"), 28), (_("Kind"), 16), (_("Community"), 18), (_("State"), 16),
            (_("Begins"), 17), (_("Ends"), 17), (_("Number of places"), 10), (_("Taken"), 10),
            (_("Waiting"), 10),
        ),
        _activities, "volunteering:desk",
    ),
    of_rows(
        "needs", _("Needs"), ORGANISERS | {"handler"},
        (
            (_("Need"), 28), (_("Kind"), 16), (_("Community"), 18), (_("When"), 24),
            (_("Needed until"), 14), (_("State"), 18), (_("Who sees to it"), 20),
        ),
        _needs, "volunteering:needs",
    ),
    of_rows(
        "resources", _("What units lend"), ORGANISERS | {"handler"},
        (
            (_("What is lent"), 28), (_("Kind"), 16), (_("Whose it is"), 20), (_("Community"), 18),
            (_("When"), 24), (_("Lent until"), 14),
        ),
        _resources, "volunteering:resources",
    ),
)  # fmt: skip
