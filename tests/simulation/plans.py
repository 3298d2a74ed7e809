"""A tiny town and plans for it whose outcome can be reckoned by hand."""

from collections import Counter
from typing import Any

from lingka.areas import selectors as areas
from lingka.areas.models import Place
from lingka.core import codes
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.simulation import plan as plans
from lingka.simulation.plan import Plan
from lingka.simulation.running import Simulation
from tests.cases.city import HERE, City, names

STRAIGHT = {
    "received": {"then": {"dispatch": 1}},
    "dispatched": {"then": {"sign_in": 1}},
    "handling": {"then": {"report_back": 1}},
    "reported": {"then": {"verify": 1}},
    "calling_back": {"then": {"call_back_done": 1}},
    "resolved": {"then": {"rate": 1}},
    "closed": {"then": {"nothing": 1}},
}
OFFICE_HOURS = [0] * 10 + [1] * 3 + [0] * 3 + [1] * 2 + [0] * 6
DUTY = 390.0  # minutes of a working day


def plan(**changes: Any) -> Plan:
    """Four days in which every lamp that is reported goes the straight way, but for changes."""
    body = plans.merged(plans.read("corner").body, {})
    body |= {
        "name": "Lamps", "begin": "2026-11-16", "days": 4, "away": 0, "misrouted": 0,
        "ways": STRAIGHT, "besides": {}, "workflows": {}, "on_call": [],
        "deliver_every": 720, "look_every": 30,
        "work": {"*": {"mean": 5, "cv": 0}}, "waits": {"*": 0},
        "supervision": body["supervision"] | {"share": 0},
        "reports": body["reports"] | {
            "per_day": 5, "free_days": 1, "months": {}, "joined": 0, "hours": OFFICE_HOURS,
            "types": {"light.out": 1},
        },
    }  # fmt: skip
    return Plan(plans.merged(body, changes))


def run(city: City, given: Plan) -> Simulation:
    """The plan's days in the tiny town."""
    place = Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="street", name=names("巷"), grid=city.grid,
        lon=HERE[0], lat=HERE[1],
    )  # fmt: skip
    made = Simulation(given)
    made.run(list(areas.places([place.id]).values()))
    return made


def acted() -> Counter[str]:
    """How often each action was done."""
    found = Event.objects.filter(type="cases.CaseActed")
    return Counter(found.values_list("data__action", flat=True))
