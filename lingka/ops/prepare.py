"""What has to be true before pages are served: tables, catalogues, collected files."""

import hashlib
import json
import runpy
import sys
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

COMPRESSED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
ROOT = Path(__file__).resolve().parents[2]


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect() -> None:
    """Compile the catalogues and collect, compress and fingerprint the pages' files.

    Compressing takes seconds, so it is left out while what went in is what lies there.
    """
    _compile_catalogues()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # As a call: these settings may still name the plain storage, chosen before there was one.
    settings.STORAGES["staticfiles"]["BACKEND"] = COMPRESSED
    mark, inputs = settings.STATIC_ROOT / "inputs.sha256", _inputs()
    if mark.exists() and mark.read_text() == inputs and _all_there():
        return
    mark.unlink(missing_ok=True)  # whoever stops it halfway collects again
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(inputs)


def _inputs() -> str:
    """A hash of every file that pages may use, and of what collects them."""
    found = hashlib.sha256(f"{django.__version__} {version('whitenoise')}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            with storage.open(name) as file:
                one = hashlib.file_digest(file, "sha256").hexdigest()
            found.update(f"\n{name} {one}".encode())
    return found.hexdigest()


def _all_there() -> bool:
    """Whether every file of the manifest still lies where it was put."""
    try:
        manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
    except (OSError, ValueError):
        return False
    return all((settings.STATIC_ROOT / name).exists() for name in manifest["paths"].values())


def _compile_catalogues() -> None:
    """Write the .mo files that are missing or older than their source (in a checkout)."""
    script = ROOT / "scripts" / "translations.py"
    sources = list(ROOT.glob("lingka/*/locale/*/LC_MESSAGES/django.po"))
    if script.exists() and any(_is_stale(source) for source in sources):
        arguments, sys.argv = sys.argv, [str(script), "compile"]
        try:
            runpy.run_path(str(script))["compile_all"]()
        finally:
            sys.argv = arguments


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
