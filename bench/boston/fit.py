"""A deadline for each type, learnt from the first half: the rule that meets most due times."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bench.boston.rows import ZONE, Answer, Matter
from lingka.units.calendars import WorkCalendar

DAY = 86400
NEAR = 3600  # seconds: as good as met, for a year has two days of 23 and 25 hours
LIKELY = 4  # of the commonest spans of a type, how many are tried
OFFICE_HOURS = [("08:00", "16:00"), ("08:00", "17:00"), ("09:00", "17:00"), ("09:00", "18:00")]


@dataclass(frozen=True)
class Rule:
    """A deadline as the engine counts it; `basis` "" for types without one."""

    basis: str
    amount: int = 0  # minutes (elapsed), hours (working_hours)


@dataclass(frozen=True)
class Fitted:
    """What was learnt: the hours in which the city counts, and each type's rule."""

    hours: tuple[str, str]
    rules: dict[str, Rule]
    met: int
    of: int


def fit(pairs: Iterable[tuple[Matter, Answer]]) -> Fitted:
    """The best hours, and with them the best rule of each type."""
    by_type: dict[str, list[tuple[Matter, Answer]]] = defaultdict(list)
    for matter, answer in pairs:
        by_type[matter.type].append((matter, answer))
    return max((_with(hours, by_type) for hours in OFFICE_HOURS), key=lambda one: one.met)


def calendar(hours: tuple[str, str]) -> WorkCalendar:
    return WorkCalendar(None, ZONE, {day: [hours] for day in range(5)})


def _with(hours: tuple[str, str], by_type: dict[str, list[tuple[Matter, Answer]]]) -> Fitted:
    best = {kind: _best(pairs, hours) for kind, pairs in by_type.items()}
    met = sum(count for _, count in best.values())
    of = sum(len(pairs) for pairs in by_type.values())
    return Fitted(hours, {kind: rule for kind, (rule, _) in best.items()}, met, of)


def _best(pairs: list[tuple[Matter, Answer]], hours: tuple[str, str]) -> tuple[Rule, int]:
    """The rule that meets most of a type's due times, and how many; none counts as a rule."""
    dued = [(matter.opened, answer.due) for matter, answer in pairs if answer.due]
    work = calendar(hours)
    a_day = int(hours[1][:2]) - int(hours[0][:2])
    elapsed = [(due - opened).total_seconds() for opened, due in dued]
    worked = [work.working_seconds_between(opened, due) for opened, due in dued]
    tries = [(Rule(""), len(pairs) - len(dued))]
    tries += [
        (Rule("elapsed", days * 1440), _met(elapsed, days * DAY))
        for days in _commonest(elapsed, DAY)
    ]
    tries += [
        (Rule("working_hours", days * a_day), _met(worked, days * a_day * 3600))
        for days in _commonest(worked, a_day * 3600)
    ]
    return max(tries, key=lambda one: one[1])


def _commonest(spans: list[float], unit: int) -> list[int]:
    counted = Counter(round(span / unit) for span in spans)
    return [days for days, _ in counted.most_common(LIKELY) if days > 0]


def _met(spans: list[float], span: int) -> int:
    return sum(abs(one - span) <= NEAR for one in spans)
