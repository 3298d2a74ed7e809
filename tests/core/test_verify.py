"""The walk over history: cut into pieces, shared by processes, stopped by nothing it finds."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from lingka.core import contents, verify
from lingka.core.events import Recorded
from lingka.core.ids import uuid7

Rain = Callable[..., Recorded]


def by_force(statement: str, *values: object) -> None:
    """What only the database's owner can do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
def test_several_processes_find_what_one_finds(rain: Rain) -> None:
    streams = [uuid7() for _ in range(40)]
    for stream in streams:
        rain(1, stream)
    assert verify.run(processes=2) == []
    by_force("UPDATE core_event SET data = '{\"drops\": 5}' WHERE stream_id = %s", streams[7])
    found = verify.run(processes=2)
    assert [fault.what for fault in found] == ["was altered after it was written"]
    assert found == verify.run()


@pytest.mark.django_db(transaction=True)
def test_the_pieces_hold_every_stream_once(rain: Rain) -> None:
    streams = sorted(uuid4() for _ in range(30))
    for stream in streams:
        rain(1, stream)
    held = [row.stream_id for piece in verify.pieces(7) for row in verify._rows(piece)]
    assert held == streams


@pytest.mark.django_db
def test_no_more_faults_are_told_than_asked_for(rain: Rain) -> None:
    for _ in range(3):
        rain(1, uuid7())
    by_force("UPDATE core_event SET data = '{\"drops\": 5}'")
    assert len(verify.run(limit=2)) == 2


@pytest.mark.django_db
def test_a_content_row_that_was_deleted_is_missed() -> None:
    kept = contents.keep("words", "路灯不亮")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_content")
    [fault] = verify.contents_match({str(kept.id): kept.hash})
    assert fault.what == "was deleted, not erased"


@pytest.mark.django_db
def test_a_content_row_that_was_erased_is_no_fault() -> None:
    kept = contents.keep("words", "路灯不亮")
    contents.erase([kept.id])
    assert list(verify.contents_match({str(kept.id): kept.hash})) == []
