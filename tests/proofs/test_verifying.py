"""What the owner of the database does to history, and what an exported head says to it."""

import pytest
from django.db import transaction

from lingka.core import events, verify
from lingka.core.events import COLUMNS, GENESIS
from lingka.core.models import Cursor, Event
from lingka.proofs import actions, selectors, verifying
from lingka.proofs.models import Bundle, Tile, TreeHead

pytestmark = pytest.mark.django_db(transaction=True)


def faults(*heads):
    """What `lingka verify --head` finds."""
    kept = [("kept.json", head) for head in heads]
    return [fault.what for fault in (*verify.run(), *verifying.run(kept))]


def rebuild(by_force, settings):
    """Make all that is in the database agree again, as its owner can: tree, heads, signatures."""
    for table in ("proofs_bundle", "proofs_tile", "proofs_treehead", "core_cursor"):
        by_force(f"DELETE FROM {table}")
    actions.keep_up()


def rechain(by_force, stream):
    """Link a stream's events anew, so that its own chain holds."""
    previous = GENESIS
    for row in Event.objects.filter(stream_id=stream).order_by("sequence"):
        digest = events.link(previous, verify.as_envelope(row))
        by_force(
            "UPDATE core_event SET previous_hash = %s, hash = %s WHERE position = %s",
            previous, digest, row.position,
        )  # fmt: skip
        previous = digest


REWRITTEN = "does not fit the records: history before it was rewritten"


def test_a_history_that_nobody_touched_holds_for_every_head(signed):
    heads = [signed(300), signed(300), signed(7)]
    assert faults(*heads) == []


def test_it_holds_when_shared_by_processes(signed):
    head = signed(300)
    assert verifying.run([("kept.json", head)], processes=2) == []


def test_an_altered_record_is_found(signed, by_force):
    head = signed(300)
    by_force("UPDATE core_event SET data = '{\"drops\": 9}' WHERE position = 100")
    assert "was altered after it was written" in faults(head)


def test_an_altered_record_with_its_hash_made_right_is_found(signed, by_force):
    head = signed(300)
    stream = Event.objects.get(position=100).stream_id
    by_force("UPDATE core_event SET data = '{\"drops\": 9}' WHERE position = 100")
    rechain(by_force, stream)
    found = faults(head)
    assert set(found) == {"is not the record that was written here"}
    assert 1 <= len(found) <= 3


def test_a_record_taken_out_is_found(signed, by_force):
    head = signed(300)
    stream = Event.objects.get(position=100).stream_id
    by_force("DELETE FROM core_event WHERE stream_id = %s", stream)
    found = faults(head)
    assert found.count("is gone") == 3
    assert any("297 records were delivered, the tree was told of 300" in one for one in found)


def test_a_record_put_into_the_past_is_found(signed, by_force):
    head = signed(300)
    columns = ", ".join(one for one in COLUMNS if one != "stream_id")
    by_force(
        f"INSERT INTO core_event (order_key, stream_id, {columns})"
        f" SELECT 1, gen_random_uuid(), {columns} FROM core_event WHERE sequence = 1 LIMIT 1"
    )
    where = [fault.where for fault in verifying.run([("kept.json", head)])]
    assert "the log" in where[0]


def test_a_log_cut_off_with_all_its_traces_is_found_by_the_exported_head(
    signed, by_force, settings
):
    signed(300)
    head = signed(30)
    by_force("DELETE FROM core_event WHERE position > 300")
    rebuild(by_force, settings)
    assert faults() == []
    assert faults(head) == ["covers 330 records, there are 300: the log was cut off"]


def test_a_log_cut_off_without_care_is_found_without_any_head(signed, by_force):
    signed(300)
    signed(30)
    by_force("DELETE FROM core_event WHERE position > 300")
    by_force("DELETE FROM proofs_bundle WHERE number >= 1")
    assert any("cut off" in one for one in faults())


def test_records_put_into_another_order_are_found(signed, by_force):
    head = signed(300)
    by_force("UPDATE core_event SET order_key = order_key - 1 WHERE position = 200")
    assert "was moved to another place in the order" in faults(head)


def test_two_records_that_changed_places_are_found(signed, by_force):
    head = signed(300)
    for old, new in ((100, -1), (200, 100), (-1, 200)):
        by_force("UPDATE core_event SET position = %s WHERE position = %s", new, old)
    assert faults(head).count("is not the record that was written here") == 2


def test_another_order_with_all_made_to_agree_is_found_by_the_exported_head(
    signed, by_force, settings
):
    head = signed(300)
    for old, new in ((100, -1), (200, 100), (-1, 200)):
        by_force("UPDATE core_event SET position = %s WHERE position = %s", new, old)
    rebuild(by_force, settings)
    assert faults() == []
    assert faults(head) == [REWRITTEN]


def test_a_rechained_history_with_all_made_to_agree_is_found_by_the_exported_head(
    signed, by_force, settings
):
    head = signed(300)
    stream = Event.objects.get(position=100).stream_id
    by_force("UPDATE core_event SET data = '{\"drops\": 9}' WHERE position = 100")
    rechain(by_force, stream)
    rebuild(by_force, settings)
    assert faults() == []
    assert faults(head) == [REWRITTEN]


def test_a_head_of_another_key_is_no_head_of_ours(signed, by_force, settings):
    head = signed(30)
    settings.HEAD_KEYS = ["f" * 40]
    by_force("DELETE FROM proofs_treehead")
    actions.keep_up()
    assert faults(head) == ["is not signed by a key of this installation"]


def test_a_forged_head_is_found_among_those_kept_here(signed, by_force):
    signed(30)
    by_force("UPDATE proofs_treehead SET root = %s", bytes(32))
    assert faults() == ["is not signed by a key of this installation", REWRITTEN]


def test_tiles_that_do_not_follow_from_the_leaves_are_found(signed, by_force):
    signed(600)
    by_force("UPDATE proofs_tile SET hashes = %s", bytes(64))
    assert faults() == ["does not follow from what is below"]


def test_a_hole_in_the_tree_is_found(signed, by_force):
    signed(600)
    by_force("DELETE FROM proofs_bundle WHERE number = 1")
    assert "the tree has a hole" in faults()


def test_after_a_restore_into_a_younger_cluster_the_order_of_the_tree_holds(
    signed, by_force, history
):
    head = signed(300)
    with transaction.atomic():
        by_force("UPDATE core_event SET order_key = order_key + 1000000")
        by_force("UPDATE core_cursor SET order_key = order_key + 1000000")
    assert events.rebase()
    history(30)
    assert actions.keep_up().size == 330
    assert faults(head) == []


def test_new_records_are_no_fault(signed, history):
    head = signed(300)
    history(20)
    assert faults(head) == []
    assert Cursor.objects.filter(receiver=selectors.READER).exists()
    assert (Bundle.objects.count(), Tile.objects.count(), TreeHead.objects.count()) == (2, 1, 1)
