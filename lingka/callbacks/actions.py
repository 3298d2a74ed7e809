"""The lots of a week, and letting go of cases on which they did not fall."""

import secrets
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from lingka.callbacks import rules
from lingka.callbacks.events import CallsDrawn
from lingka.callbacks.models import Draw
from lingka.cases import actions as cases
from lingka.cases import callbacks
from lingka.cases.selectors import calls
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem

STREAM = UUID("0d2f3d0e-6f0a-5c38-9f3e-7a1c4a5d9b21")  # names the one stream of all draws
A_WEEK = timedelta(days=7)


def draw(*, actor: Actor = SYSTEM) -> Draw:
    """Fix this week's share and seed, once: by how many there were in the seven days before."""
    now = clock.now()
    week = rules.week_of(now)
    if held := Draw.objects.filter(week=week).first():
        return held
    counted = calls.came_to_be_called(now - A_WEEK, now)
    seed = secrets.token_hex(16)
    made = Draw(
        week=week, counted=counted, share=rules.share(counted, callbacks.plan()), seed=seed,
        seed_hash=rules.seed_hash(seed), made_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            event = CallsDrawn(week.isoformat(), counted, made.share, made.seed_hash)
            record(event, stream_id=uuid5(STREAM, "calls"), actor=actor)
            made.save(force_insert=True)
    except IntegrityError:  # another worker, at this very moment
        return Draw.objects.get(week=week)
    return made


def spare(*, actor: Actor = SYSTEM) -> int:
    """Leave to their own answer those not drawn, once they had the first word; how many."""
    shares = {one.week: one for one in Draw.objects.filter(share__lt=rules.WHOLE)}
    if not shares:
        return 0
    spared = 0
    for call in calls.to_call(calls.desks_with_calls(), limit=1000):
        of = shares.get(rules.week_of(call.since))
        waits = rules.turn(call, clock.now()).kind == "first"
        if of is None or waits or call.tries or rules.drawn(of.seed, call.number, of.share):
            continue
        spared += _spared(call.uuid, actor)
    return spared


def _spared(case: UUID, actor: Actor) -> bool:
    try:
        cases.perform(case, "call_back_spared", actor=actor, data={"lot": True})
    except (Problem, PermissionRefused):
        return False  # it moved on meanwhile, or its workflow knows no lots
    return True
