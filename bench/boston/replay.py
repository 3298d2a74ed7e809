"""Through the engine: each request opened, sent, signed in and reported back at its time.

Nothing here knows what the city said about deadlines: a `Matter` holds type and times only.
"""

from datetime import datetime
from typing import Any

from bench.boston.ground import Ground, key
from bench.boston.rows import Matter

Verdict = tuple[str, str]  # when it was due, "" without a deadline; ONTIME or OVERDUE


def replay(job: tuple[Ground, datetime, list[Matter]]) -> list[Verdict]:
    """What the engine's resolve clock says of each matter, in order; `until` is the day on which
    the city's list was written, for those still open."""
    ground, until, matters = job
    return [_one(matter, ground, until) for matter in matters]


def _one(matter: Matter, ground: Ground, until: datetime) -> Verdict:
    from lingka.cases import actions
    from lingka.cases.models import Case
    from lingka.core import clock
    from lingka.core.actors import SYSTEM, Actor
    from lingka.core.ids import uuid7

    def do(action: str, who: tuple[int, int], **data: Any) -> None:
        actions.perform(opened.case_uuid, action, actor=Actor("user", *who), data=data)

    with clock.at(matter.opened):
        opened = actions.open_case(
            actor=SYSTEM, case_type=key(matter.type), channel="import", language="en",
            idempotency_key=uuid7(),
        )  # fmt: skip
        do("dispatch", ground.dispatcher, unit=ground.unit)
        do("sign_in", ground.handler)
    if matter.closed and matter.closed >= matter.opened:
        with clock.at(matter.closed):
            do("report_back", ground.handler, words="done")
    resolve = Case.objects.get(uuid=opened.case_uuid).clocks.get("resolve")
    return verdict(resolve, until)


def verdict(resolve: dict[str, Any] | None, until: datetime) -> Verdict:
    from lingka.cases import clocks

    if resolve is None:
        return "", "ONTIME"
    ended = clocks.met(resolve)
    kept = clocks.moment(resolve["due"]) >= until if ended is None else ended
    return resolve["due"], "ONTIME" if kept else "OVERDUE"
