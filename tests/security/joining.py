"""Somebody who takes part in the stage's town, a workplace, an activity, and their forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lingka.areas.models import Place
from lingka.core import codes
from lingka.core.ids import uuid7
from lingka.members import actions
from lingka.volunteering import actions as helping
from lingka.volunteering import campaigns
from lingka.volunteering.models import Certificate
from tests.cases.city import MONDAY, City, names
from tests.members.people import OFFER, joined
from tests.volunteering.helping import open_activity

NUMBER = "13900007001"


def join(city: City) -> tuple[str, Any]:
    """The key of a member's browser, and a workplace that checked in with their community."""
    community = city.grid.parent_id or 0
    made = actions.check_in(
        city.units["light"].pk, community, actor=city.staff["dispatcher"], **OFFER
    )
    return joined(community, NUMBER, "云雀").key, made


def activity(city: City) -> dict[str, Any]:
    """Tomorrow, with a paper that was issued for an earlier one, and the code on the spot."""
    begins = MONDAY + timedelta(days=1)
    made = open_activity(city, begins, begins + timedelta(hours=2), places=2)
    paper = Certificate.objects.create(
        code=codes.short_code(), member=uuid7(), first_day=MONDAY.date(), last_day=MONDAY.date(),
        times=1, minutes=60, issued_on=MONDAY.date(),
    )  # fmt: skip
    need = helping.publish_need(
        city.grid.parent_id or 0,
        helping.Wanted("talks", names("讲"), names("讲"), [1], ["evening"], MONDAY.date()),
        actor=city.staff["dispatcher"],
    )
    return {
        "need": str(need), "campaign": _campaign(city),
        "activity": made.code, "shift": str(made.shift), "paper": paper.code,
        "scanned": made.qr(MONDAY).rpartition("/")[2],
    }  # fmt: skip


def _campaign(city: City) -> str:
    """Over every place of the community that a campaign may be about."""
    kinds = {key for key, _name in campaigns.place_kinds()}
    there = sorted(kinds & set(Place.objects.values_list("kind", flat=True)))
    day = MONDAY.date()
    run = helping.Run("care", names("走一遍"), names("看一看"), day, day + timedelta(days=7), there)
    return helping.begin_campaign(
        city.grid.parent_id or 0, run, actor=city.staff["dispatcher"]
    )  # fmt: skip


def _begun(stage: Any) -> dict[str, Any]:
    words = {f"{part}_{code}": "灯" for part in ("title", "text") for code in names("")}
    kinds = list(Place.objects.values_list("kind", flat=True).distinct())
    given = {"kind": "care", "area": stage.city.grid.parent_id, "begins_on": "2026-11-17",
             "ends_on": "2026-11-20", "place_kinds": kinds, **words}  # fmt: skip
    return {"do": "campaign", **{f"campaign-{name}": value for name, value in given.items()}}


def _activity(stage: Any) -> dict[str, Any]:
    words = {f"{part}_{code}": "灯" for part in ("title", "text", "where") for code in names("")}
    given = {"kind": "care", "area": stage.city.grid.parent_id, **words}
    return {"do": "activity", **{f"activity-{name}": value for name, value in given.items()}}


def _need(stage: Any) -> dict[str, Any]:
    words = {f"{part}_{code}": "灯" for part in ("title", "text") for code in names("")}
    given = {"kind": "care", "area": stage.city.grid.parent_id, "weekdays": ["1"],
             "times": ["evening"], "until": "2026-12-01", **words}  # fmt: skip
    return {"do": "need", **{f"need-{name}": value for name, value in given.items()}}


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
    "/v/<code>/<shift>/place": lambda _s: {"do": "on"},
    "/desk/needs/new": _need,
    "/desk/needs/<uuid>": lambda _s: {"do": "pick", "pick-unit": _s.city.units["light"].pk},
    "/desk/campaigns/new": _begun,
    "/desk/campaigns/<code>": lambda _s: {"do": "close"},
    "/desk/activities/new": _activity,
    "/desk/activities/<code>": lambda _s: {"do": "cancel", "cancel-why": "few"},
    "/desk/activities/shifts/<shift>": lambda _s: {"do": "close"},
}
