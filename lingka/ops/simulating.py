"""`lingka simulate`: each plan in a database of its own, which is thrown away afterwards."""

import inspect
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from lingka.ops.postgres import Cluster
from lingka.ops.processes import python
from lingka.ops.run import say

# Speed over safety: nothing here is to be kept.
DIFFERS = 3  # how it ends where the product shows something else than was planned
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def run(
    plans: Sequence[str], *, here: bool, report: Path | None, figures: Path | None
) -> int:  # fmt: skip
    """Run the plans one after the other, say what came out, write what was asked for."""
    from lingka.simulation import checked
    from lingka.simulation import plan as reading
    from lingka.simulation import report as reporting

    try:
        for one in plans:
            reading.read(one)
    except reading.PlanError as error:
        say(f"The plan cannot be run. {error}")
        return 1
    if here and len(plans) > 1:
        say("Here only one plan can be run: a second one would find the first one's city.")
        return 1
    found = [_here(plans[0])] if here else list(_apart(plans))
    if None in found:
        return 1
    several = [one for one in found if one is not None]
    if figures:
        figures.write_text(json.dumps(several, indent=1) + "\n", "utf-8")
    else:
        say(reporting.terminal(several))
    if report:
        say(f"\nWritten: {reporting.write(report, several)}")
    wrong = [one for figures in several for one in checked.differing(figures["checked"])]
    return DIFFERS if wrong else 0


def _here(named: str) -> Any | None:
    """In the database of DATABASE_URL, or the embedded one, if it holds nothing yet."""
    from lingka.core.problems import Problem
    from lingka.ops import prepare
    from lingka.simulation import figures, founding
    from lingka.simulation import plan as reading
    from lingka.simulation.running import Simulation

    prepare.migrate()
    plan = reading.read(named)
    try:
        places = founding.found(plan)
    except Problem as problem:
        say(str(problem))
        return None
    say(f"{plan.name}: {plan.days} days from {plan.begin:%Y-%m-%d}")
    made = Simulation(plan)
    made.run(places, list(_rounds()), say)
    return figures.of(made)


def _apart(plans: Sequence[str]) -> Iterator[Any | None]:
    """Each in a process and a database of its own, so that none finds another's city."""
    with _folder() as folder:
        cluster = Cluster(folder / "pg", THROWN_AWAY)
        try:
            for number, named in enumerate(plans):
                database = f"simulation{number}"
                cluster.start(database)
                yield _child(named, cluster.url(database), folder)
        finally:
            cluster.stop()
            shutil.rmtree(cluster.data, ignore_errors=True)


def _child(named: str, url: str, folder: Path) -> Any | None:
    made = folder / "figures.json"
    own = {"DATABASE_URL": url, "LINGKA_HOME": str(folder), "LINGKA_LOG_LEVEL": "WARNING"}
    command = [*python("lingka.ops.cli"), "simulate", named, "--here", "--json", str(made)]
    done = subprocess.run(command, env={**os.environ, **own}, check=False)
    if done.returncode not in {0, DIFFERS}:
        return None
    found = json.loads(made.read_text("utf-8"))
    made.unlink()
    return found[0]


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="lingka-simulation-"))
    folder.chmod(0o711)  # the database may run under an account of its own
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rounds() -> Iterator[Any]:
    """The worker's periodic jobs, with their own functions; the clocks have a round already."""
    from procrastinate.contrib.django import app

    from lingka.ops import tasks
    from lingka.simulation.jobs import Round, stretched

    skipped = {tasks.wake_cases.name}
    for one in app.periodic_registry.periodic_tasks.values():
        if one.task.name not in skipped and not inspect.iscoroutinefunction(one.task.func):
            yield Round(one.task.name, stretched(one.cron), partial(one.task, timestamp=0))
