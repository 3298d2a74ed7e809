"""Backups: the database, the files, and a list that proves both are whole.

A folder holds `database.dump` (pg_dump, custom format), `media/` and `manifest.json` with the
SHA-256 of every file and a fingerprint of every table. The keys that open contact data are not
in it. The list of erasures lives in the installation's own folder, outside every backup, and is
applied again after a restore: what somebody asked us to erase does not come back.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from lingka.core import clock, epochs, events
from lingka.ops import binaries, erasures, prepare
from lingka.ops.run import say

FORMAT = 1
PIECE = 1024 * 1024
DUMP, MEDIA, MANIFEST = "database.dump", "media", "manifest.json"
# Rewritten by processes that run, and meaningless in another installation.
PASSING = {"procrastinate_workers", "django_session"}


class BackupError(Exception):
    """What is wrong with a backup, in a sentence."""


def backup(folder: Path) -> int:
    """Write a backup into `folder`, which must not exist; it appears whole or not at all."""
    if folder.exists():
        say(f"{folder} exists already; name a new folder.")
        return 1
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    erasures.keep()
    try:
        tables = _dump(unfinished / DUMP)
        _copy_media(unfinished / MEDIA)
        write_manifest(unfinished, tables)
    except (BackupError, OSError) as error:
        say(f"No backup was made: {error}")
        shutil.rmtree(unfinished, ignore_errors=True)
        return 1
    unfinished.rename(folder)
    say(
        f"Backup written to {folder}. The keys are not in it:"
        f" keep {settings.HOME}/contact-keys and head-keys in a place of their own."
    )
    return 0


def restore(folder: Path, *, replace: bool = False) -> int:
    """Check the backup, load it into the database, erase again what was erased since."""
    try:
        manifest = read_manifest(folder)
        if not replace:
            _refuse_to_replace()
        erasures.keep()
        _load(folder / DUMP)
        _bring_media_back(folder / MEDIA)
        different = _differences(manifest["tables"])
    except (BackupError, OSError) as error:
        say(f"Not restored: {error}")
        return 1
    if different:
        say(f"These tables are not as they were backed up: {', '.join(different)}")
        return 1
    prepare.migrate()
    events.rebase()
    epochs.begin()
    again = erasures.apply()
    say(f"Restored the backup of {manifest['made_at']}; {again} erasures were applied again.")
    return 0


# -- database -------------------------------------------------------------------------------


def _dump(target: Path) -> dict[str, str]:
    """Dump and fingerprint one and the same moment, whatever is written meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _postgres("pg_dump", "-Fc", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        return fingerprints()


def _load(dump: Path) -> None:
    """Empty the schema, then load in one transaction: all or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    _postgres("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", str(dump))


def _postgres(program: str, *arguments: str) -> None:
    """Run a client program on the settings' database; the password goes by environment."""
    entry = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {k: str(entry[v]) for k, v in names.items() if entry.get(v)}
    target = ["--dbname", entry["NAME"]]
    done = subprocess.run(
        [program_path(program), *target, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-500:]}")


def program_path(program: str) -> str:
    """PostgreSQL's program out of our own wheel: the system may have none, or an old one."""
    with connection.cursor() as cursor:
        version = cursor.connection.info.server_version // 10000
    return binaries.clients_for(version).path(program)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return sorted(set(names) - PASSING)


def fingerprints() -> dict[str, str]:
    """For each table, a hash over its rows that does not depend on their order."""
    query = sql.SQL(
        "SELECT count(*)::text || ':' || coalesce(sum(('x' || left(h, 15))::bit(60)::bigint), 0)"
        " || ':' || coalesce(sum(('x' || right(h, 15))::bit(60)::bigint), 0)"
        " FROM (SELECT md5(t::text) AS h FROM {} t) rows"
    )
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(query.format(sql.Identifier(table)).as_string())
            found[table] = str(cursor.fetchone()[0])
    return found


def _differences(expected: dict[str, str]) -> list[str]:
    now = fingerprints()
    return sorted(name for name in expected if expected[name] != now.get(name))


def _refuse_to_replace() -> None:
    if not is_empty():
        raise BackupError("the database holds data; --replace gives them up")


def is_empty() -> bool:
    with connection.cursor() as cursor:
        if "core_event" not in connection.introspection.table_names(cursor):
            return True
        cursor.execute("SELECT NOT EXISTS (SELECT FROM core_event)")
        return bool(cursor.fetchone()[0])


# -- files ----------------------------------------------------------------------------------


def _copy_media(target: Path) -> None:
    """Copy by hard link where the disk allows: the files' names are their hashes."""
    target.mkdir()
    source = Path(settings.MEDIA_ROOT)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)


def _bring_media_back(source: Path) -> None:
    target = Path(settings.MEDIA_ROOT)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target, dirs_exist_ok=True)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST)


def write_manifest(folder: Path, tables: dict[str, str]) -> None:
    files = {str(path.relative_to(folder)): sha256_of(path) for path in _files(folder)}
    manifest = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "tables": tables,
        "files": files,
    }
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, after every file was found to be what it says."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        raise BackupError(f"{folder} is not a backup: its manifest is missing or cut off") from None
    if manifest.get("format") != FORMAT:
        raise BackupError("the backup is of another format; use the version that wrote it")
    there = {str(path.relative_to(folder)): path for path in _files(folder)}
    for name, expected in manifest["files"].items():
        if name not in there:
            raise BackupError(f"{name} is missing from the backup")
        if sha256_of(there[name]) != expected:
            raise BackupError(f"{name} was altered since the backup was written")
    return manifest
