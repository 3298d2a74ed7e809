import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.core import clock, events, verify
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import GENESIS, NEW, EventData, Head, Recorded, chain
from lingka.core.ids import uuid7
from lingka.core.models import Cursor, Event

from .conftest import Rained

Rain = Callable[..., Recorded]
STREAM = UUID("01900000-0000-7000-8000-000000000001")
GOLDEN = Path(__file__).parent / "golden"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(
        st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def faults() -> list[str]:
    return [fault.what for fault in verify.run()]


@pytest.mark.django_db
def test_recording_costs_one_statement(rain: Rain, django_assert_num_queries):
    stream = uuid7()
    with transaction.atomic(), django_assert_num_queries(1):
        first = events.record(Rained(1), stream_id=stream, actor=SYSTEM, after=NEW)
    with transaction.atomic(), django_assert_num_queries(1):
        second = events.record(Rained(2), stream_id=stream, actor=SYSTEM, after=first.head)
    assert second.sequence == 2
    assert [event.data for event in events.history(stream)] == [Rained(1), Rained(2)]


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        events.record(Rained(1), stream_id=STREAM, actor=SYSTEM)


@pytest.mark.django_db
def test_two_events_cannot_take_one_place_in_a_stream(rain: Rain):
    rain(1, STREAM)
    with pytest.raises(IntegrityError):
        rain(2, STREAM, after=NEW)


@pytest.mark.django_db
def test_an_operation_is_recorded_once_in_a_stream(rain: Rain):
    operation = uuid7()
    rain(1, STREAM, op_id=operation)
    with pytest.raises(IntegrityError):
        rain(1, STREAM, op_id=operation)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_event SET data = '{}'", "DELETE FROM core_event"],
)
def test_the_database_refuses_to_change_or_delete_events(rain: Rain, statement: str):
    rain()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_emptying_the_log_is_refused_outside_databases_of_tests():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgrelid = 'core_event'::regclass AND (tgtype & 32) > 0"
        )
        [(_, source)] = cursor.fetchall()
    assert "current_database() NOT LIKE 'test%'" in source


@given(json_values)
def test_an_envelope_hashes_the_same_after_a_round_through_json(value: object):
    envelope = {"data": value}
    again = json.loads(json.dumps(envelope, ensure_ascii=False))
    assert events.link(GENESIS, envelope) == events.link(GENESIS, again)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_change_a_hash(value: dict[str, int]):
    turned = dict(reversed(value.items()))
    assert events.link(GENESIS, value) == events.link(GENESIS, turned)


@pytest.mark.django_db
@settings(deadline=None)  # it writes: how long that takes is the disk's affair
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_what_is_read_back_is_what_was_recorded_and_verifies(drops: list[int]):
    stream, after = uuid7(), NEW
    with transaction.atomic():
        for number in drops:
            done = events.record(Rained(number), stream_id=stream, actor=Actor("user", 7, 2),
                                 after=after)  # fmt: skip
            after = done.head
    assert [event.data for event in events.history(stream)] == [Rained(one) for one in drops]
    assert faults() == []


@pytest.mark.django_db
def test_rows_made_by_chain_in_bulk_verify(rain: Rain):
    head, now = NEW, clock.now()
    for drops in range(3):
        row, head = chain(
            Rained(drops), stream_id=STREAM, actor=SYSTEM, after=head,
            occurred_at=now - timedelta(days=1), recorded_at=now,
        )  # fmt: skip
        Event.objects.create(order_key=1, **row)
    assert head.sequence == 3
    assert faults() == []


TAMPERINGS = {
    "UPDATE core_event SET data = '{\"drops\": 9}' WHERE sequence = 2": "was altered",
    "DELETE FROM core_event WHERE sequence = 2": "expected sequence 2",
    "UPDATE core_event SET sequence = sequence + 10 WHERE sequence = 3": "expected sequence 3",
    "UPDATE core_event SET previous_hash = hash WHERE sequence = 2": "does not link",
    "UPDATE core_event SET order_key = 0 WHERE sequence = 3": "delivered before",
    'UPDATE core_event SET actor = \'{"kind": "user"}\' WHERE sequence = 1': "was altered",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "found"), TAMPERINGS.items())
def test_tampering_past_the_trigger_is_found(rain: Rain, statement: str, found: str):
    for drops in range(3):
        rain(drops, STREAM)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
    assert any(found in fault for fault in faults())


@pytest.mark.django_db
def test_data_of_an_old_version_is_raised_to_the_present_one():
    @dataclass(frozen=True)
    class Poured(EventData):
        type = "test.Rained"
        stream = "test"
        label = "It poured"
        version = 3
        millimetres: int

    events.REGISTRY[Poured.type] = Poured
    events.upcaster("test.Rained", 1)(lambda data: {"drops": data["drops"], "size": 2})
    events.upcaster("test.Rained", 2)(lambda data: {"millimetres": data["drops"] * data["size"]})
    assert events.load("test.Rained", 1, {"drops": 4}) == Poured(8)
    assert events.load("test.Rained", 3, {"millimetres": 5}) == Poured(5)


def test_two_event_types_cannot_share_a_name():
    with pytest.raises(TypeError):
        events.event_type(type("Other", (Rained,), {}))


@pytest.mark.django_db
def test_after_a_restore_into_a_younger_cluster_keys_lie_below_its_transactions(rain: Rain):
    for drops in range(3):
        rain(drops, STREAM)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_event SET order_key = 1000000000000 + sequence")
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
    Cursor.objects.create(receiver="umbrella", order_key=1000000000002, position=0)
    assert events.rebase()
    assert [event.order_key for event in Event.objects.order_by("sequence")] == [-2, -1, 0]
    assert Cursor.objects.get().order_key == -1
    assert not events.rebase()
    assert rain(4, STREAM).sequence == 4
    assert faults() == []


def test_every_event_type_has_a_golden_file_for_each_version():
    for cls in events.types():
        if not cls.__module__.startswith("lingka."):
            continue
        for version in range(1, cls.version + 1):
            path = GOLDEN / f"{cls.type}.{version}.json"
            assert path.exists(), f"{path.name} is missing: run scripts/golden.py"
            loaded = events.load(cls.type, version, json.loads(path.read_text()))
            assert isinstance(loaded, cls)


def test_the_head_of_an_unknown_stream_is_new(db):
    assert events.head(uuid7()) == NEW == Head(0, GENESIS)
