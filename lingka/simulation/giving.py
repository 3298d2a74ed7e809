"""What somebody fills in with an action: every kind of need, by the plan's weights."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases.definitions import PART, Action, Need
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.demo import drawings
from lingka.simulation import reckoned
from lingka.simulation.plan import Plan, Weights
from lingka.simulation.town import Town

if TYPE_CHECKING:
    from lingka.simulation.walking import Life

WORDS = {
    "report_back": "办好了，现场试过。", "reply_now": "按指南答复：带身份证，当天能办。",
    "call": "请到现场一起处理。", "list": "此处有重大隐患，正在整改。",
    "read_out": "上次议定的事办好了，当场宣读。", "first_contact": "已联系，说明怎么办。",
}  # fmt: skip
PLAIN = "情况已记录。"
DAYS = {
    "extend_ask": (9, 20),
    "suspend": (4, 12),
    "call_meeting": (1, 3),
    "supervise": (2, 6),
}  # how far ahead a day is named, at least and most
AHEAD = (6, 14)
YES = {"yes": 1.0, "no": 0.0}
MOST = 0.8  # of those who are asked to a meeting come


def drawn(rng: random.Random, weights: Weights) -> str:
    """One of the keys, by their weights."""
    return rng.choices(list(weights), [float(one) for one in weights.values()])[0]


class Hand:
    """Fills in what one action of one case asks."""

    def __init__(self, life: "Life", case: Case, action: Action) -> None:
        self.life, self.case, self.action = life, case, action
        self.plan: Plan = life.plan
        self.town: Town = life.town
        self.rng: random.Random = life.rng
        self.lead: int | None = None  # a unit that this hand has chosen already

    def fill(self) -> dict[str, Any]:
        given = {need.name: self._one(need) for need in self.action.needs if self._wanted(need)}
        if self.action.one_of and not any(name in given for name in self.action.one_of):
            given[self.action.one_of[0]] = PLAIN
        return {name: value for name, value in given.items() if value not in (None, [])}

    def _wanted(self, need: Need) -> bool:
        pictured = ("picture_from_before", None) in self.action.effects
        return need.required or need.kind in {"units", "choice", *(["photos"] if pictured else [])}

    def _one(self, need: Need) -> Any:
        kinds: Mapping[str, Callable[[Need], Any]] = {
            "text": self._text, "unit": self._unit, "units": self._units,
            "helper": self._helper, "other_unit": self._other, "leader": self._leader,
            "choice": self._choice, "checks": _all, "flag": self._flag, "moment": self._moment,
            "photos": self._photo, "place_code": self._code, "type": self._type,
            "time": self._moment, "helpers": self._came, "case": self._other_case,
        }  # fmt: skip
        return kinds.get(need.kind, _unknown)(need)

    def _code(self, need: Need) -> str | None:
        """What hangs at the door of the place, where there is one."""
        return areas.place(self.case.place_id).code if self.case.place_id else None

    def _text(self, need: Need) -> str:
        return WORDS.get(self.action.key, PLAIN)

    def _choice(self, need: Need) -> str:
        keys = [key for key, _names in need.options]
        weights = self.plan.weights(self.action.key, need.name)
        known = {key: weights[key] for key in keys if key in weights} if weights else {}
        if len(known) == 1:  # nothing to draw
            return next(iter(known))
        return drawn(self.rng, known) if known else self.rng.choice(keys)

    def _flag(self, need: Need) -> bool:
        weights = self.plan.weights(self.action.key, need.name) or YES
        return drawn(self.rng, weights) == "yes"

    def _moment(self, need: Need) -> str:
        least, most = DAYS.get(self.action.key, AHEAD)
        until = clock.now() + timedelta(days=self.rng.randint(least, most))
        resolve = self.case.clocks.get("resolve")
        if self.action.key == "extend_ask" and resolve:  # later than it would be anyway
            until = until.fromisoformat(resolve["due"]) + timedelta(days=self.rng.randint(2, most))
        return until.isoformat()

    def _unit(self, need: Need) -> int | None:
        """Whom the rules name; somebody else where the plan lets the desk err."""
        self.lead = self._excepted() or self._routed()
        return self.lead

    def _excepted(self) -> int | None:
        """Who was allowed against the duty list, or is about to be."""
        if self.action.key == "except_duty":
            return self.life.against
        allowed = self.case.facts.get("exceptions", ())
        return allowed[-1]["unit"] if allowed and not self.case.lead_unit_id else None

    def _routed(self) -> int | None:
        case, errs = self.case, self.rng.random() < float(self.plan.body["misrouted"])
        on_it = {one["unit"] for one in case.assignments if not one["ended"]}
        before = {case.lead_unit_id, case.facts.get("returned_by"), *self.life.refused_by}
        named = (case.facts.get("suggested") or {}).get("unit")
        first = [named] if named in self.town.handlers else []
        first += self.town.near(self.plan.routes(case.case_type), case.area_path)
        if self.action.key == "add_co_handler" or errs:
            first = []
        others = self.town.others(set(), case.area_path)[:8]
        self.rng.shuffle(others)
        fresh = [one for one in (*first, *others) if one not in on_it | before]
        return next(iter(fresh or first or others), None)

    def _units(self, need: Need) -> list[int]:
        """One or two besides the lead."""
        near = self.town.near(self.plan.routes(self.case.case_type), self.case.area_path)
        free = [one for one in dict.fromkeys(near) if one != self.lead]
        return free[: self.rng.randint(0, 2)]

    def _helper(self, need: Need) -> int | None:
        if self.life.helper:
            return self.life.helper
        on_it = [one["unit"] for one in self.case.assignments]
        return self.rng.choice(on_it) if on_it else None

    def _came(self, need: Need) -> list[int]:
        """Most of those who were asked to meet, and one at the least."""
        there = [one["unit"] for one in self.case.assignments if not one["ended"]]
        came = [one for one in there if self.rng.random() < MOST]
        return list(dict.fromkeys(came or there[:1]))

    def _other_case(self, need: Need) -> str | None:
        """The case with which this one goes on, by its number."""
        other = self.life.alike(self.case)
        self.life.into = other.uuid if other else None
        return other.number if other else None

    def _other(self, need: Need) -> int | None:
        return next(iter(self.town.checkers(self.lead or self.case.lead_unit_id)), None)

    def _leader(self, need: Need) -> int | None:
        leaders = self.town.leaders(self.case.area_path)
        return self.rng.choice(leaders).id if leaders else None

    def _type(self, need: Need) -> str:
        """What is split off: the kinds of case whose workflow is that of parts."""
        return next(key for key, one in reckoned.types().items() if one["workflow"] == PART)

    def _photo(self, need: Need) -> list[str]:
        group = self.case.case_type.partition(".")[0]
        picture = drawings.draw(group, mended=True, rng=self.rng)
        made = cases.add_attachment(picture, actor=Actor("resident"), kind="photo")
        return [str(made)]


def _all(need: Need) -> list[str]:
    return [key for key, _names in need.options]


def _unknown(need: Need) -> None:
    """A kind of need that nobody here can fill: the engine says what is missing."""
