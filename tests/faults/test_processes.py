"""`make run` stays up while its parts are killed, and leaves nothing behind."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from .conftest import Installation, wait_for

pytestmark = pytest.mark.slow


def kill(pid: int) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)


def test_killed_parts_are_replaced_without_a_hand(installation: Installation) -> None:
    for part in ("lingka.ops.server", "lingka.ops.worker"):
        before = installation.pid_of(part)
        kill(before)
        wait_for(f"another {part}", lambda b=before, p=part: installation.pid_of(p) not in (0, b))
        wait_for("health", installation.is_healthy)


def test_a_killed_server_process_is_replaced_while_the_other_answers(
    installation: Installation,
) -> None:
    main = psutil.Process(installation.pid_of("lingka.ops.server"))
    before = {child.pid for child in main.children()}
    kill(min(before))
    assert installation.health()[0] in (200, 0)
    wait_for("two processes again", lambda: len({c.pid for c in main.children()} - before) >= 1)
    wait_for("health", installation.is_healthy)


def test_a_killed_database_is_started_again(installation: Installation) -> None:
    pid = installation.cluster.pid()
    assert pid
    kill(pid)
    wait_for("another database", lambda: installation.cluster.pid() not in (None, pid))
    wait_for("health", installation.is_healthy)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_stop_leaves_no_process_behind(
    own_installation: Installation, number: signal.Signals
) -> None:
    family = own_installation.family()
    database = own_installation.cluster.pid()
    started = time.monotonic()
    assert own_installation.stop(number) == 0
    assert time.monotonic() - started < 30
    assert not [one for one in family if one.is_running() and one.status() != "zombie"]
    assert database
    assert not own_installation.cluster.is_running()


def test_being_told_to_stop_while_preparing_stops_the_database_too(tmp_path: Path) -> None:
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(0o755)
    one = Installation(tmp_path)
    one.start(wait=False)
    wait_for("the database is there", one.cluster.is_running)
    wait_for("the work has begun", lambda: "up to date" in one.log.read_text())
    assert one.stop(signal.SIGTERM) == 128 + signal.SIGTERM
    assert not one.cluster.is_running()


def test_a_killed_supervisor_takes_server_and_worker_along(own_installation: Installation) -> None:
    family = own_installation.family()
    assert own_installation.process
    kill(own_installation.process.pid)
    own_installation.process.wait()
    wait_for("all gone", lambda: not [one for one in family if one.is_running()])
    own_installation.start()


def test_a_port_that_is_taken_is_said(installation: Installation) -> None:
    done = installation.lingka("run")
    assert done.returncode == 1
    assert "PORT" in done.stdout
    assert installation.is_healthy()


def test_the_doctor_finds_a_running_installation_well(installation: Installation) -> None:
    done = installation.lingka("doctor")
    assert "BAD" not in done.stdout, done.stdout
    assert "The worker is at work" in done.stdout
