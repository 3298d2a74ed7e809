"""The demo's ten small things of the year: seven confirmed by their users, one late and why."""

import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.areas.selectors import day_of
from lingka.core import clock, datafiles
from lingka.core.actors import Actor
from lingka.demo.city import DATA
from lingka.demo.drawings import draw
from lingka.demo.organisation import STREET
from lingka.projects import actions, rules
from lingka.units import selectors as units

if TYPE_CHECKING:
    from lingka.demo.history import History

PUBLIC = 120  # so many days ago the list was published, where the demo goes back so far


def work(history: "History") -> None:
    """Published as a whole; then each goes its way to where it stands now."""
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    desk = history.staff.desks[street.id]
    rows = datafiles.read(DATA / "projects.yaml")
    with clock.at(_at(history, -PUBLIC)):
        of = actions.begin_list(street.id, history.now.year, actor=desk)
        codes = [
            actions.set_project(of, _draft(one, history), actor=desk) for one in rows
        ]  # fmt: skip
        ways = [
            _steps(history, code, one, desk) for code, one in zip(codes, rows, strict=True)
        ]  # fmt: skip
        actions.publish(of, actor=desk)
    for code, one, way in zip(codes, rows, ways, strict=True):
        for uuid, done in way:
            with clock.at(_at(history, done)):
                actions.reach(code, uuid, actor=desk)
        _picture(history, code, one, desk)
        _go(history, code, one, desk)


def _picture(history: "History", code: str, one: dict[str, Any], desk: Actor) -> None:
    """Drawn, of what there was before and of what came of it."""
    if "drawn" not in one:
        return
    moments = {"before": _at(history, -PUBLIC + 5)}
    if "done" in one:
        moments["after"] = max(_at(history, one["done"] - 1), moments["before"])
    for shows, moment in moments.items():
        rng = random.Random(f"{one['title']['zh-hans']} {shows}")  # noqa: S311 - a drawing
        drawn = draw(one["drawn"], mended=shows == "after", rng=rng)
        with clock.at(moment):
            actions.show_photo(code, drawn, shows, one["where"]["zh-hans"], actor=desk)


def _steps(
    history: "History", code: str, one: dict[str, Any], desk: Actor
) -> list[tuple[UUID, int]]:
    """Its milestones; of those that are reached, when."""
    made = [
        (actions.add_milestone(code, step["title"], _day(history, step["due"]), actor=desk), step)
        for step in one.get("steps", ())
    ]
    return [(uuid, step["done"]) for uuid, step in made if "done" in step]


def _at(history: "History", days: int) -> datetime:
    """So many days from now, but never before there is a town."""
    first = history.begin + timedelta(days=1 if days <= -PUBLIC else 2)
    return max(history.now + timedelta(days=days), first)


def _day(history: "History", days: int) -> date:
    """Never before the list was published: nothing is entered late."""
    return day_of(max(history.now + timedelta(days=days), _at(history, -PUBLIC)))


def _due(history: "History", one: dict[str, Any]) -> date:
    """Not before it was done, in a town too young for that."""
    due = _day(history, one["due"])
    return max(due, day_of(_at(history, one["done"]))) if "done" in one else due


def _draft(one: dict[str, Any], history: "History") -> actions.Draft:
    owner = units.unit_by_key(one["owner"])
    assert owner is not None  # of the demo's own organisation
    return actions.Draft(
        one["title"], one["text"], one["where"], owner.id, one["planned"],
        _due(history, one),
    )  # fmt: skip


def _go(history: "History", code: str, one: dict[str, Any], desk: Actor) -> None:
    """What it cost, why it is late or later, and what its users say."""
    with clock.at(_at(history, one.get("done", -3))):
        actions.spend(code, one["spent"], one.get("dearer", ""), actor=desk)
        if "late" in one:
            actions.explain(code, one["late"], actor=desk)
        if "moved" in one:
            actions.move(code, _day(history, one["moved"]), one["why"], actor=desk)
        if "done" in one:
            actions.report_done(code, actor=desk)
            for option, many in one.get("said", {}).items():
                for _number in range(many):
                    actions.answer(code, actions.begin(code), option)
    if "said" in one:
        with clock.at(_at(history, one["done"]) + rules.days()):
            actions.close_asking(code)
