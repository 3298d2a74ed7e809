"""The hourly job of calling back."""

import structlog
from procrastinate.contrib.django import app

from lingka.callbacks import actions

log = structlog.get_logger("lingka.callbacks")


@app.periodic(cron="12 * * * *")
@app.task(queueing_lock="callbacks.keep_up")
def keep_up(timestamp: int) -> None:
    """Every hour: the week's lots if it has none yet, and whoever they did not fall on."""
    del timestamp
    actions.draw()
    spared = actions.spare()
    if spared:
        log.info("calls_spared", number=spared)
