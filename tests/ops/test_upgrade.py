"""Data of an older major version of PostgreSQL move to the new one."""

from pathlib import Path

import psycopg
import pytest

from lingka.ops import binaries, upgrade
from lingka.ops.postgres import Cluster, PostgresError

SMALL = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture
def old(tmp_path: Path) -> Cluster:
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(0o755)
    cluster = Cluster(tmp_path / "pg", SMALL, major=16)
    cluster.start()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('གླིང་ཁ'), ('林卡')")
    cluster.stop()
    return cluster


def words(cluster: Cluster) -> set[str]:
    with psycopg.connect(cluster.url()) as connection:
        return {row[0] for row in connection.execute("SELECT word FROM kept")}


def test_a_cluster_of_16_becomes_one_of_18_with_every_row(old: Cluster) -> None:
    newest = binaries.bundled().major
    kept = upgrade.move(old, newest)
    assert (kept / "PG_VERSION").read_text().strip() == "16"
    new = Cluster(old.data, SMALL)
    assert new.data_version() == newest
    new.start()
    try:
        assert words(new) == {"གླིང་ཁ", "林卡"}
    finally:
        new.stop()


def test_what_an_earlier_try_left_is_not_overwritten(old: Cluster) -> None:
    old.data.with_name("pg.new").mkdir()
    with pytest.raises(PostgresError, match="earlier try"):
        upgrade.move(old, 18)
    assert old.data_version() == 16


def test_old_data_start_with_old_programs_even_when_the_wheel_lacks_them(
    old: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_new(major: int | None = None) -> binaries.Programs:
        if major not in (None, 18):
            raise LookupError(major)
        return newest

    newest = binaries.bundled(18)
    monkeypatch.setattr(binaries, "bundled", only_new)
    old.start()
    try:
        assert words(old) == {"གླིང་ཁ", "林卡"}
    finally:
        old.stop()
