"""Clients that report over HTTP and keep what they were told, to compare with what is kept."""

import http.client
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import psycopg

from lingka.notifications.sending import LEASE

from .conftest import ROOT, Installation

CLIENTS = 4
EACH = 30
TRIES = 150
MOST = 5000
PREPARE = """
from tests.cases import city
city.build()
"""
ISSUE_KEY = """
from lingka.accounts.actions import issue_api_key
from lingka.core.actors import SYSTEM
print(issue_api_key(actor=SYSTEM, name="load", scopes=["open311:write"]).secret)
"""


class Load:
    """Clients that report by Open311 until each report is acknowledged; keeps what was said."""

    def __init__(self, installation: Installation) -> None:
        self.root = f"{installation.root}/open311/v2"
        if not kept(installation):
            python(installation, PREPARE)
        self.secret = python(installation, ISSUE_KEY).strip()
        with urllib.request.urlopen(f"{self.root}/services.json", timeout=30) as answer:
            services = json.loads(answer.read())
        self.service = next(
            s["service_code"] for s in services if s["metadata"] in (False, "false")
        )
        self.acknowledged: dict[uuid.UUID, str] = {}
        self.progress = threading.Condition()
        self.refusals: list[int] = []  # statuses of answers that did not acknowledge; 0: none came
        self.over = threading.Event()

    def run(self, disturb: Callable[["Load"], None]) -> None:
        keys = [uuid.uuid4() for _ in range(CLIENTS * EACH)]
        with ThreadPoolExecutor(CLIENTS) as clients:
            waiting = [clients.submit(self.report, key) for key in keys]
            try:
                disturb(self)
            finally:
                for one in waiting:
                    one.result()
        assert set(self.acknowledged) == set(keys)

    def report(self, key: uuid.UUID) -> None:
        """Send again with the same key until somebody says that it is kept."""
        for _ in range(TRIES):
            number = self.send(key)
            if number:
                with self.progress:
                    self.acknowledged[key] = number
                    self.progress.notify_all()
                return
            self.over.wait(0.3)  # as a phone would, before it tries again
        raise AssertionError(f"never acknowledged: {key}")

    def send(self, key: uuid.UUID) -> str:
        fields = {
            "api_key": self.secret,
            "service_code": self.service,
            "lat": "29.605",
            "long": "91.105",
            "description": f"路灯不亮 {key}",
            "email": f"{key}@example.org",
        }
        request = urllib.request.Request(
            f"{self.root}/requests.json",
            urllib.parse.urlencode(fields).encode(),
            {"Idempotency-Key": str(key)},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return str(json.loads(answer.read())[0]["service_request_id"])
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise AssertionError(error.read()) from error
            self.refusals.append(error.code)
        except (OSError, ValueError, http.client.HTTPException):  # also killed in mid-answer
            self.refusals.append(0)
        return ""

    def try_until(self, enough: Callable[[str], bool]) -> str:
        """Send new reports one after the other until an answer is as wanted."""
        for _ in range(MOST):
            key = uuid.uuid4()
            number = self.send(key)
            if number:
                self.acknowledged[key] = number
            if enough(number):
                return number
        raise AssertionError("no answer was as wanted")

    def after(self, share: float) -> None:
        """Wait until that share of all reports was acknowledged."""
        with self.progress:
            enough = int(CLIENTS * EACH * share)
            assert self.progress.wait_for(lambda: len(self.acknowledged) >= enough, timeout=120)


def python(installation: Installation, code: str) -> str:
    """Run code inside the installation, as an operator's shell would."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=installation.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def kept(installation: Installation) -> dict[uuid.UUID, tuple[str, int, int]]:
    """By key: the case's number, how many receipts it has, and how many events opened it."""
    with psycopg.connect(installation.cluster.url()) as connection:
        rows = connection.execute(
            "SELECT r.idempotency_key, c.number::text,"
            " (SELECT count(*) FROM cases_receipt x WHERE x.case_id = c.id),"
            " (SELECT count(*) FROM core_event e WHERE e.stream_id = c.uuid AND e.sequence = 1)"
            " FROM cases_receipt r JOIN cases_case c ON c.id = r.case_id"
        ).fetchall()
    return {key: (number, receipts, events) for key, number, receipts, events in rows}


def backlog(installation: Installation) -> float:
    with urllib.request.urlopen(f"{installation.root}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    waiting = [line for line in lines if line.startswith("lingka_backlog{")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in waiting)


def unsent(installation: Installation) -> int:
    """Cases whose reporter left an address and was not yet sent that the report arrived."""
    with psycopg.connect(installation.cluster.url()) as connection:
        found = connection.execute(
            "SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT FROM notifications_message"
            " m WHERE m.case_uuid = c.uuid AND m.state = 'sent') OR EXISTS (SELECT FROM"
            " notifications_message m WHERE m.case_uuid = c.uuid AND m.state = 'queued')"
        ).fetchone()
    assert found
    return int(found[0])


def let_leases_end(installation: Installation, taken: datetime) -> None:
    """What somebody who is dead took to send before this moment is free again, as after minutes."""
    with psycopg.connect(installation.cluster.url()) as connection:
        connection.execute(
            "UPDATE notifications_message SET next_try_at = now()"
            " WHERE state = 'queued' AND next_try_at > now() AND next_try_at <= %s",
            [taken + LEASE],
        )
