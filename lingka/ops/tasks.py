"""Periodic jobs that keep the queue itself healthy."""

import structlog
from procrastinate.contrib.django import app

STALLED_AFTER = 30  # seconds without a heartbeat of the job's worker
log = structlog.get_logger("lingka.ops")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.free_stalled", pass_context=False)
async def free_stalled(timestamp: int) -> None:
    """Queue again what a killed worker had begun: its lock would block the jobs behind it."""
    del timestamp
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
    for job in stalled:
        log.warning("job_freed", task=job.task_name, job=job.id)
        await app.job_manager.retry_job(job)
