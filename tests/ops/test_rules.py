"""The rules of `make check` find what they are there to find."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = """
[tool.importlinter]
root_package = "town"
contract_types = ["doors: scripts.doors.Doors"]

[[tool.importlinter.contracts]]
name = "doors"
type = "doors"
package = "town"
private = ["models", "views"]
open_doors = ["town.base.models"]
"""


def lint(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    (folder / "pyproject.toml").write_text(CONTRACTS)
    (folder / "scripts").mkdir()
    (folder / "scripts" / "doors.py").write_text((ROOT / "scripts" / "doors.py").read_text())
    for name, text in {"town/__init__.py": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


ROOMS = {"town/a/models.py": "", "town/a/views_list.py": "", "town/base/models.py": ""}


def test_a_module_may_use_its_own_rooms_and_the_open_ones(tmp_path: Path) -> None:
    files = {
        **ROOMS,
        "town/a/actions.py": "from town.a import models, views_list",
        "town/b/actions.py": "from town.a import actions\nfrom town.base import models",
    }
    done = lint(tmp_path, files)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ["models", "views_list"])
def test_a_visit_to_anothers_private_room_is_named_with_its_line(tmp_path: Path, room: str) -> None:
    done = lint(tmp_path, {**ROOMS, "town/b/actions.py": f"\nfrom town.a import {room}"})
    assert done.returncode == 1
    assert f"town.b.actions:2 imports town.a.{room}" in done.stdout


def test_the_repositorys_own_contracts_forbid_calling_up(tmp_path: Path) -> None:
    """The shipped layers, over a copy of the package in which core calls cases."""
    import shutil

    shutil.copytree(ROOT / "lingka", tmp_path / "lingka")
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "lingka" / "core" / "up.py").write_text("from lingka.cases import models\n")
    (tmp_path / "lingka" / "stray").mkdir()
    (tmp_path / "lingka" / "stray" / "__init__.py").write_text("")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "lingka.core.up" in done.stdout
    assert "stray" in done.stdout
    assert done.returncode == 1


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_function_that_is_too_long_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = load("check")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    (tmp_path / "lingka").mkdir()
    (tmp_path / "lingka" / "long.py").write_text("def f():\n" + "    x = 1\n" * 40)
    assert list(check.too_long()) == ["lingka/long.py:1: f has 41 lines"]


def test_a_migration_that_django_named_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = load("check")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    folder = tmp_path / "lingka" / "a" / "migrations"
    folder.mkdir(parents=True)
    for name in ("0001_initial", "0002_auto_20260101_0000", "0003_x_and_more", "0004_add_wish"):
        (folder / f"{name}.py").touch()
    assert [fault.split(":")[0][-25:] for fault in check.unnamed_migrations()] == [
        "0002_auto_20260101_0000.py"[-25:],
        "lingka/a/migrations/0003_x_and_more.py"[-25:],
    ]
