"""`lingka doctor`: looks at everything an installation needs, and says what to do."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lingka.ops.postgres import PostgresError, default_cluster, home
from lingka.ops.run import say

if TYPE_CHECKING:
    from lingka.proofs.notes import Head

LEAST_FREE = 2 * 1024**3
NARROW_FREE = 10 * 1024**3
OLDEST_SUPPORTED = 150000
DAY = 86400
LAG = 600  # seconds that clocks of machine and database may differ, and backups may wait


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, worth a look, or broken, with what to do."""

    grade: str  # "ok" | "warn" | "bad"
    what: str
    todo: str = ""


MARKS = {"ok": "  ok  ", "warn": " look ", "bad": " BAD  "}


def run() -> int:
    """Print every finding; 1 when something is broken."""
    findings = list(examine())
    for finding in findings:
        say(f"[{MARKS[finding.grade]}] {finding.what}")
        if finding.todo:
            say(f"          → {finding.todo}")
    bad = sum(finding.grade == "bad" for finding in findings)
    say("Everything needed is there." if not bad else f"{bad} of these must be mended.")
    return 1 if bad else 0


def examine() -> Iterator[Finding]:
    """The findings, stopping where nothing further can be looked at."""
    yield disk(home())
    yield from secrets(home())
    database = reach_database()
    yield database
    if database.grade == "bad":
        return
    import django

    django.setup()
    for look in LOOKS:
        yield look()


def disk(folder: Path) -> Finding:
    present = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(present).free
    said = f"{free / 1024**3:.1f} GB free where {folder} is"
    if free < LEAST_FREE:
        return Finding("bad", said, "Free some space, or move LINGKA_HOME to a larger disk.")
    return Finding("warn" if free < NARROW_FREE else "ok", said)


def secrets(folder: Path) -> Iterator[Finding]:
    """Secret files must be readable by their owner alone."""
    for name in ("secret-key", "contact-keys", "head-keys"):
        path = folder / name
        if path.exists():
            open_to_others = stat.S_IMODE(path.stat().st_mode) & 0o077
            todo = f"chmod 600 '{path}', then change the secret: others may have read it."
            yield Finding(
                "bad" if open_to_others else "ok",
                f"{path} is {'open to others' if open_to_others else 'private'}",
                todo if open_to_others else "",
            )


def reach_database() -> Finding:
    """Whether the database can be used at all, starting the embedded one if need be."""
    import psycopg

    url = os.environ.get("DATABASE_URL")
    try:
        if not url:
            cluster = default_cluster()
            if not cluster.is_running():
                return _try_embedded()
            url = cluster.url()
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except (psycopg.Error, PostgresError) as error:
        todo = "Is it running? Is DATABASE_URL right? `make run` starts the embedded one."
        return Finding("bad", f"The database does not answer: {str(error).strip()}", todo)
    if version < OLDEST_SUPPORTED:
        return Finding("bad", f"PostgreSQL {version // 10000}", "Lingka needs 15 or newer.")
    return Finding("ok", f"PostgreSQL {version // 10000} answers")


def _try_embedded() -> Finding:
    cluster = default_cluster()
    if cluster.data_version() is None:
        return Finding("bad", "There is no database yet", "`make run` makes one.")
    cluster.start()
    cluster.stop()
    todo = "It can start; `make run` or `lingka serve` will do so."
    return Finding("bad", "The embedded database is stopped", todo)


def migrations() -> Finding:
    from lingka.ops.prepare import pending_migrations

    pending = pending_migrations()
    if pending:
        return Finding("bad", f"{pending} migrations are not applied", "Run `lingka upgrade`.")
    return Finding("ok", "The tables are of this version")


def worker() -> Finding:
    from lingka.ops.metrics import worker_age

    age = worker_age()
    if age > 60:  # noqa: PLR2004 - a heart beats every ten seconds
        seen = "never" if age == float("inf") else f"{age:.0f} seconds ago"
        return Finding("bad", f"The worker was last seen {seen}", "Start `lingka worker`.")
    return Finding("ok", "The worker is at work")


def deliveries() -> Finding:
    from django.db import connection

    from lingka.ops.metrics import delivery_backlog

    import_module("lingka.core.receivers").discover()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_helddelivery WHERE attempts > 0")
        held = cursor.fetchone()[0]
    if held:
        todo = "`lingka held` says why each failed; they are tried again by themselves."
        return Finding("warn", f"{held} deliveries failed and are held back", todo)
    if aside := len(import_module("lingka.cases.selectors").unattended()):
        todo = "The administrator's page “Deliveries” names them and says why; look into the log."
        return Finding("warn", f"{aside} cases cannot be moved by the clock", todo)
    return Finding("ok", f"{sum(delivery_backlog().values())} events wait for delivery")


