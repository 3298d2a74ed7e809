"""`lingka upgrade`: bring the data of an older version up to this one.

Tables change by migrations. When this version carries a newer major PostgreSQL than the one that
made the embedded data, the data move by dump and restore into a new folder first; the old folder
stays beside it until somebody removes it.
"""

import os
import subprocess
from pathlib import Path

from lingka.ops import binaries
from lingka.ops.postgres import OWNER, Cluster, PostgresError, default_cluster
from lingka.ops.run import say


def run() -> int:
    if os.environ.get("DATABASE_URL"):
        return _migrate()
    cluster = default_cluster()
    version, newest = cluster.data_version(), binaries.bundled().major
    if version is not None and version < newest:
        say(f"Moving the data from PostgreSQL {version} to {newest} …")
        kept = move(cluster, newest)
        say(f"Done. The old data stay in {kept}; remove them when all is well.")
    with default_cluster().used():
        return _migrate()


def move(old: Cluster, major: int) -> Path:
    """Dump with the new programs, restore into a new cluster, swap the folders."""
    new = Cluster(old.data.with_name(f"{old.data.name}.new"), old.settings, major)
    if new.data.exists():
        raise PostgresError(f"{new.data} is left from an earlier try; look at it, and remove it.")
    dump = old.data.with_name(f"{old.data.name}.dump")
    _copy(old, new, dump)
    kept = old.data.with_name(f"{old.data.name}-{old.data_version()}")
    old.data.rename(kept)
    new.data.rename(old.data)
    dump.unlink()
    return kept


def _copy(old: Cluster, new: Cluster, dump: Path) -> None:
    old.start()
    new.start()
    try:
        programs = new.programs()
        _check([programs.path("pg_dump"), "-Fc", f"--file={dump}", f"--dbname={old.url()}"])
        restore = ["--exit-on-error", "--single-transaction", "--no-owner", f"--role={OWNER}"]
        _check([programs.path("pg_restore"), *restore, f"--dbname={new.url()}", str(dump)])
    finally:
        old.stop()
        new.stop()


def _check(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PostgresError(f"{Path(command[0]).name}: {done.stderr.strip()[-1000:]}")


def _migrate() -> int:
    import django

    django.setup()
    from lingka.core import events
    from lingka.ops import prepare

    pending = prepare.pending_migrations()
    prepare.migrate()
    prepare.collect()
    events.rebase()  # the new cluster counts its transactions from the beginning
    say(f"The data are of this version ({pending} changes applied).")
    return 0
