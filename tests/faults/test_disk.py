"""The disk fills up: a clear answer, and everything goes on by itself when there is room."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Installation, wait_for
from .load import Load, kept

pytestmark = pytest.mark.slow
SIZE = "350m"
PIECE = b"\0" * 65536


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own in memory; needs root and leave to mount."""
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(0o755)
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root alone")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(PIECE)
        except OSError:
            return


def test_a_full_disk_refuses_clearly_and_recovers_when_there_is_room(small_disk: Path) -> None:
    installation = Installation(small_disk)
    try:
        installation.start()
        load = Load(installation)
        first = load.try_until(bool)
        filler = small_disk / "filler"
        fill(filler)
        load.try_until(lambda number: not number)
        assert load.refusals, "the full disk was never noticed"
        assert set(load.refusals) <= {503, 0}
        filler.unlink()
        wait_for("health", installation.is_healthy)
        load.try_until(bool)
        found = kept(installation)
        assert first in load.acknowledged.values()
        for key, number in load.acknowledged.items():
            assert found[key] == (number, 1, 1)
        done = installation.lingka("verify")
        assert done.returncode == 0, done.stdout
    finally:
        installation.end()
