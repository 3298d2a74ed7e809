"""What is backed up comes back, equal in every hash, and what was erased stays erased."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from lingka.core import clock, contents
from lingka.ops import backup, erasures


@pytest.fixture
def installation(
    transactional_db: None, tmp_path: Path, settings: pytest.FixtureRequest
) -> Iterator[Path]:
    settings.HOME = tmp_path / "home"  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path / "home" / "media"  # type: ignore[attr-defined]
    photo = tmp_path / "home" / "media" / "ab" / "abcdef"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"\xff\xd8photo" * 1000)
    yield tmp_path
    # A restore makes the schema anew: bring back what migrations put into tables.
    call_command("migrate", verbosity=0)


def keep_words(text: str) -> object:
    return contents.keep("words", text, "zh-hans").id


def test_backup_and_restore_end_with_equal_hashes(installation: Path) -> None:
    kept = keep_words("水管爆了")
    photo = next((installation / "home" / "media").rglob("abcdef"))
    before, photo_hash = backup.fingerprints(), backup.sha256_of(photo)
    assert backup.backup(installation / "copy") == 0
    keep_words("after the backup")
    photo.unlink()
    assert backup.fingerprints() != before
    assert backup.restore(installation / "copy", replace=True) == 0
    after = backup.fingerprints()
    assert {name for name in after if after[name] != before[name]} == {"core_epoch"}
    assert backup.sha256_of(photo) == photo_hash
    assert contents.read([kept]) == {kept: "水管爆了"}


def test_what_was_erased_after_the_backup_is_erased_again(installation: Path) -> None:
    kept, erased = keep_words("stays"), keep_words("13912345678")
    assert backup.backup(installation / "copy") == 0
    contents.erase([erased])
    assert backup.restore(installation / "copy", replace=True) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_content WHERE value IS NOT NULL")
        assert [row[0] for row in cursor.fetchall()] == [kept]
    assert "13912345678" not in erasures.file().read_text()


def test_the_list_of_erasures_is_outside_the_backup(installation: Path) -> None:
    contents.erase([keep_words("gone")])
    backup.backup(installation / "copy")
    assert erasures.file().exists()
    assert not list((installation / "copy").rglob("erasures*"))


def test_the_list_survives_a_line_that_was_cut_off(installation: Path) -> None:
    erasures.file().write_text('{"kind": "content", "id": "0190')
    assert erasures.apply() == 0


@pytest.mark.parametrize("damage", ["altered", "missing", "no manifest"])
def test_a_damaged_backup_is_refused_before_anything_is_lost(
    installation: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = keep_words("still here")
    backup.backup(installation / "copy")
    photo = next((installation / "copy").rglob("abcdef"))
    if damage == "altered":
        photo.write_bytes(photo.read_bytes()[:-1] + b"x")
    elif damage == "missing":
        photo.unlink()
    else:
        (installation / "copy" / "manifest.json").unlink()
    assert backup.restore(installation / "copy", replace=True) == 1
    assert "Not restored" in capsys.readouterr().out
    assert contents.read([kept]) == {kept: "still here"}


def test_a_backup_never_overwrites_another(installation: Path) -> None:
    assert backup.backup(installation / "copy") == 0
    made = json.loads((installation / "copy" / "manifest.json").read_text())["made_at"]
    with clock.at(clock.now()):
        assert backup.backup(installation / "copy") == 1
    assert json.loads((installation / "copy" / "manifest.json").read_text())["made_at"] == made


def test_a_backup_is_readable_by_its_owner_alone(installation: Path) -> None:
    backup.backup(installation / "copy")
    assert (installation / "copy").stat().st_mode & 0o077 == 0
