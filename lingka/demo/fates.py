"""What will become of a demo case: drawn when it is opened, lived through later.

Shares follow what real places report: most is solved in the first round and within its time,
some is returned, asked about, extended or suspended, a few are late, declined or redone.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

OPENS, CLOSES, LUNCH, BACK = 9.5, 18.5, 13.0, 15.5  # hours of the day


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
    voice: bool = False
    followers: int = 0  # neighbours who say: me too
    stops: frozenset[str] = frozenset()
    done: set[str] = field(default_factory=set)  # side steps already taken

    def once(self, step: str) -> bool:
        """Whether this step is taken for the first time."""
        fresh = step not in self.done
        self.done.add(step)
        return fresh


@dataclass(frozen=True)
class Odds:
    """How often it comes to this, by what a matter is about."""

    declined: float = 0.015
    asked: float = 0.05
    returned: float = 0.03
    extended: float = 0.03
    suspended: float = 0.015
    redone: float = 0.04
    reopened: float = 0.03
    solved: float = 0.90
    slow: float = 0.06
    stuck: float = 0.12  # nobody moves it for weeks
    joined: float = 0.08  # others say: me too


ODDS = {  # who is responsible is clearest for pipes and lamps, least clear for streets and noise
    "water": Odds(solved=0.93, returned=0.02),
    "heat": Odds(solved=0.89, redone=0.06),
    "light": Odds(solved=0.94, returned=0.02, reopened=0.02),
    "road": Odds(returned=0.05, extended=0.07, suspended=0.03, slow=0.1),
    "rubbish": Odds(reopened=0.05, solved=0.90),
    "passage": Odds(returned=0.04, redone=0.07, solved=0.86),
    "parking": Odds(returned=0.05, reopened=0.05, solved=0.82, slow=0.09),
    "help": Odds(declined=0.03, returned=0.01, redone=0.01, reopened=0.01, solved=0.96, slow=0.03),
    "other": Odds(declined=0.04, returned=0.06, extended=0.05, solved=0.84, slow=0.1),
}


JOINING = (1, 1, 1, 2, 2, 3, 5)
STUCK = ("dispatched", "handling", "handling", "reported", "calling_back")


class Lots:
    """Chances that come out evenly: three in a hundred are three in every hundred."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.sums: dict[str, float] = {}

    def falls(self, name: str, share: float) -> bool:
        before = self.sums.setdefault(name, self.rng.random())
        self.sums[name] = before + share
        return int(before + share) > int(before)


def draw(rng: random.Random, lots: Lots, group: str, *, urgent: bool) -> Fate:
    odds = ODDS[group]

    def likely(name: str, share: float | None = None) -> bool:
        return lots.falls(name, getattr(odds, name) if share is None else share)

    def calmly(name: str, share: float | None = None) -> bool:
        return not urgent and likely(name, share)

    solved = likely("solved")
    stops = {rng.choice(STUCK)} if calmly("stuck") else set()
    satisfied = rng.choices(("yes", "fair", "no"), (88, 9, 3) if solved else (5, 30, 65))[0]
    return Fate(
        declined=calmly("declined"), withdrawn=calmly("withdrawn", 0.012), asked=calmly("asked"),
        returns=int(calmly("returned")), extended=calmly("extended"),
        suspended=calmly("suspended"), redone=likely("redone"), reopened=likely("reopened"),
        unreached=likely("unreached", 0.1), rates=likely("rates", 0.62), solved=solved,
        satisfied=satisfied, stops=frozenset(stops), photo=likely("photo", 0.1),
        voice=likely("voice", 0.04), followers=rng.choice(JOINING) if likely("joined") else 0,
        pace=4.5 if likely("slow") else rng.choice((0.5, 0.9, 1.3)),
    )  # fmt: skip


def working(moment: datetime, is_open: Callable[[date], bool]) -> datetime:
    """The moment itself in office hours, else the next time the office is open."""
    while True:
        hour = moment.hour + moment.minute / 60
        if not is_open(moment.date()) or hour >= CLOSES:
            moment = (moment + timedelta(days=1)).replace(hour=9, minute=30 + moment.minute % 25)
        elif hour < OPENS:
            return moment.replace(hour=9, minute=30 + moment.minute % 25)
        elif LUNCH <= hour < BACK:
            return moment.replace(hour=15, minute=30 + moment.minute % 25)
        else:
            return moment


HOURS = (1, 1, 1, 1, 1, 2, 5, 10, 16, 18, 18, 15, 11, 9, 10, 14, 16, 15, 14, 13, 12, 9, 5, 2)
FREE_DAYS = 0.6  # so many reports come on a day off, for one on a working day


def opening_times(
    rng: random.Random, count: int, begin: datetime, now: datetime, is_open: Callable[[date], bool]
) -> list[datetime]:
    """Moments of reports: mostly by day, fewer on days off."""
    found: list[datetime] = []
    days = (now - begin).total_seconds() / 86400
    hours = [
        hour for hour, share in enumerate(HOURS)
        for _one in range(round(count * share / sum(HOURS)) + 1)
    ]  # fmt: skip
    rng.shuffle(hours)
    while len(found) < count:
        moment = begin + timedelta(days=rng.uniform(0, days))
        if not is_open(moment.date()) and rng.random() > FREE_DAYS:
            continue
        hour = hours[len(found) % len(hours)]
        moment = moment.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60))
        if begin < moment < now:
            found.append(moment)
    return sorted(found)
