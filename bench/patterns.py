"""Cases that seeding copies: made by the real engine, over some weeks, most of them closed.

Those of the residents' ordinary reports are made here; of every other workflow, those that the
demo city has lived. How many of each type a town has is data: the shares that `lingka simulate`
begins with.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from bench.world import Keys

CLOSED, OPEN = 240, 60
OPEN_AT = ("received", "dispatched", "handling", "reported", "calling_back")
SCENES = ("楼道里", "院门口", "地下室", "广场边", "菜市场", "学校旁")


def make(keys: Keys) -> list[Any]:
    """Ids of new cases; the words of each carry a mark that seeding makes unique."""
    from django.db.models import Max

    from lingka.accounts.models import Post, User
    from lingka.cases import actions
    from lingka.core import clock
    from lingka.core.actors import Actor

    names = ("pai", "shui", "hefang")
    staff = {name: Actor("user", User.objects.get(username=name).id) for name in names}
    kinds = _ordinary()
    chance = random.Random(311)
    now = clock.now()
    granted = Post.objects.filter(user__username__in=names).aggregate(last=Max("valid_from"))
    span = (now.date() - granted["last"]).days - 2  # staff had their posts since then
    made = []
    for number in range(CLOSED + OPEN):
        days = (
            chance.uniform(1, span) if number < CLOSED else min(chance.expovariate(1 / 4) + 1, span)
        )
        stop = None if number < CLOSED else OPEN_AT[number % len(OPEN_AT)]
        # Skewed as cities are: few kinds and few grids bring most of the reports.
        kind = chance.choices(list(kinds), list(kinds.values()))[0]
        at = min(int(chance.expovariate(6 / len(keys.points))), len(keys.points) - 1)
        began = now - timedelta(days=days)
        opened = _open(kind, keys.points[at], number, began)
        _walk(opened, keys, staff, began, stop=stop, chance=chance)
        made.append(opened.case_uuid)
    while actions.due_now():  # what is late was found late long ago
        pass
    return made


def shares() -> dict[str, float]:
    """How many cases of each type, beside the others: all workflows among them."""
    from lingka.simulation.plan import read

    given = read("corner").body["reports"]["types"]
    return {
        key: float(one["share"] if isinstance(one, dict) else one) for key, one in given.items()
    }


def _ordinary() -> dict[str, float]:
    """The shares of the types that `_walk` can take from report to rating."""
    from lingka.cases.selectors import catalogue

    known = {one.key: one for one in catalogue.case_types("en")}
    return {
        key: share for key, share in shares().items()
        if known[key].workflow == "quick_response" and not known[key].urgent
    }  # fmt: skip


def lived(made: list[Any]) -> list[Any]:
    """Ids of cases that the demo city lived, of types that are not made here."""
    from lingka.cases.models import Case, Receipt

    mine = set(Case.objects.filter(uuid__in=made).values_list("case_type", flat=True))
    alone = Receipt.objects.exclude(kind="follower").values("case")
    others = Case.objects.filter(id__in=alone, case_type__in=shares()).exclude(case_type__in=mine)
    several = others.filter(facts__has_any_keys=["followers", "parts", "into"])
    return list(others.exclude(id__in=several.values("id")).values_list("uuid", flat=True))


def _open(kind: str, point: tuple[float, float], number: int, began: datetime) -> Any:
    from lingka.cases import actions
    from lingka.cases.selectors import catalogue
    from lingka.core import clock
    from lingka.core.actors import Actor
    from lingka.core.ids import uuid7

    comes = catalogue.case_type(kind)
    with clock.at(began):
        return actions.open_case(
            actor=Actor("resident"),
            case_type=kind,
            channel="web" if comes.comes_by("web") else comes.channels[0],
            words=f"{SCENES[number % len(SCENES)]}有事要办〔{number:04d}〕",
            language="zh-hans",
            lon=point[0],
            lat=point[1],
            idempotency_key=uuid7(),
        )


def _walk(
    opened: Any,
    keys: Keys,
    staff: dict[str, Any],
    began: datetime,
    *,
    stop: str | None,
    chance: Any,
) -> None:
    """Take a case along the straight way, to its end or to the state where it stops."""
    from lingka.cases import actions
    from lingka.core import clock
    from lingka.core.actors import Actor

    resident = Actor("resident", opened.receipt_id)
    steps: list[tuple[str, Any, dict[str, Any]]] = [
        ("dispatch", staff["pai"], {"unit": keys.unit}),
        ("sign_in", staff["shui"], {}),
        ("report_back", staff["shui"], {"words": f"办好了〔{opened.receipt_id}〕"}),
        ("verify", staff["hefang"], {"how": "phone"}),
        ("rate", resident, {"solved": True, "satisfied": "yes"}),
    ]
    state, moment = "received", began
    for action, actor, data in steps:
        if state == stop:
            return
        moment += timedelta(minutes=chance.uniform(10, 200))
        with clock.at(moment):
            state = actions.perform(opened.case_uuid, action, actor=actor, data=data).state
