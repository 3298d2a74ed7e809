"""What points are given for, as a town publishes it: judged, and applied to what happened. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.core import faults as core
from lingka.core.crypto import sha256
from lingka.core.events import EventData
from lingka.core.faults import Fault, Faults
from lingka.core.rulebooks import Rulebook
from lingka.core.text import pick
from lingka.deliberation.events import TopicMoved
from lingka.points.book import GROUNDS
from lingka.volunteering.events import HoursConfirmed

SHIPPED = Path(__file__).parent / "data" / "earning.yaml"
HAND = "hand"
# Which events earn on a ground; these and no others are heard. Cases, calls, rounds and promises
# are nowhere: nobody earns by telling of anything or anybody. Of a topic, only that it is adopted.
SOURCES: Mapping[str, tuple[type[EventData], ...]] = {
    "service": (HoursConfirmed,),
    "environment": (HoursConfirmed,),
    "proposal": (TopicMoved,),
    "sharing": (),
    "attendance": (HoursConfirmed,),
}
HEARD = {cls.type: cls for heard in SOURCES.values() for cls in heard}
ENTRIES = {
    "ground", "name", "from", "where", "each", "points", "unit", "caps", "since", "until",
}  # fmt: skip
CAPS = {
    "once": gettext_lazy("for one occasion"),
    "day": gettext_lazy("a day"),
    "year": gettext_lazy("a year"),
    "all_day": gettext_lazy("a day for all together"),
}
MOST_POINTS, MOST_CAP, MOST_YEARS, MOST_NOTICE = 1000, 100_000, 10, 365
Body = Mapping[str, Any]


def faults(body: Body) -> Faults:
    """What is wrong with a file of rules."""
    yield from core.texts("name", body["name"])
    for key, rule in body["earning"].items():
        yield from _rule(f"earning.{key}", rule)
    yield from core.number("expiry.years", body["expiry"]["years"], 1, MOST_YEARS)
    yield from core.number("expiry.announced", body["expiry"]["announced"], 30, MOST_NOTICE)
    yield from core.number("review.percent", body["review"]["percent"], 1, 100)


def _rule(where: str, rule: Body) -> Faults:
    for name in sorted(set(rule) - ENTRIES):
        yield Fault("unknown", f"{where}.{name}", _("is nothing that a rule can say"))
    yield from core.texts(f"{where}.name", rule["name"])
    yield from core.number(f"{where}.points", rule["points"], 1, MOST_POINTS)
    yield from _source(where, rule["ground"], rule["from"])
    yield from _asked(where, rule)
    for name, cap in rule["caps"].items():
        if name not in CAPS:
            yield Fault("unknown", f"{where}.caps.{name}", _("is nothing that a rule can say"))
        yield from core.number(f"{where}.caps.{name}", cap, 1, MOST_CAP)
    if "day" not in rule["caps"]:
        yield core.missing(f"{where}.caps", "day")
    if "each" in rule:
        yield from core.number(f"{where}.each.of", rule["each"]["of"], 1, 10_000)
    yield from _days(where, rule)


def _source(where: str, ground: str, source: str) -> Faults:
    if ground not in GROUNDS:
        known = ", ".join(GROUNDS)
        yield Fault(
            "ground", f"{where}.ground", _("is none of these: %(known)s") % {"known": known}
        )
    elif source not in (heard := [HAND, *(cls.type for cls in SOURCES[ground])]):
        said = _("is not heard on this ground, so nobody would earn anything; heard is: %(known)s")
        yield Fault("source", f"{where}.from", said % {"known": ", ".join(heard)})


def _asked(where: str, rule: Body) -> Faults:
    """What it asks for has to stand in what it hears of; a desk says nothing but the day."""
    heard = HEARD.get(rule["from"])
    if heard is None and rule["from"] != HAND:
        return  # nobody hears of it
    known = {one.name for one in fields(heard)} if heard else set()  # type: ignore[arg-type]
    asked = {f"where.{name}": name for name in rule.get("where", {})}
    if "each" in rule:
        asked["each.field"] = rule["each"]["field"]
    for place, name in asked.items():
        if name not in known:
            said = _("“%(from)s” tells of no such thing")
            yield Fault("field", f"{where}.{place}", said % {"from": rule["from"]})
    for name, values in rule.get("where", {}).items():
        if not isinstance(values, list):
            yield Fault("values", f"{where}.where.{name}", _("has to be a list"))


def _days(where: str, rule: Body) -> Faults:
    since, until = _day(rule["since"]), _day(rule.get("until", "9999-12-31"))
    if since is None or until is None or until < since:
        said = _("begins and ends on days like 2026-01-31, in this order")
        yield Fault("days", f"{where}.since", said)


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Rule:
    """One way to earn points."""

    key: str
    ground: str
    names: Mapping[str, str]
    source: str
    where: Mapping[str, Any]
    each: Mapping[str, Any] | None  # {"field": "minutes", "of": 60}
    points: int
    unit: bool  # the member's workplace earns the same
    caps: Mapping[str, int]
    since: date
    until: date | None

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def ground_name(self) -> str:
        return str(GROUNDS[self.ground])

    @property
    def cap_names(self) -> list[tuple[str, int]]:
        return [(str(said), self.caps[key]) for key, said in CAPS.items() if key in self.caps]

    def stands(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Rules:
    """All of them, and what holds for all."""

    rules: Mapping[str, Rule]
    years: int
    announced: int  # days before points expire
    percent: int  # of entries that somebody else looks at

    def expires_on(self, day: date) -> date:
        """What is earned in a year goes at the end of the one that lies so many years later."""
        return date(day.year + self.years, 12, 31)


def read(body: Body) -> Rules:
    found = {key: _typed(key, one) for key, one in body["earning"].items()}
    expiry = body["expiry"]
    return Rules(found, expiry["years"], expiry["announced"], body["review"]["percent"])


def _typed(key: str, rule: Body) -> Rule:
    since = _day(rule["since"])
    assert since is not None  # looked at by `faults`
    return Rule(
        key, rule["ground"], rule["name"], rule["from"], rule.get("where", {}), rule.get("each"),
        rule["points"], bool(rule.get("unit")), rule["caps"], since, _day(rule.get("until")),
    )  # fmt: skip


BOOK = Rulebook("points-rules", "earning", SHIPPED, faults=faults, read=read)


@dataclass(frozen=True)
class Earned:
    """What one rule gives somebody for one occasion, before what they have had already."""

    rule: Rule
    points: int


def earned(rules: Rules, type_: str, data: Body, day: date) -> Iterator[Earned]:
    """By every rule that hears of such an event and finds in it what it asks for."""
    for rule in rules.rules.values():
        hears = rule.source == type_ and rule.stands(day) and _fits(rule, data)
        if hears and (points := points_of(rule, data)):
            yield Earned(rule, points)


def _fits(rule: Rule, data: Body) -> bool:
    """Each named field holds one of the values that the rule lists."""
    return all(data.get(field) in values for field, values in rule.where.items())


def points_of(rule: Rule, data: Body) -> int:
    """Whole units only: half an hour of a rule by the hour gives nothing."""
    times = 1
    if rule.each:
        amount = data.get(rule.each["field"], 0)
        times = max(amount, 0) // rule.each["of"] if isinstance(amount, int) else 0
    return min(rule.points * times, rule.caps.get("once", MOST_CAP))


def left(rule: Rule, day: int, year: int, all_day: int) -> int:
    """How many points a rule still gives, after so many of this day and year, and of all people."""
    had = {"day": day, "year": year, "all_day": all_day}
    return max(0, min(rule.caps[name] - had[name] for name in had if name in rule.caps))


def drawn(entry: UUID, percent: int) -> bool:
    """Whether somebody else looks at this entry: by the hash of its id, so that anybody who has
    the id can draw again, and nobody chooses."""
    number = int.from_bytes(sha256(entry.bytes)[:8], "big")
    return number * 100 < percent << 64


def expiring(had: int, gone: int, free: int) -> int:
    """How many points of those whose day has come are left: the oldest are spent first."""
    return max(0, min(had - gone, free))
