"""Periodic jobs: clocks that ran out, what is due for erasure, and the queue's own health."""

import structlog
from django.core.management import call_command
from procrastinate.contrib.django import app

from lingka.cases import actions as cases
from lingka.cases.actions.attachments import sweep_files, sweep_orphans

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


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="ops.tidy")
def tidy(timestamp: int) -> None:
    """Erase contacts whose time is over, uploads nobody used, and sessions that ended."""
    del timestamp
    erased = cases.erase_due_contacts()
    if erased:
        log.info("contacts_erased", number=len(erased))
    sweep_orphans()
    sweep_files()
    call_command("clearsessions")
