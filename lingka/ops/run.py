"""`make run`: everything of an installation in one terminal."""

import importlib.util
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import structlog

from lingka.ops.postgres import PostgresError, default_cluster
from lingka.ops.processes import Child, Supervisor, python

SERVER = Child("server", python("lingka.ops.server"))
WORKER = Child("worker", python("lingka.ops.worker"))
DATABASE_LOOK = 1.0  # seconds between looks whether the embedded database lives
log = structlog.get_logger("lingka.run")
PASSWORD = "lingka-demo"  # noqa: S105 - of a city that does not exist


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run() -> int:
    """Prepare, start both processes, say where to look; stop both when told to."""
    from django.conf import settings

    from lingka.ops import prepare

    if not port_is_free(settings.BIND, settings.PORT):
        say(
            f"Port {settings.PORT} is in use. Another Lingka may be running;"
            " PORT=8001 chooses another port."
        )
        return 1
    say("Bringing the database up to date …")
    prepare.migrate()
    say("Collecting the pages' files …")
    prepare.collect()
    if settings.DEMO:
        load_demo_if_empty()
    supervise([SERVER, WORKER])
    say("Stopped.")
    return 0


def supervise(children: list[Child]) -> None:
    """Run the children; with a server among them, greet when it is ready."""
    looks = [keep_database_up()] + ([_greeter()] if SERVER in children else [])

    def look_around() -> None:
        for look in looks:
            look()

    Supervisor(children).run(look_around)


def keep_database_up() -> Callable[[], None]:
    """Start the embedded database again when it was killed; another's is not ours to start."""
    if os.environ.get("DATABASE_URL"):
        return lambda: None
    cluster = default_cluster()
    next_look = 0.0

    def look() -> None:
        nonlocal next_look
        if time.monotonic() < next_look:
            return
        next_look = time.monotonic() + DATABASE_LOOK
        try:
            if not cluster.is_running() and cluster.data_version():  # never an empty new one
                cluster.start()
        except (PostgresError, psycopg.Error) as error:
            log.error("database_does_not_start", said=str(error))  # noqa: TRY400 - says it all
            next_look = time.monotonic() + 10 * DATABASE_LOOK

    return look


def port_is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def load_demo_if_empty() -> None:
    """Build the demo city unless there are users already. Stopped halfway, it leaves nothing."""
    from django.contrib.auth import get_user_model

    if get_user_model().objects.exists():
        return
    if importlib.util.find_spec("lingka.demo.actions") is None:
        say("This version has no demo city.")
        return
    say("Building the demo city: six months of ten thousand cases, once, in one to three minutes …")
    began = time.monotonic()
    build_demo(lambda step: say(f"  {time.monotonic() - began:4.0f} s  {step}"))
    say("The demo city stands. The next start is quick.")


def build_demo(tell: Callable[[str], None]) -> None:
    from importlib import import_module

    import_module("lingka.demo.actions").build(tell=tell)


def write_figures(page: Path) -> None:
    from importlib import import_module

    import_module("lingka.demo.measures").write(page)


def _greeter() -> Callable[[], None]:
    from django.conf import settings

    address = "127.0.0.1" if settings.BIND in {"0.0.0.0", "::"} else settings.BIND  # noqa: S104
    root = f"http://{address}:{settings.PORT}"
    next_look = time.monotonic()
    greeted = False

    def look() -> None:
        nonlocal next_look, greeted
        if greeted or time.monotonic() < next_look:
            return
        next_look = time.monotonic() + 1
        if is_healthy(root):
            greeted = True
            say(welcome(root, door=demo_door() if settings.DEMO else ""))

    return look


def is_healthy(root: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy
    try:
        with opener.open(f"{root}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def demo_door() -> str:
    from importlib import import_module

    return str(import_module("lingka.accounts.demo").door())


def welcome(root: str, *, door: str) -> str:
    """What to open; in the demo also a door, and how to sign in."""
    lines = [
        "",
        "Lingka is running.",
        f"  Residents   {root}/",
        f"  Desk        {root}/desk/",
    ]
    if door:
        lines += [
            f"  A door      {root}{door}",
            f"  Sign in     choose a post on the sheet, or as pai, shui, hefang, dudao: {PASSWORD}",
        ]
    return "\n".join([*lines, "Ctrl-C stops it.", ""])


def demo_by_default() -> None:
    """`make run` shows the demo city unless told otherwise; production never does."""
    if os.environ.get("LINGKA_MODE", "local") != "production":
        os.environ.setdefault("LINGKA_DEMO", "1")
