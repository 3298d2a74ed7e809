"""What will become of a demo case: drawn when it is opened, lived through later.

Shares follow what real places report: most is solved in the first round and within its time,
some is returned, asked about, extended or suspended, a few are late, declined or redone.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OPENS, CLOSES, LUNCH, BACK = 9.5, 18.5, 13.0, 15.5  # hours of the day
SATURDAY = 5


@dataclass
class Fate:
    """`stops` are states that nobody moves the case out of: it waits there today."""

    declined: bool = False
    withdrawn: bool = False
    asked: bool = False
    returns: int = 0
    extended: bool = False
    suspended: bool = False
    redone: bool = False
    reopened: bool = False
    unreached: bool = False
    rates: bool = True
    solved: bool = True
    satisfied: str = "yes"
    pace: float = 1.0
    photo: bool = False
    stops: frozenset[str] = frozenset()
    done: set[str] = field(default_factory=set)  # side steps already taken

    def once(self, step: str) -> bool:
        """Whether this step is taken for the first time."""
        fresh = step not in self.done
        self.done.add(step)
        return fresh


def draw(rng: random.Random, *, urgent: bool) -> Fate:
    def likely(share: float) -> bool:
        return rng.random() < share

    solved = likely(0.94)
    return Fate(
        declined=likely(0.02) and not urgent,
        withdrawn=likely(0.012),
        asked=likely(0.05) and not urgent,
        returns=1 if likely(0.035) and not urgent else 0,
        extended=likely(0.03) and not urgent,
        suspended=likely(0.02) and not urgent,
        redone=likely(0.04),
        reopened=likely(0.03),
        unreached=likely(0.1),
        rates=likely(0.62),
        solved=solved,
        satisfied=rng.choices(("yes", "fair", "no"), (88, 9, 3) if solved else (5, 30, 65))[0],
        pace=rng.choices((0.5, 1.0, 1.6, 4.5), (30, 45, 18, 7))[0],
        photo=likely(0.08),
    )


def working(moment: datetime) -> datetime:
    """The moment itself in office hours, else the next time the office is open."""
    while True:
        hour = moment.hour + moment.minute / 60
        if moment.weekday() >= SATURDAY or hour >= CLOSES:
            moment = (moment + timedelta(days=1)).replace(hour=9, minute=30 + moment.minute % 25)
        elif hour < OPENS:
            return moment.replace(hour=9, minute=30 + moment.minute % 25)
        elif LUNCH <= hour < BACK:
            return moment.replace(hour=15, minute=30 + moment.minute % 25)
        else:
            return moment


def opening_times(rng: random.Random, count: int, begin: datetime, now: datetime) -> list[datetime]:
    """Moments of reports: mostly by day, fewer at weekends, a little more towards winter."""
    found: list[datetime] = []
    span = (now - begin).total_seconds()
    hours = [1, 1, 1, 1, 1, 2, 5, 10, 16, 18, 18, 15, 11, 9, 10, 14, 16, 15, 14, 13, 12, 9, 5, 2]
    while len(found) < count:
        share = rng.random()
        if rng.random() > 0.75 + 0.25 * share:
            continue
        moment = begin + timedelta(seconds=span * share)
        if moment.weekday() >= SATURDAY and rng.random() < 0.4:  # noqa: PLR2004
            continue
        moment = moment.replace(hour=rng.choices(range(24), hours)[0], minute=rng.randrange(60))
        if begin < moment < now:
            found.append(moment)
    return sorted(found)
