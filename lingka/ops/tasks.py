"""Periodic jobs: clocks that ran out, what is due for erasure, and the queue's own health."""

import structlog
from django.core.management import call_command
from procrastinate.contrib.django import app

from lingka.cases import actions as cases
from lingka.patrols import actions as patrols
from lingka.proofs import actions as proofs
from lingka.units import actions as units

STALLED_AFTER = 30  # seconds without a heartbeat of the job's worker
BATCH = 200
log = structlog.get_logger("lingka.ops")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.free_stalled")
async def free_stalled(timestamp: int) -> None:
    """Queue again what a killed worker had begun: its lock would block the jobs behind it."""
    del timestamp
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
    for job in stalled:
        log.warning("job_freed", task=job.task_name, job=job.id)
        await app.job_manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.wake_cases")
def wake_cases(timestamp: int) -> None:
    """Warn, escalate and resume whatever is due, until nothing is."""
    del timestamp
    while cases.due_now(BATCH):
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.recompute_clocks")
def recompute_clocks(timestamp: int) -> None:
    """After a calendar changed: compute deadlines anew, batch after batch, until all are done."""
    del timestamp
    while cases.recompute_clocks():
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.prove")
def prove(timestamp: int) -> None:
    """Put what is new under a signed head, and look at a part of what is old."""
    del timestamp
    proofs.keep_up(proofs.BATCHES_A_MINUTE)
    breaches = proofs.look()
    if breaches:
        log.error("history_does_not_hold", number=breaches)


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="ops.tidy")
def tidy(timestamp: int) -> None:
    """Every hour: erase contacts whose time is over, uploads no case took, recordings that no
    checklist names, ended sessions."""
    del timestamp
    erased = cases.erase_due_contacts()
    if erased:
        log.info("contacts_erased", number=len(erased))
    swept = _swept()
    if swept:
        log.info("uploads_swept", number=swept)
    dropped = patrols.drop_sounds()
    if dropped:
        log.info("recordings_dropped", number=dropped)
    call_command("clearsessions")


def _swept() -> int:
    """Uploads that went, batch after batch until none is left."""
    swept = 0
    while number := cases.sweep_files():
        swept += number
    return swept


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="ops.sweep_orphans")
def sweep_orphans(timestamp: int) -> None:
    """Every night: files that lost their row, or never got one. It reads the whole folder."""
    del timestamp
    found = cases.sweep_orphans()
    if found:
        log.warning("files_without_row", number=found)
        _swept()


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="ops.watch_agreements")
def watch_agreements(timestamp: int) -> None:
    """Every hour: what was promised until soon, or until today, is told to the desk once."""
    del timestamp
    told = units.watch_agreements()
    if told:
        log.info("agreements_told", number=told)
