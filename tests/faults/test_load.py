"""Kill -9 in the middle of a load: what was acknowledged is there, complete, once."""

import os
import signal
import uuid
from datetime import UTC, datetime

import pytest

from .conftest import Installation, wait_for
from .load import Load, backlog, kept, let_leases_end, unsent

pytestmark = pytest.mark.slow


def test_every_acknowledged_case_is_there_once_whatever_was_killed(
    installation: Installation,
) -> None:
    def disturb(load: Load) -> None:
        load.after(0.15)
        os.kill(installation.pid_of("lingka.ops.server"), signal.SIGKILL)
        load.after(0.4)
        database = installation.cluster.pid()
        assert database
        os.kill(database, signal.SIGKILL)
        load.after(0.7)
        os.kill(installation.pid_of("lingka.ops.worker"), signal.SIGKILL)
        killed.append(datetime.now(UTC))

    killed: list[datetime] = []
    load = Load(installation)
    load.run(disturb)
    wait_for("health", installation.is_healthy)
    found = kept(installation)
    assert found.keys() == load.acknowledged.keys()
    for key, number in load.acknowledged.items():
        assert found[key] == (number, 1, 1)
    wait_for("everything delivered", lambda: backlog(installation) == 0)
    # What the killed worker had taken to send goes out only when its lease has ended.
    let_leases_end(installation, killed[0])
    wait_for("every message went out", lambda: unsent(installation) == 0)
    done = installation.lingka("verify")
    assert done.returncode == 0, done.stdout


def test_without_the_idempotency_key_a_retry_would_make_two(installation: Installation) -> None:
    """The control: what the key protects from happens when each try has a key of its own."""
    load = Load(installation)
    before = len(kept(installation))
    first, second = load.send(uuid.uuid4()), load.send(uuid.uuid4())
    assert first != second
    again = uuid.uuid4()
    assert load.send(again) == load.send(again)
    assert len(kept(installation)) == before + 3
