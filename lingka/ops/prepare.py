"""What has to be true before pages are served: tables, catalogues, collected files."""

import runpy
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

ROOT = Path(__file__).resolve().parents[2]


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect() -> None:
    """Compile the catalogues and collect, compress and fingerprint the pages' files."""
    _compile_catalogues()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # As a call: these settings may still name the plain storage, chosen before there was one.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "whitenoise.storage.CompressedManifestStaticFilesStorage"
    )
    call_command("collectstatic", verbosity=0, interactive=False)


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
