"""Supervisors: each working day they look at what is overdue, and press, climb or move it."""

import random
from typing import TYPE_CHECKING

from lingka.cases.models import Case, Stage
from lingka.cases.selectors import catalogue
from lingka.core.actors import Actor
from lingka.simulation.giving import drawn
from lingka.simulation.pools import Job, Steps

if TYPE_CHECKING:
    from lingka.simulation.running import Simulation
    from lingka.simulation.walking import Life

DAY = 24 * 60.0
MORNING = 10 * 60.0
ANSWERED = ("answer_supervision", "end_supervision")  # what pressing is followed by


def start(sim: "Simulation") -> None:
    if sim.plan.body["supervision"]["share"] and sim.town.supervisors:
        sim.env.process(_daily(sim))


def _daily(sim: "Simulation") -> Steps:
    yield sim.env.timeout(MORNING)
    while True:
        _look(sim)
        yield sim.env.timeout(DAY)


def _look(sim: "Simulation") -> None:
    """Put a share of what is overdue before the supervisors."""
    given = sim.plan.body["supervision"]
    rng = random.Random(f"{sim.plan.seed}:supervision:{sim.env.now}")  # noqa: S311 - a likeness
    overdue = Case.objects.exclude(stage__in=[Stage.CLOSED, Stage.SUSPENDED]).filter(
        due_at__lt=sim.moment()
    )
    for case in overdue.order_by("opened_at", "id"):
        life = sim.lives.get(case.uuid)
        if life and rng.random() < float(given["share"]):
            _put(sim, life, case, drawn(rng, given["does"]))


def _put(sim: "Simulation", life: "Life", case: Case, step: str) -> None:
    pool = sim.town.of("supervisor", case)
    action = catalogue.workflow(case.workflow_id).actions.get(step)
    if pool is None or action is None or case.state not in action.starts:
        return

    def begin() -> float | None:
        state = Case.objects.values_list("state", flat=True).get(uuid=life.uuid)
        if state not in action.starts:
            return None
        return sim.plan.work(step, case.case_type).draw(life.rng)

    def finish(actor: Actor) -> None:
        if life.perform(action, actor) and step == "supervise" and life.visit:
            life.visit.first += ANSWERED

    pool.ask(Job(begin, finish, sim.env.event()))
