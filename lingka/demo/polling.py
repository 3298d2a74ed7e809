"""The demo's surveys: one whose results are public, one that runs; a quarter's open assessment;
and the lots of some weeks."""

import random
from datetime import datetime, timedelta
from typing import Any

from lingka.areas import selectors as areas
from lingka.callbacks import actions as callbacks
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.demo.organisation import Staff
from lingka.insight import actions as rates
from lingka.insight import assessing, periods
from lingka.insight.selectors import assessments
from lingka.surveys import actions as surveys
from lingka.surveys.models import Round

WEEKS = 6
MOST = 6  # communities that take part
SPOKEN_OF, OTHERS = 12, 4  # units that are assessed, and others that speak of each
STEPS = (1, 5, 22, 48, 24)  # how many of a hundred marks are the worst, …, the best
# How many of a hundred choose the first, second… answer of a question.
SHARES = {
    "clean": (62, 28, 10), "light": (55, 30, 15), "heard": (58, 16, 8, 18), "known": (71, 29),
    "change": (44, 45, 11), "once": (78, 22), "papers": (83, 17), "language": (88, 12),
    "wait": (57, 34, 9),
}  # fmt: skip


def ask(begin: datetime, now: datetime, staff: Staff, rng: random.Random) -> None:
    """The whole town was asked last month, and is being asked at the counters now."""
    first = max(now - timedelta(days=45), begin)
    asked = _opened("around_home", _at_ten(first + timedelta(days=1)), staff)
    now = _at_ten(now - timedelta(days=1))
    with clock.at(asked.opens_at + timedelta(days=1)):
        _answers(asked, rng, (6, 90))
    with clock.at(asked.closes_at):
        surveys.close_round(asked.code, actor=SYSTEM)
    running = _opened("at_the_counter", now - timedelta(days=2), staff)
    with clock.at(now):
        _answers(running, rng, (2, 7))


def _at_ten(moment: datetime) -> datetime:
    return moment.replace(hour=10, minute=0, second=0, microsecond=0)


def _opened(template: str, at: datetime, staff: Staff) -> Round:
    with clock.at(at):
        until = at + timedelta(days=20)
        return surveys.open_round(template, areas.roots()[0].id, until, actor=staff.supervisor)


def _answers(asked: Round, rng: random.Random, between: tuple[int, int]) -> None:
    communities = [
        one.id for one in areas.areas_below(areas.roots()[0].id) if one.level == "community"
    ]
    for community in sorted(rng.sample(communities, min(MOST, len(communities)))):
        for _phone in range(rng.randint(*between)):
            given = {one["key"]: _chosen(one, rng) for one in asked.body["questions"]}
            surveys.answer(asked.code, surveys.begin(asked.code), community, given)


def _chosen(question: dict[str, Any], rng: random.Random) -> str:
    return str(rng.choices(question["order"], SHARES[question["key"]])[0])


def assess(now: datetime, staff: Staff, rng: random.Random) -> None:
    """The quarter before: of the units with the most answers, the supervision office and some
    others have spoken, and it is public."""
    with clock.at(now):
        quarter = periods.holding(now.date(), "quarter").before
        rows = assessments.body(quarter)["units"]
        known = {int(key): one["sides"]["residents"][1] for key, one in rows.items()}
        spoken_of = sorted(known.keys() & staff.handlers.keys(), key=lambda one: -known[one])
        for unit in spoken_of[:SPOKEN_OF]:
            others = rng.sample(sorted(staff.handlers.keys() - {unit}), OTHERS)
            for actor in (staff.supervisor, *(staff.handlers[one][0] for one in others)):
                rates.mark_unit(unit, quarter, _steps(rng), actor=actor)
        if spoken_of:
            rates.publish_assessment(quarter, actor=staff.supervisor)


def _steps(rng: random.Random) -> dict[str, int]:
    aspects = assessing.plan()["aspects"]
    return {one: rng.choices(range(len(STEPS)), STEPS)[0] for one in aspects}


def draw_lots(now: datetime) -> None:
    """As the hourly job has done on the first day of each week."""
    for week in reversed(range(WEEKS)):
        with clock.at(now - timedelta(weeks=week)):
            callbacks.draw()
