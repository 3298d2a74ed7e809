"""Deadlines: pure functions from a policy and a working calendar to moments in time.

A clock is a JSON object in the case's row, written only through events:

    basis     "elapsed" | "working_hours" | "working_days" | "end_of_week" | "end_of_month"
    amount    minutes (elapsed), hours or days; 0 for the ends of week and month
    started   ISO 8601, UTC
    due       ISO 8601, UTC; moves when the clock is extended or was paused
    paused    since when it stands still, or null
    left      seconds of its own basis that were left when it was paused
    stopped   when it was met or given up, or null
    warned    how many of the warning fractions were announced
    breached  when it was found to be over, or null
    level     how often a breach has climbed the tree
    top       whether it has climbed to the top of the tree already
    counts    "occurred_at" where the rule lets the doing count, not its arrival here
    climb     minutes between the levels of a breach, the first at once; only where the rule says
    moved     whether its due day was set otherwise than by rule: extended, or paused in between
    calendar  id of the calendar version it was last computed with, or null; it goes on counting
              in the calendar of this version, whoever gets the case
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

Clock = dict[str, Any]
BASES = ("elapsed", "working_hours", "working_days", "end_of_week", "end_of_month")
OCCURRED = "occurred_at"
COUNTS = ("recorded_at", OCCURRED)  # which moment of an action stops a clock (decision 11)
FRACTIONS = (0.5, 0.75)  # warnings, as shares of the time from start to due
CLIMB = timedelta(hours=4)  # a breached clock climbs one level each time this has passed
HIGHEST = 3  # and then stops climbing


class Calendar(Protocol):
    """What clocks need of `units.calendars.WorkCalendar`."""

    @property
    def version_id(self) -> int | None: ...
    def add_working_time(self, start: datetime, seconds: int) -> datetime: ...
    def add_working_days(self, start: datetime, days: int) -> datetime: ...
    def end_of_week(self, moment: datetime) -> datetime: ...
    def end_of_month(self, moment: datetime) -> datetime: ...
    def working_seconds_between(self, start: datetime, end: datetime) -> float: ...


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def of_unit(name: str, unit: int) -> str:
    """The name of a clock that one unit of several has for itself: "help:12"."""
    return f"{name}:{unit}"


def parted(name: str) -> tuple[str, int | None]:
    """What a clock is for, which its rule is named by, and whose own it is."""
    kind, _sign, unit = name.partition(":")
    return kind, int(unit) if unit else None


def start(rule: Mapping[str, Any], now: datetime, calendar: Calendar) -> Clock:
    """A running clock by a rule {"basis", "amount"}."""
    now = now.replace(microsecond=0)
    due = due_at(rule["basis"], rule.get("amount", 0), now, calendar)
    kept = {name: rule[name] for name in ("climb", "counts") if name in rule}
    return kept | {
        "basis": rule["basis"],
        "amount": rule.get("amount", 0),
        "started": text(now),
        "due": text(due),
        "paused": None,
        "left": None,
        "stopped": None,
        "warned": 0,
        "breached": None,
        "level": 0,
        "top": False,
        "moved": False,
        "calendar": None if rule["basis"] == "elapsed" else calendar.version_id,
    }


def due_at(basis: str, amount: float, since: datetime, calendar: Calendar) -> datetime:
    """When a deadline that starts at `since` falls due."""
    if basis == "elapsed":
        return since + timedelta(minutes=amount)
    if basis == "working_hours":
        return calendar.add_working_time(since, round(amount * 3600))
    if basis == "working_days":
        return calendar.add_working_days(since, int(amount))
    if basis == "end_of_week":
        return calendar.end_of_week(since)
    if basis == "end_of_month":
        return calendar.end_of_month(since)
    raise ValueError(f"unknown basis {basis!r}")


def is_running(clock: Clock) -> bool:
    return clock["stopped"] is None and clock["paused"] is None


def pause(clock: Clock, now: datetime, calendar: Calendar) -> Clock:
    """Stand still; what is left is kept in the clock's own kind of time."""
    if not is_running(clock):
        return clock
    left = _left(clock, now, moment(clock["due"]), calendar)
    return clock | {"paused": text(now), "left": left, "calendar": _version(clock, calendar)}


def _left(clock: Clock, now: datetime, due: datetime, calendar: Calendar) -> int:
    """Seconds of the clock's own kind of time from now until a deadline."""
    if due <= now:
        return 0
    if clock["basis"] == "elapsed":
        return int((due - now).total_seconds())
    return int(calendar.working_seconds_between(now, due))


def _version(clock: Clock, calendar: Calendar) -> int | None:
    return None if clock["basis"] == "elapsed" else calendar.version_id


