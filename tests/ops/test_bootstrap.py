"""uv comes from the lock file, for this machine, and only if it is what the lock promises."""

import hashlib
import importlib.util
import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = load()
NEW, OLD = (2, 36), (2, 12)


@pytest.mark.parametrize(
    ("tags", "system", "machine", "glibc", "fits"),
    [
        ("manylinux_2_17_x86_64.manylinux2014_x86_64", "Linux", "x86_64", NEW, True),
        ("manylinux_2_17_x86_64.manylinux2014_x86_64", "Linux", "x86_64", OLD, False),
        ("manylinux_2_17_x86_64.manylinux2014_x86_64", "Linux", "aarch64", NEW, False),
        ("manylinux_2_28_aarch64", "Linux", "aarch64", NEW, True),
        ("musllinux_1_1_x86_64", "Linux", "x86_64", NEW, False),
        ("macosx_11_0_arm64", "Darwin", "arm64", NEW, True),
        ("macosx_10_12_x86_64", "Darwin", "arm64", NEW, False),
        ("win_amd64", "Linux", "x86_64", NEW, False),
    ],
)
def test_a_wheel_fits_by_system_processor_and_c_library(
    tags: str, system: str, machine: str, glibc: tuple[int, int], *, fits: bool
) -> None:
    assert bootstrap.fits(f"uv-1-py3-none-{tags}.whl", system, machine, glibc) is fits


def test_the_lock_has_a_wheel_for_this_machine() -> None:
    import tomllib

    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    package = next(p for p in lock["package"] if p["name"] == "uv")
    assert bootstrap.wheel_for_this_machine(package["wheels"])["hash"].startswith("sha256:")


def test_what_is_not_what_the_lock_promises_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        bootstrap.urllib.request, "urlopen", lambda *_args, **_kw: io.BytesIO(b"other")
    )
    with pytest.raises(SystemExit, match="nothing was installed"):
        bootstrap.fetch(
            "https://host.invalid/uv.whl", "sha256:" + hashlib.sha256(b"uv").hexdigest()
        )


def test_the_program_is_unpacked_ready_to_run(tmp_path: Path) -> None:
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("uv-1.data/scripts/uv", "#!/bin/sh\n")
    program = tmp_path / "uv-1" / "uv"
    bootstrap.unpack(wheel.getvalue(), program)
    assert program.stat().st_mode & 0o111
