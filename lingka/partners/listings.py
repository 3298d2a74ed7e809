"""What units ask of each other, as files: by unit and month, never by person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo, today
from lingka.cases.selectors import workflow_name
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.core.text import pick
from lingka.partners import calls, selectors
from lingka.partners.sections import OVERSEES
from lingka.partners.views import paths_of, since
from lingka.units import selectors as units

WORTH = {"many": _("Very many"), "few": _("Very few")}


def _burden(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for row in selectors.burden(paths_of(posts, OVERSEES), since=since()):
        yield (
            f"{row.month:%Y-%m}", pick(row.unit.name), pick(row.duty_list.name),
            row.article.number, pick(row.article.text), row.count,
        )  # fmt: skip


def _calls(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    """A row for each month of an area, and one for all of them; then what was said of units."""
    for one in calls.overview(paths_of(posts, OVERSEES), today()):
        what, months = workflow_name(one.workflow), [f"{month:%Y-%m}" for month in one.months]
        for line in one.lines:
            name = pick(line.area.name)
            for month, count in zip(months, line.counts, strict=True):
                yield what, name, month, count, None, None, None, None, ""
            yield (
                what, name, f"{months[0]} – {months[-1]}", sum(line.counts), line.unjustified,
                line.judged, None, None, WORTH.get(line.warning, ""),
            )  # fmt: skip
        for rated in one.rated:
            for month, said in zip(months, rated.months, strict=True):
                name = pick(rated.unit.name)
                yield what, name, month, None, None, said.of, said.in_time, said.solved, ""


def _lists(_actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for known in units.duty_lists():
        for one in units.duty_list_versions(known.key):
            yield pick(one.name), one.version, one.valid_from, len(one.articles), pick(one.source)


register(
    of_rows(
        "burden", _("Burden"), OVERSEES,
        (
            (_("Month"), 10), (_("Unit"), 24), (_("Duty list"), 24), (_("Article"), 10),
            (_("What it says"), 48), (_("How often"), 10),
        ),
        _burden, "partners:burden",
    ),
    of_rows(
        "unit-calls", _("Calls to units"), OVERSEES,
        (
            (_("What"), 24), (_("Area or unit"), 24), (_("Month"), 18), (_("How often"), 10),
            (_("Held not lawful"), 14), (_("Judged, times"), 12), (_("In time"), 10),
            (_("Solved"), 10), (_("Worth a look"), 14),
        ),
        _calls, "partners:calls",
    ),
    of_rows(
        "duty-lists", _("Duty lists"), frozenset({"administrator"}),
        (
            (_("Duty lists"), 30), (_("Version"), 10), (_("From"), 12), (_("Articles"), 10),
            (_("Source"), 40),
        ),
        _lists, "partners:lists",
    ),
)  # fmt: skip
