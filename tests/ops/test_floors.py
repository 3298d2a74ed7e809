"""`make floors` finds what the tests do not reach, and only that."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHOICE = "def choose(small):\n    if small:\n        return 1\n    return 2\n"
CHOSEN = "def choose(small):\n    return 1\n"
LONG = "".join(f"LINE_{number} = {number}\n" for number in range(60))


def floors(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Measure a made-up town that only ever chooses what is small, then hold the floors."""
    (folder / "config").mkdir()
    for name, text in {"lingka/__init__.py": "", "lingka/long.py": LONG, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)
    modules = [name.removesuffix(".py").replace("/", ".") for name in files]
    (folder / "walk.py").write_text(
        "import importlib, lingka.long\n"
        + "".join(f"importlib.import_module({name!r}).choose(True)\n" for name in modules)
    )
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    settings = {"COVERAGE_RCFILE": str(ROOT / "pyproject.toml"), "PYTHONPATH": str(folder)}
    for command in (
        [BIN / "coverage", "run", "walk.py"],
        [BIN / "coverage", "combine", "--quiet"],
        ["make", "-f", ROOT / "Makefile", "floors", f"BIN={BIN}"],
    ):
        done = subprocess.run(
            [str(one) for one in command], cwd=folder, env={**own, **settings},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return done


def test_each_branch_of_what_decides_that_no_test_reaches_is_named_with_its_line(
    tmp_path: Path,
) -> None:
    places = ("units/actions", "cases/actions/opening", "cases/workflow", "cases/rules",
              "cases/permissions")  # fmt: skip
    done = floors(tmp_path, {f"lingka/{place}.py": CHOICE for place in places})
    assert done.returncode != 0
    held = done.stdout.partition("What decides and permits:")[2].splitlines()
    named = {line.split()[0]: line.split()[-1] for line in held if line.startswith("lingka")}
    assert named == {f"lingka/{place}.py": "4" for place in places}


def test_elsewhere_a_branch_may_be_left_out_while_the_whole_stays_above_its_floor(
    tmp_path: Path,
) -> None:
    done = floors(tmp_path, {"lingka/cases/views.py": CHOICE, "lingka/cases/rules.py": CHOSEN})
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_whole_below_its_floor_fails_though_what_decides_is_reached(tmp_path: Path) -> None:
    unreached = CHOICE.replace("    return 2\n", "    print(2)\n" * 20)
    done = floors(tmp_path, {"lingka/cases/views.py": unreached, "lingka/cases/rules.py": CHOSEN})
    assert done.returncode != 0
    assert "lingka/cases/views.py" in done.stdout
