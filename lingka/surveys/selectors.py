"""Reads on surveys: never while one runs, never of a group that is too small."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Sum

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.surveys import rules
from lingka.surveys.models import Round, Spent, Tally
from lingka.surveys.rules import Share, Shown

PAGE = 50  # of one list
Standing = Literal["new", "begun", "answered"]


@dataclass(frozen=True)
class Survey:
    """A round as its readers see it."""

    code: str
    template: str
    body: Mapping[str, Any]
    number: int
    area: int
    minimum: int
    opens_at: datetime
    closes_at: datetime
    state: str
    answers: int = 0

    @property
    def name(self) -> Mapping[str, str]:
        named: Mapping[str, str] = self.body["name"]
        return named

    @property
    def few(self) -> bool:
        """Whether too few have answered for anything to be shown."""
        return self.answers < self.minimum


def _survey(row: Round, answers: int = 0) -> Survey:
    state = rules.state(row.opens_at, row.closes_at, row.closed_at is not None, clock.now())
    until = min(row.closes_at, row.closed_at or row.closes_at)
    return Survey(
        row.code, row.template, row.body, row.number, row.area, row.minimum, row.opens_at, until,
        state, answers,
    )  # fmt: skip


def survey(code: str) -> Survey | None:
    row = Round.objects.filter(code=code).first()
    return _survey(row, _turnouts([row.pk]).get(row.pk, 0)) if row else None


def _turnouts(rounds: list[int]) -> dict[int, int]:
    rows = Tally.objects.filter(round__in=rounds, question="").values_list("round_id")
    return dict(rows.annotate(Sum("answers")))


def surveys(
    paths: Iterable[str], page: int = 0, *, closed: bool = False
) -> tuple[list[Survey], bool]:
    """One page of those of areas below these paths, newest first, or of closed ones alone; and
    whether there are older ones."""
    within = tuple(paths)
    asked = Round.objects.order_by().values_list("area", flat=True).distinct()
    reached = [one for one in asked if areas.area(one).path.startswith(within)]
    found = Round.objects.filter(area__in=reached).order_by("-opens_at", "-pk")
    if closed:
        found = found.exclude(closed_at=None)
    rows = list(found[page * PAGE : (page + 1) * PAGE + 1])
    turnouts = _turnouts([row.pk for row in rows[:PAGE]])
    return [_survey(row, turnouts.get(row.pk, 0)) for row in rows[:PAGE]], len(rows) > PAGE


def standing(code: str, word: str) -> Standing:
    """Whether a device has begun to take part in this round, or has answered already."""
    row = Round.objects.filter(code=code).first()
    if row is None or row.secret is None or not rules.genuine(bytes(row.secret), word):
        return "new"
    spent = Spent.objects.filter(round=row, mark=rules.mark(bytes(row.secret), word))
    return "answered" if spent.exists() else "begun"


def asked_area(of: Survey, place_code: str) -> int:
    """Where an answer counts: the community of the place whose code was scanned, if it is asked;
    else the survey's area as a whole."""
    place = place_within(of, place_code)
    return areas.area(place.grid_id).parent_id or of.area if place else of.area


def place_within(of: Survey, place_code: str) -> areas.PlaceInfo | None:
    """The place of a code, if it is one of those that are asked."""
    place = areas.place_by_code(place_code)
    if place is None:
        return None
    asked = areas.area(of.area).path
    return place if areas.area(place.grid_id).path.startswith(asked) else None


@dataclass(frozen=True)
class Line:
    """One community in the table of results; what would be of too few is None."""

    area: int
    answers: int | None
    shares: list[Share | None]  # by question


@dataclass(frozen=True)
class Results:
    answers: int | None  # None: too few
    questions: list[Shown]
    lines: list[Line]


def results(of: Survey) -> Results | None:
    """What came of it; None while it is not closed."""
    if of.state != "closed":
        return None
    counts: dict[int, dict[tuple[str, str], int]] = {}
    for row in Tally.objects.filter(round__code=of.code):
        counts.setdefault(row.area, {})[row.question, row.option] = row.answers
    if of.few:
        return Results(None, [], [])
    table = rules.table(of.body, counts, of.minimum)
    lines = [
        Line(area, None if area in table.hidden else counts[area].get(("", ""), 0),
             [one.get(area) for one in table.shares])
        for area in sorted(counts, key=lambda one: areas.area(one).code)
    ]  # fmt: skip
    return Results(of.answers, table.questions, lines if len(lines) > 1 else [])
