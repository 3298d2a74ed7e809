"""Somebody who takes part in the stage's town, a workplace, and the forms of both."""

from collections.abc import Callable
from typing import Any

from lingka.members import actions
from tests.cases.city import City
from tests.members.people import OFFER, joined

NUMBER = "13900007001"


def join(city: City) -> tuple[str, Any]:
    """The key of a member's browser, and a workplace that checked in with their community."""
    community = city.grid.parent_id or 0
    made = actions.check_in(
        city.units["light"].pk, community, actor=city.staff["dispatcher"], **OFFER
    )
    return joined(community, NUMBER, "云雀").key, made


def _offer(stage: Any) -> dict[str, Any]:
    given = {"unit": stage.city.units["light"].pk, "area": stage.city.grid.parent_id, **OFFER}
    return {"do": "offer", **{f"offer-{name}": value for name, value in given.items()}}


def _entry(stage: Any) -> dict[str, Any]:
    given = {"name": "柳树", "area": stage.city.grid.parent_id, "language": "bo"}
    return {"do": "entry", **{f"entry-{name}": value for name, value in given.items()}}


BODIES: dict[str, Callable[[Any], Any]] = {
    "/me/in/": lambda _s: {"to": "13900007002"},
    "/me/number/": lambda _s: {"to": "13900007003"},
    "/me/code/": lambda _s: {"digits": "123456"},
    "/me/kept/": _entry,
    "/desk/workplaces/new": _offer,
    "/desk/workplaces/<uuid>": _offer,
}
