"""The periodic jobs do their work and wait for nobody."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from lingka.cases import media
from lingka.core import clock
from lingka.ops import cli, tasks


@pytest.mark.django_db
def test_cases_are_woken_until_none_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [200, 17, 0]
    monkeypatch.setattr(tasks.cases, "due_now", lambda _limit: left.pop(0))
    tasks.wake_cases(timestamp=0)
    assert not left


@pytest.mark.django_db
def test_tidying_forgets_sessions_that_ended() -> None:
    ended = clock.now() - dt.timedelta(days=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=ended)
    tasks.tidy(timestamp=0)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_tidying_sweeps_uploads_until_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [1000, 3, 0]
    monkeypatch.setattr(tasks.cases, "sweep_files", lambda: left.pop(0))
    tasks.tidy(timestamp=0)
    assert not left


@pytest.mark.django_db
def test_the_night_finds_files_without_a_row_and_removes_them(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    path = media.path_of(media.write(b"nobody's"))
    os.utime(path, (0, 0))
    tasks.sweep_orphans(timestamp=0)
    tasks.tidy(timestamp=0)
    assert not path.exists()


@pytest.mark.django_db
def test_importing_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import", "areas", "/no/such/file.geojson"]) == 1
    assert "does not exist" in capsys.readouterr().out


@pytest.mark.django_db
def test_requests_need_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "export.csv"
    file.write_text("id\n1\n")
    assert cli.main(["import", "requests", str(file)]) == 1
    assert "--mapping" in capsys.readouterr().out
