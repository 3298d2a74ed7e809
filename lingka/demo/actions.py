"""Building the demo city, in an empty database, through the same actions as everybody else."""

import random
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from lingka.areas import selectors as areas
from lingka.cases.actions import activate_shipped
from lingka.core import clock
from lingka.core.problems import Problem
from lingka.demo import city, organisation
from lingka.demo.history import History

Size = Literal["full", "small"]
HISTORY_DAYS = {"full": 182, "small": 12}
CASES = {"full": 1500, "small": 36}
PHOTOS = {"full": 90, "small": 6}


def build(*, seed: int = 2026, size: Size = "full", cases: int | None = None) -> History:
    """One city, its units and staff, and months of cases up to now; the same for the same seed
    and day, but for codes and tokens, which must not be guessed."""
    if areas.roots():
        raise Problem(
            "not_empty", "This database already holds areas: the demo needs an empty one."
        )
    rng = random.Random(seed)  # noqa: S311 - a likeness, not a secret
    now = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    begin = now - timedelta(days=HISTORY_DAYS[size] + 1)
    with transaction.atomic(), clock.at(begin):
        activate_shipped()
        grown = city.grow(rng, small=size == "small")
        city.import_city(grown, "2020-01-01")
        places = city.import_places(grown, rng)
        staff = organisation.build(since=begin.date(), now=now)
    listed = list(areas.places(places).values())
    history = History(
        rng, staff, sorted(listed, key=lambda one: one.id), begin + timedelta(days=1), now,
        photos=PHOTOS[size],
    )  # fmt: skip
    history.live(cases or CASES[size])
    return history
