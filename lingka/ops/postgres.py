"""The embedded PostgreSQL: one cluster in a folder, reachable by its owner alone.

Nothing here runs on import, and settings only ask for the address (`Cluster.url`): whoever
needs the database (the command line, the test session) starts it.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from lingka.ops import binaries

ROOT = Path(__file__).resolve().parents[2]
OWNER = "lingka"  # the database role, whatever the account is called
PORT = 5432  # names the socket file only: the cluster listens on no network address
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes; the file name takes the rest
DEAD_PID = 2**31 - 2  # beyond every kernel's highest process id
START_TRIES = 20
SETTLE_SECONDS = 60
DEFAULTS: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "warning",
    "log_parameter_max_length": "0",  # values are personal data, and never belong in a log
    "log_parameter_max_length_on_error": "0",
}


class PostgresError(Exception):
    """The database cannot be started or stopped; the text says what to do."""


def home() -> Path:
    """Where this installation keeps its data, keys and files."""
    return Path(os.environ.get("LINGKA_HOME") or ROOT / ".lingka").resolve()


class Cluster:
    """A PostgreSQL data folder and the server that runs on it."""

    def __init__(
        self, data: Path, settings: Mapping[str, str] | None = None, major: int | None = None
    ) -> None:
        self.wanted = data
        self.data = _reachable(data)
        self.settings = {**DEFAULTS, **(settings or {})}
        self.major = major

    @property
    def account(self) -> str | None:
        """The unprivileged account to run as when we are root: PostgreSQL refuses root."""
        return _account(self.data)

    @property
    def socket(self) -> Path:
        """The folder of the socket: inside the data, or in a private one if that is too long."""
        inside = self.data / "socket"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"lingka-{name}"

    def url(self, database: str = "lingka") -> str:
        return f"postgresql://{OWNER}@/{database}?host={quote(str(self.socket), safe='')}"

    def is_running(self) -> bool:
        pid = _first_line_pid(self.data / "postmaster.pid")
        return pid is not None and self._is_our_server(pid)

    def pid(self) -> int | None:
        return _first_line_pid(self.data / "postmaster.pid") if self.is_running() else None

    def start(self, database: str = "lingka") -> None:
        """Start the server unless it runs; make the cluster and the database if missing."""
        with self._lock():
            if not self._is_settled():
                programs = self._prepare()
                self._start_server(programs)
            self._ensure_database(database)

    def stop(self) -> None:
        with self._lock():
            if self.is_running():
                self._run(self.programs().path("pg_ctl"), "stop", "-w", "-t", "120", "-m", "fast")

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Keep the server running for this block; the last of several users stops it.

        The mark is a shared file lock, which the kernel drops even when a user is killed.
        """
        self.start()
        with (self.data.parent / f"{self.data.name}.users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()  # the last user may have stopped it before our mark was there
            try:
                yield
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    def programs(self) -> binaries.Programs:
        """The programs for this data: of the version that made it, newest copy we have."""
        major = self.data_version() or self.major
        home = self.data.parent
        try:
            return binaries.copy(binaries.bundled(major), home)
        except LookupError:
            kept = binaries.copied(home, major) if major else None
            if kept is None:
                raise
            return kept

    def data_version(self) -> int | None:
        """The major version that made the data, or None if there is none yet."""
        with contextlib.suppress(FileNotFoundError):
            return int((self.data / "PG_VERSION").read_text().strip())
        return None

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's client programs as ourselves."""
        return subprocess.run(
            [self.programs().path(program), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    # -- inside ---------------------------------------------------------------------------

    def _is_settled(self) -> bool:
        """Wait until a server that we see either answers or is gone: it may be dying."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while self.is_running():
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return True
        return False

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time: two starters would take each other's files for stale."""
        try:
            self.data.parent.mkdir(parents=True, exist_ok=True)
            with (self.data.parent / f"{self.data.name}.lock").open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise PostgresError(
                f"The database's folder {self.data} cannot be used: {error.strerror}."
                " Check the disk's free space and the folder's permissions."
            ) from error

    def _prepare(self) -> binaries.Programs:
        programs = self.programs()
        if self.data_version() is None:
            self._initialise(programs)
        self._make_socket_folder()
        self._write_configuration()
        self._disown_stale_files()
        return programs

    def _initialise(self, programs: binaries.Programs) -> None:
        """Make the data folder under another name first, so that it is whole or absent."""
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        options = ["--encoding=UTF8", "--locale=C", "--auth=peer", f"--username={OWNER}"]
        if programs.major >= 17:  # noqa: PLR2004 - where the builtin locale provider came
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run(programs.path("initdb"), *options, data=unfinished)
        configuration = unfinished / "postgresql.conf"
        configuration.write_text(configuration.read_text() + "\ninclude 'lingka.conf'\n")
        if self.data.is_dir():
            self.data.rmdir()  # an empty one, or somebody else's data: then this fails
        unfinished.rename(self.data)

    def _make_socket_folder(self) -> None:
        folder = self.socket
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self._give(folder)
        found = folder.lstat()
        owner = pwd.getpwnam(self.account).pw_uid if self.account else os.geteuid()
        if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise PostgresError(
                f"{folder} is not a private folder of ours; look who made it, and remove it."
            )

    def _write_configuration(self) -> None:
        values = {
            **self.settings,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
        }
        lines = [
            f"{name} = '{value.replace(chr(39), 2 * chr(39))}'" for name, value in values.items()
        ]
        self._write("lingka.conf", "\n".join(lines))
        self._write("pg_hba.conf", f"local all {OWNER} peer map=lingka")
        names = {pwd.getpwuid(os.geteuid()).pw_name}
        self._write("pg_ident.conf", "\n".join(f'lingka "{name}" {OWNER}' for name in names))

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(text + "\n", encoding="utf-8")
        self._give(unfinished)
        unfinished.replace(path)

    def _disown_stale_files(self) -> None:
        """Let no leftover name a living stranger: PostgreSQL would take it for itself.

        The files stay (deleting them while a server still ends can cost the data); a process
        id that cannot exist stands in for the one that is now somebody else's.
        """
        lock_file = self.socket / f".s.PGSQL.{PORT}.lock"
        for path in (self.data / "postmaster.pid", lock_file):
            pid = _first_line_pid(path)
            if pid is not None and psutil.pid_exists(pid) and not self._is_our_server(pid):
                lines = path.read_text().splitlines()
                path.write_text("\n".join([str(DEAD_PID), *lines[1:]]) + "\n")

    def _start_server(self, programs: binaries.Programs) -> None:
        """Try until the children of a killed server have let go of the shared memory."""
        log = self.data / "server.log"
        for attempt in range(START_TRIES):
            try:
                self._run(programs.path("pg_ctl"), "start", "-w", "-t", "600", "-l", str(log))
            except PostgresError:
                said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                lingering = "still in use" in said or "already exists" in said
                if not lingering or attempt == START_TRIES - 1:
                    raise PostgresError(
                        f"PostgreSQL does not start. Its log says:\n{said}"
                    ) from None
                time.sleep(0.5)
                self._disown_stale_files()
            else:
                return

    def _ensure_database(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _is_our_server(self, pid: int) -> bool:
        """Alive, not a zombie, and at home in our data folder: ids are reused after a crash."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return Path(process.cwd()).resolve() == self.data.resolve()
        except psutil.Error:
            return False

    def _run(self, *command: str, data: Path | None = None) -> None:
        """Run a server program under the account; its output goes to a file.

        A pipe would be inherited by the server, and never end.
        """
        account = self.account
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [*command, "-D", str(data or self.data)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                user=account,
                group=pwd.getpwnam(account).pw_gid if account else None,
                extra_groups=[] if account else None,
                umask=0o077,
                check=False,
            )
            if done.returncode:
                said.seek(0)
                raise PostgresError(f"{Path(command[0]).name} failed: {said.read()[-2000:]}")

    def _give(self, path: Path) -> None:
        if self.account:
            found = pwd.getpwnam(self.account)
            os.chown(path, found.pw_uid, found.pw_gid)


def default_cluster() -> Cluster:
    """The installation's own cluster."""
    return Cluster(home() / "pg")


def _first_line_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _account(data: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(FileNotFoundError, KeyError):
        owner = data.stat().st_uid
        if owner != 0:
            return pwd.getpwuid(owner).pw_name
    for name in (OWNER, "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise PostgresError("PostgreSQL does not run as root, and no other account was found.")


def _reachable(data: Path) -> Path:
    """`data`, or when root keeps it where the unprivileged account cannot go, a place that is."""
    account = _account(data)
    if account is None or (data / "PG_VERSION").exists():
        return data  # data that are there stay the data, whatever happened to a folder's mode
    found = pwd.getpwnam(account)
    for folder in data.absolute().parents:
        if folder.exists() and not _may_enter(folder.stat(), found):
            name = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]
            return Path("/var/lib/lingka") / name / data.name
    return data


def _may_enter(folder: os.stat_result, account: pwd.struct_passwd) -> bool:
    if folder.st_uid == account.pw_uid:
        return bool(folder.st_mode & 0o100)
    if folder.st_gid == account.pw_gid:
        return bool(folder.st_mode & 0o010)
    return bool(folder.st_mode & 0o001)
