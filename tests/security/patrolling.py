"""A plan of rounds on the stage's grid: one round that was missed, and those ahead."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lingka.accounts import selectors as accounts
from lingka.areas.models import Place
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.patrols import actions
from lingka.patrols.models import Round
from tests.cases.city import City, names


def rounds(city: City) -> dict[str, Any]:
    """Ids of the plan, of a round ahead and of the one that nobody walked."""
    place = Place.objects.get(grid=city.grid)
    with clock.at(clock.now() - timedelta(days=1)):
        body = {
            "name": names("日常巡查"), "kind": "daily", "rule": "FREQ=DAILY", "level": "grid",
            "area": city.grid.pk, "unit": city.units["office"].pk, "ends_on": None,
            "begins_on": str(accounts.today()), "holidays": "keep", "from": "00:10",
            "until": "00:20", "stops": [{"place": place.pk, "checklist": "road_ice", "note": {}}],
        }  # fmt: skip
        plan = actions.make_plan(body, actor=SYSTEM, reason="每天看一遍")
    actions.close_missed()
    mine = Round.objects.filter(plan__uuid=plan).order_by("day")
    return {"plan": plan, "missed": mine[0].uuid, "round": mine[3].uuid}


def plan_form(stage: Any) -> dict[str, Any]:
    place = stage.things["place_id"]
    return {
        **{f"name_{code}": "巡查" for code in ("zh-hans", "bo", "en")},
        "kind": "daily", "level": "grid", "unit": stage.city.units["office"].pk,
        "repeat": "daily", "begins_on": "2026-11-01", "from_hour": "09:00",
        "until_hour": "18:00", "holidays": "skip", "reason": "路滑", "key": str(uuid7()),
        f"place_{place}": "1", f"checklist_{place}": "",
    }  # fmt: skip


# What is sent to their pages; called with the stage.
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "/desk/rounds/plans/new": plan_form,
    "/desk/rounds/plans/<uuid>/": plan_form,
    "/desk/rounds/<uuid>/explain": lambda _stage: {"excuse": "weather"},
}
