"""A grid with four places and a team that walks there. Set-up, not what is tested."""

from dataclasses import dataclass
from typing import Any

from lingka.accounts.models import Post
from lingka.areas import cache
from lingka.areas.models import Place
from lingka.core import codes
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.patrols import actions
from lingka.patrols.models import Round
from lingka.units import selectors as units
from lingka.units.models import Unit
from tests.cases.city import START, City, names
from tests.security.stage import _user

KINDS = ("restaurant", "shop", "street", "building")


@dataclass
class Town:
    city: City
    team: Unit
    places: list[Place]

    @property
    def walker(self) -> Actor:
        return self.city.staff["walker"]

    def body(self, **changes: Any) -> dict[str, Any]:
        stops = [{"place": one.id, "checklist": "", "note": {}} for one in self.places]
        whole = {
            "name": names("日常巡查"), "kind": "daily", "rule": "FREQ=DAILY", "level": "grid",
            "begins_on": "2026-11-16", "ends_on": None, "holidays": "keep", "from": "09:00",
            "until": "18:00", "area": self.city.grid.id, "unit": self.team.id, "stops": stops,
        }  # fmt: skip
        return whole | changes

    def stop(self, at: int, checklist: str = "") -> dict[str, Any]:
        return {"place": self.places[at].id, "checklist": checklist, "note": {}}

    def plan(self, **changes: Any) -> Any:
        dispatcher = self.city.staff["dispatcher"]
        return actions.make_plan(self.body(**changes), actor=dispatcher, reason="每天看一遍")

    def first(self, **changes: Any) -> Round:
        """The first round of a plan made now."""
        return Round.objects.filter(plan__uuid=self.plan(**changes)).order_by("day")[0]


def build(city: City) -> Town:
    team = Unit.objects.create(
        uuid=uuid7(), key="team", kind="grid_team", name=names("队"), area=city.grid,
        calendar=city.units["office"].calendar,
    )  # fmt: skip
    places = [
        Place.objects.create(
            uuid=uuid7(), code=codes.short_code(), kind=kind, name=names(kind), address={},
            grid=city.grid, lon=91.13 + at * 0.001, lat=29.65,
        )
        for at, kind in enumerate(KINDS)
    ]  # fmt: skip
    cache.forget()
    units.forget()
    return Town(city, team, places)


def worker(town: Town, name: str, unit: str = "") -> Actor:
    """Somebody else of the team, or of another unit, over no area of their own."""
    user = _user(name)
    place = town.city.units[unit] if unit else town.team
    area = town.city.street if unit else town.city.grid
    post = Post.objects.create(
        user=user, role="grid_worker" if not unit else "handler", unit=place, area=area,
        valid_from=START,
    )  # fmt: skip
    return Actor("user", user.pk, post.pk)
