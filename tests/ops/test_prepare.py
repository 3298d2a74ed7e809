"""The pages' files are collected once, and again when one of them changes."""

from pathlib import Path
from typing import Any

import pytest

from lingka.ops import prepare


@pytest.fixture
def collected(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One source folder with one file; hears of every time that files are collected."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("p { margin: 0 }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {name: dict(one) for name, one in settings.STORAGES.items()}
    times: list[str] = []
    call = prepare.call_command

    def counted(name: str, **options: Any) -> None:
        times.append(name)
        call(name, **options)

    monkeypatch.setattr(prepare, "call_command", counted)
    monkeypatch.setattr(prepare, "_compile_catalogues", lambda: None)
    prepare.collect()
    assert times == ["collectstatic"]
    return times


def test_files_that_did_not_change_are_not_collected_again(collected: list[str]) -> None:
    prepare.collect()
    assert len(collected) == 1


def test_a_changed_file_is_collected_again(collected: list[str], tmp_path: Path) -> None:
    (tmp_path / "source" / "page.css").write_text("p { margin: 1em }")
    prepare.collect()
    assert len(collected) == 2
    assert any("1em" in one.read_text() for one in (tmp_path / "static").glob("page.*.css"))


def test_a_new_file_is_collected_too(collected: list[str], tmp_path: Path) -> None:
    (tmp_path / "source" / "more.css").write_text("p { color: red }")
    prepare.collect()
    assert (tmp_path / "static" / "more.css").exists()


def test_a_collected_file_that_was_lost_is_collected_again(
    collected: list[str], tmp_path: Path
) -> None:
    for one in (tmp_path / "static").glob("page.*.css"):
        one.unlink()
    prepare.collect()
    assert len(collected) == 2


def test_collecting_that_was_stopped_halfway_begins_anew(
    collected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source" / "page.css").write_text("p { margin: 2em }")
    with monkeypatch.context() as stopped:
        stopped.setattr(prepare, "call_command", _stop)
        with pytest.raises(KeyboardInterrupt):
            prepare.collect()
    (tmp_path / "source" / "page.css").write_text("p { margin: 0 }")  # as it was before
    prepare.collect()
    assert len(collected) == 2


def _stop(*_given: Any, **_more: Any) -> None:
    raise KeyboardInterrupt
