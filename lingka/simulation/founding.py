"""The ground of a run: the demo's map, places, units and staff, in an empty database."""

import random
from datetime import timedelta

from django.db import connection, transaction

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases.actions import activate_shipped
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.demo import city, organisation
from lingka.simulation.plan import Plan
from lingka.units import actions as units
from lingka.units import selectors


def must_be_empty() -> None:
    """A simulation makes up cases: so not where there is anything of a town's own."""
    if Case.objects.exists() or areas.roots() or Event.objects.filter(stream="user").exists():
        raise Problem(
            "not_empty",
            "This database holds a town's data: nothing is simulated there. Without --here the"
            " simulation takes a database of its own.",
        )


def found(plan: Plan) -> list[PlaceInfo]:
    """Build it as on the day before the plan begins."""
    must_be_empty()
    before = plan.begin - timedelta(days=1)
    with transaction.atomic(), clock.at(before):
        activate_shipped()
        rng = random.Random(plan.seed)  # noqa: S311 - a likeness
        grown = city.grow(rng, small=plan.small)
        city.import_city(grown, "2020-01-01")
        made = city.import_places(grown, rng)
        organisation.build(since=before.date(), now=plan.begin)
        _close_offices(plan)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(areas.places(made).values())


def _close_offices(plan: Plan) -> None:
    """The plan's own closing days, in the calendar by which deadlines count too."""
    calendar = min(selectors.calendars())
    for day, name in plan.days_off.items():
        names = {"zh-hans": name, "bo": name, "en": name}
        units.set_day(calendar, actor=SYSTEM, day=day, names=names, working=False)
