"""Who reports what, where and when: drawn day by day, whatever the staff will be."""

import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import accumulate
from typing import Any

from lingka.areas.selectors import PlaceInfo
from lingka.cases.selectors import catalogue
from lingka.demo.sayings import Sayings, pieces
from lingka.simulation import hours
from lingka.simulation.plan import Plan
from lingka.simulation.walking import Report
from lingka.units.calendars import WorkCalendar

FOLLOWERS = (1, 1, 1, 2, 2, 3, 5)
MOST_LOVED = 12.0  # times as much is reported from a busy place as from a quiet one


class Arrivals:
    """All reports of a plan, in order of time; the same ones for the same seed."""

    def __init__(self, plan: Plan, places: list[PlaceInfo], office: WorkCalendar) -> None:
        self.plan, self.office = plan, office
        self.reports: Mapping[str, Any] = plan.body["reports"]
        self.places = sorted(places, key=lambda one: (one.lon, one.lat))
        rng = random.Random(f"{plan.seed}:places")  # noqa: S311 - a likeness
        self.loved = list(
            accumulate(min(rng.paretovariate(1.4), MOST_LOVED) for _one in self.places)
        )
        self.said = Sayings(random.Random(f"{plan.seed}:words"))  # noqa: S311 - a likeness

    def all(self) -> Iterator[Report]:
        number = 0
        for day in hours.days(self.plan):
            rng = random.Random(f"{self.plan.seed}:day:{day}")  # noqa: S311 - a likeness
            begin = hours.minutes(self.plan, day, "00:00")
            moments = sorted(begin + self._minute(rng) for _one in range(self._number(rng, day)))
            for at in moments:
                yield self._report(number, at, day)
                number += 1

    def expected(self, day: date) -> float:
        """How many reports the plan lets expect of a day."""
        share = 1.0 if self.office.is_working_day(day) else float(self.reports["free_days"])
        season = float(self.reports["months"].get(day.month, 1))
        return float(self.reports["per_day"]) * share * season

    def _number(self, rng: random.Random, day: date) -> int:
        """As many as come when each comes by itself (Poisson), counted by waiting times."""
        mean, number, passed = self.expected(day), 0, 0.0
        while mean and (passed := passed + rng.expovariate(1.0)) < mean:
            number += 1
        return number

    def _minute(self, rng: random.Random) -> float:
        hour = rng.choices(range(24), self.reports["hours"])[0]
        return hour * 60 + rng.uniform(0, 60)

    def _report(self, number: int, at: float, day: date) -> Report:
        rng = random.Random(f"{self.plan.seed}:report:{number}")  # noqa: S311 - a likeness
        case_type = self._type(rng, day)
        place = self.places[bisect_left(self.loved, rng.uniform(0, self.loved[-1]))]
        language = _chosen(rng, self.reports["languages"])
        joins = rng.random() < float(self.reports["joined"])
        return Report(
            number, at, case_type, place, _chosen(rng, self.reports["channels"]), language,
            rng.choice(FOLLOWERS) if joins else 0, self._words(case_type, language, place.kind),
        )  # fmt: skip

    def _type(self, rng: random.Random, day: date) -> str:
        return _chosen(rng, {key: self.share(key, day) for key in self.reports["types"]})

    def share(self, case_type: str, day: date) -> float:
        """How much of a type is reported on a day, beside the others."""
        given = self.reports["types"][case_type]
        if not isinstance(given, Mapping):
            return float(given)
        return float(given["share"]) * float(given.get("months", {}).get(day.month, 1))

    def _words(self, case_type: str, language: str, kind: str) -> str:
        if case_type in pieces()["types"] and kind in pieces()["where"]["zh"]:
            return self.said.report(case_type, language, kind)
        info = catalogue.case_type(case_type, language)
        return info.description or info.name


def _chosen(rng: random.Random, shares: Mapping[str, float]) -> str:
    return str(rng.choices(list(shares), [float(one) for one in shares.values()])[0])
