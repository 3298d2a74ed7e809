"""`lingka exchange`: each of its words, and what it says."""

from pathlib import Path

import pytest

from lingka.ops import cli, exchange
from tests.exchange.conftest import KEY, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.csv"
    path.write_text(sheet(("7", "路灯不亮", "已办结")), encoding="utf-8")
    return path


def test_a_file_is_taken_and_the_report_says_what_differs(
    peer: str, night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exchange.run("take", KEY, night) == 0
    assert exchange.run("report", KEY, None) == 0
    said = capsys.readouterr().out
    assert "opened 1" in said
    assert "status differs: 7" in said


def test_what_fails_is_said(peer: str, night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exchange.run("take", KEY, None) == 1
    assert exchange.run("take", "nobody", night) == 1
    assert exchange.run("report", "nobody", None) == 1
    assert exchange.run("pull", KEY, None) == 1
    said = capsys.readouterr().out
    assert "Name a file that exists." in said
    assert said.count("There is no such platform.") == 2
    assert "it exchanges files" in said


def test_all_that_is_due_is_done(peer: str) -> None:
    assert exchange.run("run", KEY, None) == 0
    assert exchange.run("send", KEY, None) == 0


def test_the_command_knows_its_words() -> None:
    options = cli._parser().parse_args(["exchange", "compare", "province", "a.csv"])
    assert (options.do, options.peer, options.file) == ("compare", "province", Path("a.csv"))
