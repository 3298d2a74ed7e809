"""The embedded database survives crashes, stale files and awkward places."""

import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from lingka.ops.postgres import Cluster, PostgresError

FAST = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with spaces and a quote that the unprivileged account may enter."""
    folder = tmp_path_factory.mktemp("a town's own data")
    for parent in [folder, *folder.parents][:-2]:
        parent.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def cluster(place: Path) -> Iterator[Cluster]:
    cluster = Cluster(place / "pg", FAST)
    cluster.start()
    yield cluster
    cluster.stop()
    assert not cluster.is_running()


def write_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def rows(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url()) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found
    return int(found[0])


def test_a_new_cluster_is_postgresql_18_in_utf8_with_code_point_order(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        assert connection.info.server_version // 10000 == 18
        query = "SELECT datlocprovider, pg_encoding_to_char(encoding) FROM pg_database"
        assert set(connection.execute(query)) == {("b", "UTF8")}


def test_starting_twice_changes_nothing(cluster: Cluster) -> None:
    pid = cluster.pid()
    cluster.start()
    assert cluster.pid() == pid


def test_nobody_else_can_enter_the_data_or_the_socket(cluster: Cluster) -> None:
    for folder in (cluster.data, cluster.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as another account")
def test_another_local_account_is_refused_even_with_the_socket_open(cluster: Cluster) -> None:
    assert cluster.account
    refused = subprocess.run(
        [cluster.programs().path("psql"), cluster.url(), "-c", "select 1"],
        user=cluster.account,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Peer authentication failed" in refused.stderr


def test_a_killed_server_starts_again_with_what_was_committed(cluster: Cluster) -> None:
    write_a_row(cluster)
    before, pid = rows(cluster), cluster.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    cluster.start()
    assert rows(cluster) == before


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(cluster: Cluster) -> None:
    write_a_row(cluster)
    pid_file = cluster.data / "postmaster.pid"
    running = pid_file.read_text()
    cluster.stop()
    stranger = str(os.getpid())
    pid_file.write_text("\n".join([stranger, *running.splitlines()[1:]]) + "\n")
    lock = cluster.socket / ".s.PGSQL.5432.lock"
    lock.write_text("\n".join([stranger, *running.splitlines()[1:5]]) + "\n")
    if cluster.account:
        owner = pwd.getpwnam(cluster.account)
        for path in (pid_file, lock):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    assert not cluster.is_running()
    cluster.start()
    assert psutil.pid_exists(int(stranger))
    assert rows(cluster) >= 1


def test_a_path_too_long_for_a_socket_still_works(place: Path) -> None:
    folder = place / ("བོད་" * 10) / "pg"
    folder.parent.mkdir()
    cluster = Cluster(folder, FAST)
    try:
        cluster.start()
        write_a_row(cluster)
        assert len(str(cluster.socket)) < 100
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
    finally:
        cluster.stop()


def test_many_starters_at_once_make_one_server(place: Path) -> None:
    start = (
        "import sys; from pathlib import Path; from lingka.ops.postgres import Cluster;"
        "c = Cluster(Path(sys.argv[1]), {'shared_buffers': '16MB'}); c.start(); print(c.pid())"
    )
    target = place / "many"
    command = [sys.executable, "-c", start, str(target)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        assert len({starter.communicate()[0].strip() for starter in starters}) == 1
    finally:
        Cluster(target).stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps data where others cannot go")
def test_data_that_exist_are_never_given_up_for_an_empty_place(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "pg"
    hidden.mkdir(parents=True)
    hidden.parent.chmod(0o700)
    assert Cluster(hidden).data != hidden
    (hidden / "PG_VERSION").write_text("18")
    assert Cluster(hidden).data == hidden


def test_foreign_files_in_the_data_folder_are_left_alone(place: Path) -> None:
    folder = place / "foreign"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(PostgresError, match="cannot be used"):
        Cluster(folder, FAST).start()
    assert (folder / "letter.txt").read_text() == "dear"
