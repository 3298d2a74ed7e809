"""What is simulated, read from YAML: who reports what, who works when, how people act.

A plan may say `extends: other` and then only what differs. Whatever it says is checked against
the workflows and case types of the package, so that a slip of the pen is named and not ignored.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings

from lingka.core import datafiles

DATA = Path(__file__).parent / "data"
HOURS = 24
LONGEST = 3 * 366
NOTHING = "nothing"
LATER = frozenset({"first", "then"})
Weights = Mapping[str, float]


class PlanError(ValueError):
    """The plan cannot be run; the text says where and why."""


@dataclass(frozen=True)
class Spread:
    """How long something takes: a mean, and how far single times lie around it."""

    mean: float
    cv: float = 0.6

    def draw(self, rng: random.Random) -> float:
        if not self.cv or not self.mean:
            return self.mean
        shape = 1 / self.cv**2
        return rng.gammavariate(shape, self.mean / shape)


@dataclass(frozen=True)
class Way:
    """What happens in a state: things done besides, each with a chance, and what leads on."""

    first: Weights
    then: Weights


@dataclass(frozen=True)
class Leave:
    """So many people of a staff are away from a day to another, both included."""

    staff: str
    people: int
    first: date
    last: date


@dataclass(frozen=True)
class Plan:
    """A plan as it was read; the parts that are looked up often are made once."""

    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.body["name"])

    @property
    def seed(self) -> int:
        return int(self.body["seed"])

    @property
    def days(self) -> int:
        return int(self.body["days"])

    @property
    def small(self) -> bool:
        return bool(self.body["city"] == "small")

    @cached_property
    def begin(self) -> datetime:
        """Midnight of the first day, on the town's clocks."""
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime.combine(_day(self.body["begin"], "begin"), time(), zone)

    @cached_property
    def leave(self) -> list[Leave]:
        return [
            Leave(one["staff"], int(one["people"]), _day(one["from"], "leave"),
                  _day(one["to"], "leave"))
            for one in self.body["leave"]
        ]  # fmt: skip

    @cached_property
    def days_off(self) -> dict[date, str]:
        """Days on which the offices close besides those of their calendar."""
        given = self.body["days_off"].items()
        return {_day(one, "days_off"): str(name) for one, name in given}

    def staff(self, group: str) -> int | None:
        """How many people a staff has; None where the plan leaves the town as it is."""
        given = self.body["staff"].get(group)
        return None if given is None else int(given)

    def way(self, workflow: str, state: str) -> Way:
        """What a workflow's own entry says of a state, else that of all; its stage adds to it."""
        own = self.body["workflows"].get(workflow, {}).get(state)
        given = own if own is not None else self.body["ways"].get(state, {})
        first = given.get("first", {})
        beside = self.body["besides"].get(_stage(workflow, state), {})
        added = {key: share for key, share in beside.items() if key not in first}
        return Way({**first, **added}, given.get("then", {}))

    def work(self, action: str, case_type: str) -> Spread:
        """Minutes of somebody's attention that an action takes."""
        return _timed(self.body["work"], action, case_type)

    def wait(self, action: str, case_type: str) -> Spread:
        """Hours that pass before it is anybody's turn: materials, weather, second thoughts."""
        return _timed(self.body["waits"], action, case_type)

    def weights(self, action: str, need: str) -> Weights | None:
        """How often each answer is given to what an action asks."""
        found: Weights | None = self.body["choices"].get(f"{action}.{need}")
        return found

    def relation(self, action: str) -> str | None:
        """Who does it, where several may and it is not whoever has the case."""
        return None if (who := self.body["who"].get(action)) is None else str(who)

    def routes(self, case_type: str) -> list[str]:
        """Keys of units that take what no rule routes; the most particular entry counts."""
        for key in lineage(case_type):
            if key in self.body["routes"]:
                return list(self.body["routes"][key])
        return []


def _stage(workflow: str, state: str) -> str:
    from lingka.simulation import known

    return str(known.flows()[workflow]["states"][state]["stage"])


def lineage(case_type: str) -> tuple[str, str, str]:
    """A type, its group, everything."""
    return case_type, case_type.partition(".")[0], "*"


