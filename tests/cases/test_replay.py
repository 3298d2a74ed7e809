"""`lingka verify` sees whatever somebody altered behind the engine's back."""

import pytest
from django.db import connection

from lingka.cases.events import CaseOpened
from lingka.cases.models import Case
from lingka.core import events, verify
from tests.cases.city import City


def found() -> str:
    return " ".join(fault.what for fault in verify.run())


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", "closed"), ("due_at", None), ("lead_unit_id", None), ("version", 99), ("h3", 5)],
)
def test_an_altered_row_is_named_with_its_column(city: City, column: str, value: object) -> None:
    city.at("handling")
    assert verify.run() == []
    Case.objects.update(**{column: value})
    assert column in found()


def test_a_deleted_row_is_missed(city: City) -> None:
    city.open()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_receipt; DELETE FROM cases_case")
    assert "no row" in found()


def test_altered_words_are_found_by_their_hash(city: City) -> None:
    city.open(words="路灯不亮")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_content SET value = '\"都好\"' WHERE kind = 'words'")
    assert "altered after it was kept" in found()


def test_a_row_written_by_hand_is_named(city: City) -> None:
    opened = city.open()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET uuid = gen_random_uuid()")
    assert "has no events" in found()
    assert f"{opened.case_uuid}" in " ".join(fault.where for fault in verify.run())


def test_an_event_of_a_type_unknown_here_is_said_and_stops_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.open()
    monkeypatch.delitem(events.REGISTRY, CaseOpened.type)
    assert "unknown to this version" in found()


def test_a_case_whose_chain_is_broken_is_not_folded_too(city: City) -> None:
    city.open()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_event SET data = '[]' WHERE stream = 'case'")
    assert found() == "was altered after it was written"
