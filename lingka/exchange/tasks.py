"""Every five minutes: what waits in the folders, and what is due over the wire."""

import structlog
from procrastinate.contrib.django import app

from lingka.exchange import actions, selectors

log = structlog.get_logger("lingka.exchange")


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="exchange.run", lock="exchange.run")
def run(timestamp: int) -> None:
    """Each platform after the other; one that does not answer stops none."""
    del timestamp
    for peer in selectors.peers(active=True):
        try:
            for failed in actions.run(peer.key):
                log.warning("exchange_failed", peer=peer.key, why=failed)
        except Exception:  # whatever one platform sent, the others have their turn
            log.exception("exchange_failed", peer=peer.key)
