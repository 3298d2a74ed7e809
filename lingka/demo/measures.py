"""How like a real place the demo's months are: figures of its cases, with what places report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Count, Q

from lingka.areas.models import Area
from lingka.cases.models import Case, Rating
from lingka.core.models import Event

ALL = Q()


@dataclass(frozen=True)
class Measure:
    """One figure: what places report, and the band in which the demo's lies."""

    name: str
    reported: str
    low: float
    high: float
    find: Callable[[], float]
    percent: bool = True

    def shown(self, value: float) -> str:
        return f"{value:.1%}" if self.percent else f"{value:,.1f}".removesuffix(".0")

    @property
    def band(self) -> str:
        return f"{self.shown(self.low)} to {self.shown(self.high)}"


def _share(of: Q, among: Q) -> float:
    chosen = Case.objects.filter(among)
    return chosen.filter(of).count() / max(chosen.count(), 1)


def _acted(action: str) -> float:
    """Share of cases to which this was done at least once."""
    done = Event.objects.filter(stream="case", data__action=action).values("stream_id").distinct()
    return done.count() / max(Case.objects.count(), 1)


def _in_time(clock: str) -> float:
    """Of the clocks that were met, those met before they were due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT avg((clocks->%s->>'stopped' <= clocks->%s->>'due')::int) FROM cases_case"
            " WHERE clocks->%s->>'stopped' IS NOT NULL AND facts ? 'handled_by'",
            [clock] * 3,
        )
        return float(cursor.fetchone()[0] or 0)


def _rated(**wanted: object) -> float:
    return Rating.objects.filter(**wanted).count() / max(Rating.objects.count(), 1)


def _by_day() -> float:
    """Share of reports that came between eight and nineteen o'clock."""
    return _share(Q(opened_at__hour__gte=8, opened_at__hour__lt=19), Q())


def _grids_of_a_community() -> float:
    grids = Area.objects.filter(level="grid", kind="comprehensive").count()
    return grids / max(Area.objects.filter(level="community").count(), 1)


def _busiest_tenth(among: Q = ALL) -> float:
    """Share of the cases that comes from the busiest tenth of the grids."""
    by_grid = Case.objects.filter(among).values("grid_id").annotate(cases=Count("id"))
    counts: list[int] = sorted((row["cases"] for row in by_grid), reverse=True)
    every: int = Area.objects.filter(level="grid").count()
    return sum(counts[: max(every // 10, 1)]) / max(sum(counts), 1)


HEADING = "## Figures\n"
OPEN, HANDLED = ~Q(stage="closed"), Q(facts__has_key="handled_by")
MEASURES = (
    Measure("grids of a community", "6 in a core community", 4, 7, _grids_of_a_community,
            percent=False),
    Measure("cases open today", "about 5 in 100", 0.05,
            0.08, lambda: _share(OPEN, Q())),
    Measure("open ones from the busiest tenth of the grids", "skewed, as reports are", 0.2, 0.8,
            lambda: _busiest_tenth(OPEN)),
    Measure("open ones that others joined: “me too”", "several lines about one matter are merged",
            0.02, 0.2, lambda: _share(Q(facts__has_key="followers"), OPEN)),
    Measure("contacted within the response clock", "“came in under an hour”; contact in 1 hour"
            " (Lhasa 2016)", 0.85, 0.99, lambda: _in_time("respond")),
    Measure("handled within the resolve clock", "week to answer, month to close", 0.85, 0.99,
            lambda: _in_time("resolve")),
    Measure("resolution: answered “solved”", "81 of 91 demands, 78 of 82 disputes: 89 to 95 %",
            0.85, 0.96, lambda: _rated(solved=True)),
    Measure("satisfaction: answered “satisfied”", "counted beside “solved”, and below it",
            0.72, 0.93, lambda: _rated(satisfied="yes")),
    Measure("rated by the resident", "40 of 50 answered", 0.5, 0.85,
            lambda: _share(Q(facts__has_key="satisfied"), HANDLED)),
    Measure("not reached by the caller", "5 of 50", 0.05, 0.16,
            lambda: _acted("call_back_unreached")),
    Measure("right at first dispatch", "98 of 100 (Shenzhen)", 0.94, 0.995,
            lambda: 1 - _acted("return")),
    Measure("reopened by the resident", "“still dry upstairs”", 0.01, 0.06,
            lambda: _acted("reopen")),
    Measure("declined with a reason", "5 of 50 excluded with reasons", 0.005, 0.06,
            lambda: _share(Q(state="declined"), Q())),
    Measure("more time asked for", "extension with approval", 0.01, 0.08,
            lambda: _acted("extend_ask")),
    Measure("suspended at some time", "until a stated day", 0.003, 0.05,
            lambda: _acted("suspend")),
    Measure("reported between 8 and 19 o'clock", "by day", 0.6, 0.9, _by_day),
    Measure("from the busiest tenth of the grids", "skewed, as reports are", 0.2, 0.6,
            _busiest_tenth),
)  # fmt: skip


def found() -> list[tuple[Measure, float]]:
    return [(one, one.find()) for one in MEASURES]


def table() -> str:
    """The figures as a table in Markdown."""
    rows = [
        f"| {one.name} | {one.reported} | {one.shown(value)} | {one.band} |"
        for one, value in found()
    ]
    head = ("| figure | what places report | here | band |", "|---|---|---:|---|")
    size = f"{Case.objects.count():,} cases of six months, by `lingka demo --figures FILE`."
    return "\n".join([size, "", *head, *rows, ""])


def write(page: Path) -> None:
    """Put the table at the end of a page, in place of what stands under its heading."""
    before = page.read_text("utf-8").partition(HEADING)[0]
    page.write_text(before + HEADING + "\n" + table(), "utf-8")
