"""The doctor names what is wrong and what to do."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from django.db import connection

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post
from lingka.core import clock
from lingka.ops import doctor
from tests.cases.city import build

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - what shutil returns


def test_a_full_disk_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10, 10, 0))
    assert doctor.disk(tmp_path).grade == "bad"


def test_a_folder_that_is_not_there_yet_is_judged_by_its_disk(tmp_path: Path) -> None:
    assert "free" in doctor.disk(tmp_path / "not" / "yet").what


def test_secrets_open_to_others_are_bad(tmp_path: Path) -> None:
    secret = tmp_path / "secret-key"
    secret.write_text("x")
    secret.chmod(0o644)
    assert [finding.grade for finding in doctor.secrets(tmp_path)] == ["bad"]
    secret.chmod(0o600)
    assert [finding.grade for finding in doctor.secrets(tmp_path)] == ["ok"]


def test_a_database_that_is_away_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    finding = doctor.reach_database()
    assert finding.grade == "bad"
    assert "make run" in finding.todo


@pytest.mark.django_db
def test_an_up_to_date_database_is_fine() -> None:
    assert doctor.migrations().grade == "ok"


@pytest.mark.django_db
def test_a_missing_worker_is_bad() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert doctor.worker().what.endswith("never")


@pytest.mark.django_db
def test_a_clock_that_was_set_back_is_noticed() -> None:
    assert doctor.clocks().grade == "ok"
    with clock.at(clock.now().replace(year=2001)):
        assert doctor.clocks().grade == "bad"


@pytest.mark.django_db
def test_nothing_held_and_nothing_failed_is_fine() -> None:
    assert {doctor.deliveries().grade, doctor.jobs().grade} == {"ok"}


@pytest.mark.django_db
def test_a_town_where_no_desk_covers_the_whole_is_told_so() -> None:
    city = build()
    assert doctor.desks().grade == "ok"
    Post.objects.filter(user_id=city.staff["chief"].id).delete()
    accounts.forget()
    assert doctor.desks().grade == "warn"
