"""Cases of the workflows that residents do not choose from pictures: calls, slips, hazards, wishes,
demands, resolutions, questions. Written in `data/stories.yaml` and lived by the engine."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock, datafiles
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.demo import drawings
from lingka.demo.city import DATA

if TYPE_CHECKING:
    from lingka.demo.history import History

RESIDENT = Actor("resident")
UNITS = ("unit", "helper", "reinspector")  # what steps name by a unit's key
UP = {"joint.street": ("hand_up",), "joint.slip": ("hand_up", "accept")}  # to the next desk
HURRY = 1.0  # steps nearer to the one before than this many hours wait for no office hours


@cache
def told() -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = datafiles.read(DATA / "stories.yaml")
    return body


def types() -> frozenset[str]:
    """The kinds of cases that only stories have."""
    return frozenset(one["type"] for one in told())


@dataclass
class Story:
    """One case of a story, and how far it has come."""

    plan: dict[str, Any]
    number: int  # which of its words
    opens: datetime
    rng: random.Random
    uuid: UUID | None = None
    resident: Actor = RESIDENT
    code: str = ""  # of the place
    done: int = 0  # steps

    def go_on(self, history: "History") -> timedelta | None:
        """Open it, or do the next step; how long until the one after, None at the end."""
        if self.uuid is None:
            self._open(history)
        elif refused := self._step(history):
            history.refused[f"{self.plan['type']}.{refused}"] += 1
            return None
        steps = self.plan["steps"]
        if self.done >= len(steps):
            return None
        reached = steps[self.done - 1][0] if self.done else 0.0
        return timedelta(hours=steps[self.done][0] - reached)

    def waits_for_office(self, delay: timedelta) -> bool:
        return not self.plan.get("any_hour") and delay >= timedelta(hours=HURRY)

    def _open(self, history: "History") -> None:
        place = self._place(history)
        photo = [self._photo(mended=False)] if self.plan.get("photo") else []
        opened = cases.open_case(
            actor=RESIDENT, case_type=self.plan["type"], channel=self.plan["channel"],
            language=self.plan.get("language", "zh-hans"),
            words=self.plan["words"][self.number], attachments=photo,
            idempotency_key=UUID(int=self.rng.getrandbits(128), version=4),
            place_id=place.id, lon=place.lon, lat=place.lat,
            share_words=self.plan.get("share", False),
        )  # fmt: skip
        self.uuid, self.resident = opened.case_uuid, Actor("resident", opened.receipt_id)
        self.code = place.code

    def _place(self, history: "History") -> PlaceInfo:
        spot, kind = self.plan["at"], self.plan.get("kind", "")
        path = history.spots.get(spot, "/")
        there = [one for one in history.places if areas.area(one.grid_id).path.startswith(path)]
        return self.rng.choice([one for one in there if one.kind == kind] or there)

    def _step(self, history: "History") -> str:
        """Do the next step; what was refused, "" otherwise."""
        assert self.uuid is not None
        _hours, action, who, *more = self.plan["steps"][self.done]
        self.done += 1
        asked: dict[str, Any] = more[0] if more else {}
        data = dict(self._given(name, value, history) for name, value in asked.items())
        if action == "arrive":
            data["code"] = self.code
        try:
            self._do(action, who, data, history)
        except (PermissionRefused, Problem) as error:
            return f"{action}: {getattr(error, 'code', '') or error}"
        return ""

    def _do(self, action: str, who: str, data: dict[str, Any], history: "History") -> None:
        """By whoever it falls to; first up the chain of desks, where the place has several."""
        assert self.uuid is not None
        row = Case.objects.only("lead_unit_id", "desk_area_id").get(uuid=self.uuid)
        try:
            cases.perform(self.uuid, action, actor=self._actor(who, row, history), data=data)
        except PermissionRefused as refused:
            if refused.denied.code != "chain":
                raise
            for one in UP[self.plan["type"]]:
                self._do(one, "desk", {}, history)
            self._do(action, who, data, history)

    def _actor(self, who: str, row: Case, history: "History") -> Actor:
        staff = history.staff
        if who.startswith("co:"):
            return staff.handlers[staff.units[who[3:]]][-1]
        fixed = {
            "resident": self.resident, "checker": staff.verifiers[0], "worker": staff.walker,
            "supervisor": staff.supervisor, "chief": staff.desks[areas.roots()[0].id],
            "desk": staff.desks.get(row.desk_area_id, staff.supervisor),
        }  # fmt: skip
        return fixed[who] if who in fixed else staff.handlers[row.lead_unit_id or 0][-1]

    def _given(self, name: str, value: Any, history: "History") -> tuple[str, Any]:
        """What a step gives, with keys of units and hours from now made into what actions take."""
        numbers = history.staff.units
        if name in UNITS:
            return name, str(numbers[value])
        if name in {"units", "came"}:
            return name, [str(numbers[one]) for one in value]
        if name == "leader":
            return name, str(history.staff.supervisor.id)
        if name in {"until", "at"}:
            return name, (clock.now() + timedelta(hours=value)).isoformat()
        if name == "photo":
            return "attachments", [str(self._photo(mended=True))]
        drawn = isinstance(value, str) and value.startswith("@")  # one for each of its words
        return name, self.plan[value[1:]][self.number] if drawn else value

    def _photo(self, *, mended: bool) -> UUID:
        drawn = drawings.draw("passage", mended=mended, rng=self.rng)
        return cases.add_attachment(drawn, actor=RESIDENT, kind="photo")


def stories(begin: datetime, now: datetime) -> Iterator[Story]:
    """Every case of every story that opens between these moments, the same each time."""
    rng = random.Random("stories")  # noqa: S311 - apart, so that it changes nothing else
    for plan in told():
        for number in range(len(plan["words"])):
            ago = plan["hours"] + number * plan.get("every", 0)
            opens = now - timedelta(hours=ago)
            if opens > begin:
                yield Story(plan, number, opens, random.Random(rng.getrandbits(64)))  # noqa: S311
