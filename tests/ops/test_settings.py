"""Settings are refused with a sentence, and production is safe as delivered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "LINGKA_MODE": "production",
    "SECRET_KEY": "".join(chr(ord("0") + n) for n in range(64)),
    "LINGKA_KEYS": "k" * 20 + "0123456789abcdef",
    "LINGKA_ORIGIN": "https://town.example.org",
    "DATABASE_URL": "postgresql://lingka@127.0.0.1/lingka",
}


def manage(*arguments: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LINGKA_HOME": str(home), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_djangos_own_deployment_check(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", home=tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "secret-key").exists()


def test_production_without_its_secrets_is_refused_in_whole_sentences(tmp_path: Path) -> None:
    done = manage("check", home=tmp_path, LINGKA_MODE="production")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in ("SECRET_KEY", "LINGKA_KEYS", "LINGKA_ORIGIN"):
        assert f"- {name}: " in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("LINGKA_MODE", "prod"),
        ("LINGKA_TIME_ZONE", "Lhasa"),
        ("LINGKA_ORIGIN", "town.example.org"),
        ("LINGKA_METRICS_FROM", "10.0.0.0/40"),
        ("DEBUG", "yes"),
        ("DATABASE_URL", "mysql:"),
        ("LINGKA_LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_named_and_explained(tmp_path: Path, name: str, value: str) -> None:
    done = manage("check", home=tmp_path, **{name: value})
    assert done.returncode == 1
    assert f"- {name}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_secret_that_is_refused_is_not_shown(tmp_path: Path) -> None:
    done = manage("check", home=tmp_path, DATABASE_URL="hunter2 is my password")
    assert done.returncode == 1
    assert "hunter2" not in done.stderr


def test_a_local_installation_makes_secrets_that_only_its_owner_can_read(tmp_path: Path) -> None:
    assert manage("check", home=tmp_path).returncode == 0
    first = (tmp_path / "contact-keys").read_text()
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert manage("check", home=tmp_path).returncode == 0
    assert (tmp_path / "contact-keys").read_text() == first


def test_the_operations_guide_lists_every_variable() -> None:
    from config.settings import ENVIRONMENT

    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [v.name for v in ENVIRONMENT.variables if f"| `{v.name}` |" not in guide]
    assert not missing, "run: python scripts/variables.py"