def jobs() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = cursor.fetchone()[0]
    if failed:
        return Finding("warn", f"{failed} jobs failed for good", "The log says why.")
    return Finding("ok", "No job failed")


def clocks() -> Finding:
    """A machine whose clock jumped writes events that seem to lie in the future."""
    from django.db import connection

    from lingka.core import clock

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at FROM core_event ORDER BY order_key DESC, position DESC LIMIT 1"
        )
        row = cursor.fetchone()
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    todo = "Let the machine keep time (NTP). Deadlines set meanwhile may be off."
    if abs((clock.now() - there).total_seconds()) > LAG:
        return Finding("bad", "This machine's clock and the database's differ", todo)
    if row and (row[0] - clock.now()).total_seconds() > LAG:
        return Finding(
            "warn", f"The last event is dated {row[0]:%Y-%m-%d %H:%M}, ahead of now", todo
        )
    return Finding("ok", "The clock agrees with the records")


def files() -> Finding:
    from django.conf import settings

    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return Finding("bad", f"{folder} cannot be written", "Give it to this account.")
    return Finding("ok", f"Photos and voice notes can be kept in {folder}")


def messages() -> Finding:
    """Channels that do not take messages, by the kind of error alone."""
    from lingka.notifications.selectors import troubles

    found = troubles()
    if not found:
        return Finding("ok", "Messages went out, or none was due")
    said = ", ".join(f"{one.channel}: {one.error} ({one.failed + one.waiting})" for one in found)
    todo = "Look at LINGKA_EMAIL_URL and LINGKA_SMS_URL; what waits is tried again by itself."
    return Finding("warn", f"Messages were not taken since yesterday: {said}", todo)


def text_messages() -> Finding:
    """Whether the address of the text message service is one."""
    from django.conf import settings

    from lingka.notifications.channels import understands_sms

    if not settings.SMS_URL:
        return Finding("ok", "Text messages are not set up: residents are reached by e-mail")
    if not understands_sms():
        return Finding("bad", "LINGKA_SMS_URL is not understood", "Write it as Apprise has it.")
    return Finding("ok", "Text messages have a service")


def desks() -> Finding:
    """Somebody has to read what names no place: nobody else's area holds it."""
    from lingka.accounts.selectors import desk_areas
    from lingka.areas.selectors import roots

    tops = {area.id for area in roots()}
    if tops and not tops & desk_areas():
        todo = "Give somebody the role of dispatcher over the whole town, under Administration."
        return Finding("warn", "Reports without a place wait at no desk", todo)
    return Finding("ok", "Reports without a place have a desk")


def balances() -> Finding:
    """Whether the ledgers of points and hours balance, as last night's look at all found."""
    from lingka.points.selectors import balanced, seconds_old

    found = balanced()
    if found is None:
        return Finding("ok", "No balance was looked at yet: it is done every night")
    if found.differences:
        todo = "Somebody changed the database by hand, or it is a fault of ours: docs/points.md."
        return Finding("bad", f"{found.differences} balances do not hold: {found.first}", todo)
    if seconds_old(found) > 2 * DAY:
        todo = "Does the worker run?"
        return Finding("warn", f"Balances were last looked at {found.at:%Y-%m-%d}", todo)
    return Finding("ok", f"{found.accounts} balances are what {found.legs} entries give")


def history() -> Finding:
    """Whether history holds, as far as the worker has looked, and is being signed."""
    from django.conf import settings

    from lingka.proofs.selectors import seconds_since, state

    found = state()
    if found.first:
        where, what = found.first
        todo = "Somebody changed the database by hand. `lingka verify` says all; docs/proofs.md."
        said = f"History does not hold in {found.breaches} places: {where} {what}"
        return Finding("bad", said, todo)
    if not settings.HEAD_KEYS:
        return Finding("warn", "History is not signed", "Set LINGKA_HEAD_KEYS (docs/proofs.md).")
    if found.waiting and (found.head is None or seconds_since(signed_at(found.head)) > LAG):
        return Finding(
            "warn", f"{found.waiting} records are under no signed head", "Does the worker run?"
        )
    said = f"up to {found.head.made_at}" if found.head else "from the first record on"
    return Finding("ok", f"History is proved {said}")


def signed_at(head: "Head") -> datetime:
    return datetime.fromisoformat(head.made_at)


LOOKS: list[Callable[[], Finding]] = [
    migrations, worker, deliveries, jobs, clocks, files, messages, text_messages, desks, balances,
    history,
]  # fmt: skip
