"""Child processes that are started again when they end, and all end when we are told to."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import structlog

GRACE = 15  # seconds to end by itself before it is killed
SHORTEST_LIFE = 5  # a child that lives shorter is started again more and more slowly
LONGEST_WAIT = 30.0
log = structlog.get_logger("lingka.processes")


@dataclass
class Child:
    """One program that has to run all the time."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = field(default=0.0)
    start_at: float = 0.0

    def start(self) -> None:
        """Start in a process group of its own: Ctrl-C in the terminal reaches only us."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "LINGKA_PARENT": str(os.getpid())},
        )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """Kill what a killed leader left behind: it would keep the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def schedule(self, now: float) -> None:
        """Plan the next start, at once after a long life, later after a short one."""
        short = now - self.started < SHORTEST_LIFE
        self.wait = min(self.wait * 2 or 0.5, LONGEST_WAIT) if short else 0.0
        self.start_at = now + self.wait


class Supervisor:
    """Runs children until SIGINT, SIGTERM or SIGHUP, also where the shell ignored SIGINT."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()

    def run(self, each_look: Callable[[], None] = lambda: None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        for child in self.children:
            child.start()
        try:
            while not self.stopping.wait(0.2):
                for child in self.children:
                    self._tend(child)
                each_look()
        finally:
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stopping.set()

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.ended():
            assert child.process is not None
            log.warning("ended", child=child.name, code=child.process.returncode)
            child.bury()
            child.schedule(now)
        if child.process is None and now >= child.start_at:
            child.start()

    def _stop(self) -> None:
        """First to start, first to stop: the server takes no request that nobody works off."""
        for child in self.children:
            if child.process is not None and not child.ended():
                child.process.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
            child.bury()


def follow_parent() -> None:
    """End when the supervisor is killed: an orphan would keep the port and the jobs.

    Told once, for a second SIGTERM inside of the first one's handler can lock a server up; and
    whoever has not ended after `GRACE` seconds is killed, with all that it started.
    """
    parent = int(os.environ.get("LINGKA_PARENT", "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        if os.getpgrp() == os.getpid():  # as the supervisor starts them
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
