"""The demo's service teams with their captains, and a campaign half done."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.core import clock, datafiles
from lingka.core.actors import Actor
from lingka.demo.city import DATA
from lingka.demo.organisation import HOME, STREET
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, campaigns, selectors, teams

if TYPE_CHECKING:
    from lingka.demo.history import History

DONE = 2  # every second place, and the one after it every so often is shut
SHUT = 7


def together(history: "History", members: Sequence[MemberInfo]) -> None:
    """In the demo's own community; its desk confirms the teams and takes the campaign on."""
    home, street = areas.area_by_code(HOME), areas.area_by_code(STREET)
    assert home is not None  # part of every size
    assert street is not None
    desk = history.staff.desks[street.id]
    near = sorted((who for who in members if who.area_id == home.id), key=lambda who: who.joined_at)
    body = datafiles.read(DATA / "teams.yaml")
    for number, one in enumerate(body["teams"]):
        with clock.at(history.now - timedelta(days=one["ago"])):
            _team(one, near[number :: len(body["teams"])], desk)
    for one in body["campaigns"]:
        with clock.at(history.now - timedelta(days=one["ago"])):
            _campaign(one, home, desk)


def _team(one: dict[str, Any], people: Sequence[MemberInfo], desk: Actor) -> None:
    """The one who joined first leads it, the others join by its code."""
    here = [who for who in people if who.joined_at < clock.now()]
    if not here:
        return
    wanted = actions.Crew(one["name"], one["kind"], one["skills"], one["languages"])
    made = actions.ask_team(wanted, actor=here[0].actor)
    if one.get("asked"):
        return
    actions.confirm_team(made, actor=desk)
    found = teams.team(made)
    assert found is not None
    for who in here[1:]:
        actions.join_team(found.code, actor=who.actor)


def _campaign(one: dict[str, Any], home: AreaInfo, desk: Actor) -> None:
    """Begun and taken on; every second place is done by now, as the desk entered from paper."""
    begins = clock.now().date()
    wanted = actions.Run(
        one["kind"], one["title"], one["text"], begins, begins + timedelta(days=one["days"]),
        one["places"],
    )  # fmt: skip
    code = actions.begin_campaign(home.id, wanted, actor=desk)
    found = campaigns.campaign(code)
    assert found is not None
    for activity in selectors.under([home.path]):
        if activity.kind == one["kind"]:
            actions.take_on(found.uuid, activity.code, actor=desk)
    stops = [stop for _grid, several in campaigns.stops(found.uuid) for stop in several]
    for number, stop in enumerate(stops):
        state = "done" if number % DONE == 0 else "absent" if number % SHUT == 1 else ""
        if state:
            actions.mark(found.uuid, stop.place.id, state, actor=desk)
