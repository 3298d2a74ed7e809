"""Heads and proofs as files: what the commands write, say and return."""

import json

import pytest

from lingka.ops import cli
from lingka.proofs import selectors
from tests.core.conftest import own_registries, rain
from tests.proofs.conftest import by_force, history, signed

__all__ = ["by_force", "history", "own_registries", "rain", "signed"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exported(tmp_path, signed):
    signed(30)
    file = tmp_path / "head.json"
    assert cli.main(["head", "export", str(file)]) == 0
    return file


def verify(*files):
    heads = [one for file in files for one in ("--head", str(file))]
    return cli.main(["verify", "--processes", "1", *heads])


def proof_file(tmp_path, stream, since=None):
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(selectors.proof_of(stream, since)))
    return file


def test_an_exported_head_holds_as_long_as_nobody_touches_history(exported, history, capsys):
    history(10)
    assert verify(exported) == 0
    assert "holds" in capsys.readouterr().out


def test_a_head_holds_no_more_after_a_row_was_altered(exported, by_force, capsys):
    by_force("UPDATE core_event SET recorded_at = recorded_at - interval '1 day'")
    assert verify(exported) == 1
    assert "was altered after it was written" in capsys.readouterr().out


def test_without_events_there_is_no_head_to_export(tmp_path, capsys):
    assert cli.main(["head", "export", str(tmp_path / "head.json")]) == 1
    assert "no signed head" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "lingka-head/1"}'])
def test_a_file_that_is_no_head_is_named(tmp_path, text, capsys):
    file = tmp_path / "head.json"
    file.write_text(text)
    assert verify(file) == 1
    assert str(file) in capsys.readouterr().out


def test_a_missing_file_is_named(tmp_path, capsys):
    assert verify(tmp_path / "away.json") == 1
    assert "No such file" in capsys.readouterr().out


def test_a_proof_is_checked_by_its_file_and_a_trusted_head_alone(
    exported, history, tmp_path, capsys
):
    [stream] = history(3)
    assert cli.main(["head", "export", str(exported)]) == 0
    file = proof_file(tmp_path, stream)
    assert cli.main(["check-proof", str(file), "--head", str(exported)]) == 0
    assert "3 records" in capsys.readouterr().out


def test_a_proof_with_another_time_in_it_does_not_hold(history, signed, tmp_path, capsys):
    signed(3)
    [stream] = history(3)
    signed(3)
    file = proof_file(tmp_path, stream)
    value = json.loads(file.read_text())
    value["records"][1]["recorded_at"] = "2020-01-01T00:00:00.000000+00:00"
    file.write_text(json.dumps(value))
    assert cli.main(["check-proof", str(file)]) == 1
    assert "does not lead to the root" in capsys.readouterr().out


def test_a_proof_of_a_case_that_is_not_there_says_so(tmp_path, capsys):
    assert cli.main(["proof", "00000000", str(tmp_path / "proof.json")]) == 1
    assert "There is no case" in capsys.readouterr().out