def ran(clock: Clock, at: datetime) -> bool:
    """Whether it was running at a moment."""
    ended = [moment(clock[name]) for name in ("stopped", "paused") if clock[name] is not None]
    return moment(clock["started"]) <= at and all(one > at for one in ended)


def earliest(clocks: Mapping[str, Clock], at: datetime) -> datetime | None:
    """The first deadline of those that ran at a moment."""
    return min((moment(one["due"]) for one in clocks.values() if ran(one, at)), default=None)


def resume(clock: Clock, now: datetime, calendar: Calendar) -> Clock:
    """Run on: what was left is counted from now, so time that stood still is not lost.

    What was over already when it was paused stays over: no question to the resident mends it.
    """
    if clock["paused"] is None or clock["stopped"] is not None:
        return clock
    if clock["due"] <= clock["paused"]:
        return clock | {"paused": None, "left": None}
    now = now.replace(microsecond=0)
    if clock["basis"] == "elapsed":
        due = now + timedelta(seconds=clock["left"])
    else:
        due = calendar.add_working_time(now, int(clock["left"]))
    return clock | {
        "paused": None,
        "left": None,
        "due": text(due),
        "moved": True,
        "calendar": _version(clock, calendar),
    }


def extend(clock: Clock, due: datetime, calendar: Calendar) -> Clock:
    """A later due date that somebody granted; warnings already given count no more.

    A clock that stands still gets more that is left: its deadline is counted from that again.
    """
    due = max(due, moment(clock["due"]))  # having waited meanwhile, it may be due later already
    fresh = {"warned": 0, "breached": None, "level": 0, "top": False}
    extended = clock | fresh | {"due": text(due), "moved": True}
    if clock["paused"]:
        extended["left"] = _left(clock, moment(clock["paused"]), due, calendar)
    return extended


def agree(clock: Clock, due: datetime, calendar: Calendar) -> Clock:
    """Due on a day that was agreed, sooner or later than by rule."""
    agreed = clock | {"due": text(due), "moved": True}
    if clock["paused"]:
        agreed["left"] = _left(clock, moment(clock["paused"]), due, calendar)
    return agreed


def recompute(clock: Clock, calendar: Calendar) -> Clock:
    """The same deadline in a changed calendar. Extended and once paused ones keep their due."""
    if clock["stopped"] or clock["basis"] == "elapsed" or clock["moved"] or clock["paused"]:
        return clock
    due = due_at(clock["basis"], clock["amount"], moment(clock["started"]), calendar)
    changed = clock | {"due": text(due), "calendar": calendar.version_id}
    if due > moment(clock["due"]):  # what was announced too early may be announced again
        changed |= {"warned": 0, "breached": None, "level": 0, "top": False}
    return changed


def stop(clock: Clock, now: datetime, occurred: datetime | None = None) -> Clock:
    """Met or given up now; at `occurred` where the rule counts when it was done, not when told.

    Whoever was without a network is not late for it. Nothing is met before the clock started,
    nor in the future, whatever a device believes.
    """
    if clock["stopped"] is not None:
        return clock
    if occurred and clock.get("counts") == OCCURRED:
        now = min(now, max(occurred, moment(clock["started"])))
    return clock | {"stopped": text(now), "paused": None, "left": None}


def met(clock: Clock) -> bool | None:
    """Was it stopped in time? None while it runs."""
    return None if clock["stopped"] is None else clock["stopped"] <= clock["due"]


def next_attention(clock: Clock) -> datetime | None:
    """When this clock next has something to say: a warning, its breach, a further level."""
    if not is_running(clock) or clock["level"] >= HIGHEST:
        return None
    due = moment(clock["due"])
    if clock["top"]:
        return None
    if clock["breached"]:
        return moment(clock["breached"]) + _climbs_after(clock)
    if clock["warned"] < len(FRACTIONS):
        began, share = moment(clock["started"]), FRACTIONS[int(clock["warned"])]
        return began + (due - began) * share
    return due


def _climbs_after(clock: Clock) -> timedelta:
    """How long after its breach a clock is told one level further up."""
    level = int(clock["level"])
    if "climb" in clock:
        return timedelta(minutes=clock["climb"]) * level
    return CLIMB * (level + 1)


def wake_at(clocks: Mapping[str, Clock]) -> datetime | None:
    """The earliest attention of all clocks of a case."""
    return min((at for clock in clocks.values() if (at := next_attention(clock))), default=None)


def next_due(clocks: Mapping[str, Clock]) -> datetime | None:
    """The earliest deadline that runs: what queues are sorted by."""
    return min(
        (moment(clock["due"]) for clock in clocks.values() if is_running(clock)), default=None
    )
