"""Building the demo city, in an empty database, through the same actions as everybody else."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from lingka.areas import selectors as areas
from lingka.cases.actions import activate_shipped
from lingka.cases.models import Attachment
from lingka.core import clock
from lingka.core.problems import Problem
from lingka.demo import (
    city,
    counters,
    deciding,
    exchanging,
    fates,
    helping,
    judging,
    keeping,
    live,
    organisation,
    patrolling,
    platforms,
    polling,
    tables,
    talking,
    telling,
    thanking,
    working,
)
from lingka.demo.copying import File, all_heard, heard
from lingka.demo.history import History
from lingka.demo.moving import Days
from lingka.demo.retelling import Retelling
from lingka.ledgers import actions as ledgers
from lingka.partners import actions as partners
from lingka.proofs import actions as proofs
from lingka.units import selectors as units

Size = Literal["full", "small"]
Tell = Callable[[str], None]
AROUND = timedelta(days=60)  # deadlines reach beyond the months themselves


@dataclass(frozen=True)
class Plan:
    """How much the engine lives itself, and how much is told again."""

    days: int
    early: int  # cases lived before the last days; closed ones are the patterns
    copies: int
    fresh_days: int  # the last days, lived whole
    fresh: int


PLANS: dict[Size, Plan] = {
    "full": Plan(days=184, early=340, copies=10_000, fresh_days=9, fresh=720),
    "small": Plan(days=24, early=24, copies=0, fresh_days=9, fresh=40),
}


def build(
    *,
    seed: int = 2026,
    size: Size = "full",
    cases: int | None = None,
    tell: Tell = lambda _text: None,
) -> History:
    """One city, its units and staff, and months of cases up to now, in one transaction: whoever
    stops it halfway finds the database empty again.

    The same for the same seed and day, but for codes and tokens, which must not be guessed.
    `cases` limits how many are told again; `tell` hears how far it has come.
    """
    if areas.roots():
        raise Problem(
            "not_empty", "This database already holds areas: the demo needs an empty one."
        )
    plan = PLANS[size]
    now = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    begin = now - timedelta(days=plan.days)
    with transaction.atomic():
        history = _found(random.Random(seed), begin, now, size, tell)  # noqa: S311 - a likeness
        _live(history, plan, plan.copies if cases is None else cases, tell)
        counters.serve(history)
        platforms.connect(history)
        live.take(history)
        patrolling.walk(history)
        _together(history, seed)
        all_heard()
        ledgers.rebuild()
        partners.recount_calls()
        judging.publish_months(history.begin, now, history.staff)
        polling.ask(history.begin, now, history.staff, random.Random(seed))  # noqa: S311 - a likeness
        heard()  # publishing rests on figures that know all
        polling.assess(now, history.staff, random.Random(seed))  # noqa: S311 - a likeness
        polling.draw_lots(now)
        heard()
    head = proofs.keep_up()
    tell(f"history: {head.size if head else 0} records under a signed head")
    return history


def _together(history: History, seed: int) -> None:
    """What the town does of its own: works of the year, helping, exchange, votes, tables."""
    working.work(history)
    members = helping.take_part(history, random.Random(seed))  # noqa: S311 - a likeness
    thanking.serve(history, members, random.Random(seed))  # noqa: S311 - a likeness
    thanking.thank(history, members)
    exchanging.exchange(history, members)
    deciding.decide(history, members)
    tables.sit(history, members)
    talking.vote(history, members)


def _found(
    rng: random.Random, begin: datetime, now: datetime, size: Size, tell: Tell
) -> History:  # fmt: skip
    """The ground: map, places, units, staff."""
    with clock.at(begin - timedelta(days=1)):
        activate_shipped()
        grown = city.grow(rng, small=size == "small")
        city.import_city(grown, "2020-01-01")
        places = city.import_places(grown, rng)
        tell(f"map: {len(grown.features)} areas, {len(places)} places")
        staff = organisation.build(since=(begin - timedelta(days=1)).date(), now=now)
        tell(f"units and posts: {len(staff.units)} units")
    listed = sorted(areas.places(places).values(), key=lambda one: one.id)
    office = units.calendar_for(staff.units["callback"], now)
    return History(rng, staff, listed, begin, now, office)


def _live(history: History, plan: Plan, copies: int, tell: Tell) -> None:
    """Months lived thinly, the same told again at full number, and the last days lived whole."""
    fresh_from = history.now - timedelta(days=plan.fresh_days)
    history.told = _steps(tell, "months lived by the engine")
    days = history.office.is_working_day
    early = fates.opening_times(history.rng, plan.early, history.begin, fresh_from, days)
    history.live(early, fresh_from)
    _analyse()
    if copies:
        made = _retelling(history).tell(
            history.places, copies, history.begin.date(), fresh_from.date(), history.now
        )
        tell(f"told again elsewhere: {made} cases")
    _analyse()
    history.told = _steps(tell, "the last days, lived whole")
    fresh = fates.opening_times(
        history.rng, plan.fresh - len(history.scenes), fresh_from, history.now, days
    )
    history.live([*fresh, *history.scenes], history.now)
    telling.tell_in_public(history)
    keeping.keep(history)
    _analyse()


def _steps(tell: Tell, name: str) -> Callable[[float], None]:
    """Tells each fifth that is done, once."""
    said = 0

    def told(share: float) -> None:
        nonlocal said
        if int(share * 5) > said:
            said = int(share * 5)
            _analyse()
            tell(f"{name}: {said * 20} %")

    return told


def _retelling(history: History) -> Retelling:
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = (history.begin - AROUND).date(), (history.now + AROUND).date()
    days = Days.of(history.office, first, last, zone)
    drawn: dict[str, list[File]] = {}
    for row in Attachment.objects.filter(uuid__in=list(history.drawn)).order_by("id"):
        file = File(row.received_sha256, row.blob_id, row.thumbnail_id)
        drawn.setdefault(history.drawn[row.uuid], []).append(file)
    return Retelling(history.rng, days, history.sayings, history.weigh, drawn)


def _analyse() -> None:
    """Let the database know how much there is, before it plans on."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