def _timed(table: Mapping[str, Any], action: str, case_type: str) -> Spread:
    given = table.get(action, table.get("*", 0))
    if isinstance(given, Mapping) and "types" in given:
        kinds = given["types"]
        own: Any = next((kinds[one] for one in lineage(case_type) if one in kinds), {})
        given = {**given, **(own if isinstance(own, Mapping) else {"mean": own})}
    if not isinstance(given, Mapping):
        return Spread(float(given))
    return Spread(float(given["mean"]), float(given.get("cv", Spread.cv)))


def _day(given: Any, where: str) -> date:
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        raise PlanError(f"{where}: {given!r} is not a day such as 2026-05-04") from None


def read(named: str | Path) -> Plan:
    """A plan by its path, or one that comes with the package by its name."""
    body = _whole(_path(str(named), Path.cwd()), set())
    _check(body)
    return Plan(body)


def shipped() -> list[str]:
    """Plans that come with the package and can be run as they are."""
    return sorted(path.stem for path in DATA.glob("*.yaml") if path.stem != "base")


def _path(named: str, beside: Path) -> Path:
    tried = (beside / named, DATA / f"{named}.yaml")
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        raise PlanError(f"no plan {named!r}; these come along: {', '.join(shipped())}")
    return found


def _whole(path: Path, seen: set[Path]) -> dict[str, Any]:
    """A plan with what it extends under it."""
    if path in seen:
        raise PlanError(f"{path.name} extends itself")
    try:
        body = datafiles.read(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlanError(f"{path} is not YAML: {error}") from None
    if not isinstance(body, dict):
        raise PlanError(f"{path} holds no plan")
    below = body.pop("extends", None)
    if below is None:
        return body
    return merged(_whole(_path(str(below), path.parent), seen | {path}), body)


def merged(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The one laid over the other; null takes away, and a state's way goes as a whole."""
    made = dict(below)
    for key, value in over.items():
        old = made.get(key)
        if value is None:
            made.pop(key, None)
        elif isinstance(old, dict) and isinstance(value, dict) and not LATER & value.keys():
            made[key] = merged(old, value)
        else:
            made[key] = value
    return made


def _check(body: Mapping[str, Any]) -> None:
    from lingka.simulation import known

    _names("plan", body, known.PARTS)
    if missing := known.PARTS - body.keys():
        raise PlanError(f"the plan lacks {min(missing)!r} (does it extend a whole one?)")
    _numbers(body)
    reports = body["reports"]
    _names("reports", reports, known.REPORTS)
    _names("reports.types", reports["types"], known.types())
    for table in ("work", "waits", "who"):
        _names(table, body[table], known.actions() | {"*"})
    _names("besides", body["besides"], known.stages())
    for stage, shares in body["besides"].items():
        _way(f"besides.{stage}", {"first": shares}, known.actions())
    for state, way in body["ways"].items():
        _way(f"ways.{state}", way, known.actions())
    _names("ways", body["ways"], known.states())
    for workflow, ways in body["workflows"].items():
        _names("workflows", {workflow: ways}, known.flows().keys())
        for state, way in ways.items():
            _names(f"workflows.{workflow}", {state: way}, known.flows()[workflow]["states"])
            _way(f"workflows.{workflow}.{state}", way, known.flows()[workflow]["actions"])


def _way(where: str, way: Any, actions: Iterable[str]) -> None:
    if not isinstance(way, Mapping):
        raise PlanError(f"{where} says neither first nor then")
    _names(where, way, LATER)
    for part, weights in way.items():
        _names(f"{where}.{part}", weights, {*actions, NOTHING})
        if any(not float(share) >= 0 for share in weights.values()):
            raise PlanError(f"{where}.{part}: a share is not below 0")


def _names(where: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    if unknown := set(given) - set(known):
        raise PlanError(f"{where}: nothing is called {min(map(str, unknown))!r}")


def _numbers(body: Mapping[str, Any]) -> None:
    for name in ("seed", "days", "look_every", "deliver_every"):
        _whole_number(name, body[name], 0 if name == "seed" else 1)
    for name, people in body["staff"].items():
        _whole_number(f"staff.{name}", people, 0)
    _day(body["begin"], "begin")
    if body["days"] > LONGEST:
        raise PlanError("days: three years at the most")
    if body["city"] not in {"small", "full"}:
        raise PlanError("city: small or full")
    if len(body["reports"]["hours"]) != HOURS:
        raise PlanError("reports.hours: one number for each hour of the day")


def _whole_number(where: str, given: Any, least: int) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise PlanError(f"{where}: {given!r} is not a whole number of {least} or more")
