"""Whatever a killed supervisor leaves behind ends, also where it cannot end by itself."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from .conftest import wait_for

pytestmark = pytest.mark.slow

# A server whose handler of SIGTERM never returns, with a process of its own.
STUCK = """
import signal, subprocess, time
from lingka.ops import processes
signal.signal(signal.SIGTERM, lambda *_given: time.sleep(600))
own = subprocess.Popen(["sleep", "600"])
processes.GRACE = 0.5
processes.follow_parent()
print(own.pid, flush=True)
while True:
    time.sleep(600)
"""
# Starts it as the supervisor does, and says which it is.
SUPERVISOR = f"""
import sys, time
from lingka.ops.processes import Child
child = Child("stuck", [sys.executable, "-c", {STUCK!r}])
child.start()
print(child.process.pid, flush=True)
time.sleep(600)
"""


def test_an_orphan_that_cannot_end_by_itself_is_killed_with_what_it_started() -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE)
    assert supervisor.stdout
    left = [psutil.Process(int(supervisor.stdout.readline())) for _ in range(2)]
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    wait_for("all gone", lambda: not [one for one in left if one.is_running()])
    supervisor.stdout.close()
