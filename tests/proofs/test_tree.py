"""The stored tree: grown in batches of any size it is the tree of the definition."""

import itertools
from datetime import UTC
from functools import partial

import pytest
from django.db import connection

from lingka.core import log
from lingka.core.models import Event
from lingka.proofs import actions, leaves, merkle, selectors, tree
from lingka.proofs.models import Bundle, Tile, TreeHead

pytestmark = pytest.mark.django_db(transaction=True)


def kept_leaves():
    rows = Bundle.objects.order_by("number")
    return list(itertools.chain.from_iterable(tree.cut(bytes(one.hashes)) for one in rows))


def frontier_root(hashes):
    return merkle.Frontier().root(hashes)


def test_every_delivered_event_has_one_leaf_in_the_order_of_delivery(history):
    history(700)
    assert actions.append_all() == 700
    told = [position for one in Bundle.objects.order_by("number") for position in one.positions]
    assert told == list(
        Event.objects.order_by("order_key", "position").values_list("position", flat=True)
    )


@pytest.mark.parametrize("batch", [1, 7, 255, 256, 257, 1000])
def test_however_large_the_batches_the_root_is_that_over_all_leaves(history, batch):
    history(520)
    while actions.append(batch):
        pass
    assert tree.size() == 520
    hashes = kept_leaves()
    assert len(hashes) == 520
    for size in (1, 255, 256, 257, 511, 512, 513, 520):
        assert merkle.root(size, tree.Reader()) == frontier_root(hashes[:size])


def test_full_tiles_rise_to_the_next_level(monkeypatch, history):
    for module in (leaves, tree):
        monkeypatch.setattr(module, "WIDTH", 4)
    monkeypatch.setattr(tree, "LEVELS", 2)
    history(150)
    while actions.append(33):
        pass
    assert set(Tile.objects.values_list("level", flat=True)) == {1, 2, 3}
    assert merkle.root(150, tree.Reader()) == frontier_root(kept_leaves())


def test_a_leaf_commits_to_the_event_and_to_nothing_that_a_database_gives(rain):
    rain(1)
    actions.append_all()
    bundle, event = Bundle.objects.get(), Event.objects.get()
    time = event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    hidden = leaves.sealed(leaves.salt(bytes(bundle.seed), 0), bytes(event.hash))
    told = leaves.text(str(event.stream_id), 1, time, hidden)
    assert bytes(bundle.hashes) == leaves.of_text(told)


def test_a_second_append_adds_only_what_is_new(history):
    history(10)
    assert actions.append_all() == 10
    assert actions.append_all() == 0
    history(3)
    assert actions.append_all() == 3
    assert log.passed(selectors.READER) == tree.size() == 13


@pytest.mark.parametrize("before", [3, 3000])
def test_a_batch_costs_the_same_however_long_history_is(
    history, before, django_assert_max_num_queries
):
    history(before)
    actions.append_all()
    history(3)
    with django_assert_max_num_queries(11):
        actions.append()


def test_a_head_is_signed_over_the_whole_tree(signed):
    head = signed(300)
    assert head.size == 300
    assert head.root == frontier_root(kept_leaves())
    assert head.signed_by()


def test_nothing_new_needs_no_new_head(signed):
    signed(5)
    assert actions.keep_up() is None
    assert TreeHead.objects.count() == 1


def test_without_a_key_the_tree_grows_unsigned(history, settings):
    settings.HEAD_KEYS = []
    history(5)
    assert actions.keep_up() is None
    assert tree.size() == 5


def test_a_head_is_never_changed(signed):
    signed(5)
    with pytest.raises(Exception, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute("UPDATE proofs_treehead SET size = 4")


def test_who_knows_the_old_key_can_follow_to_the_new_one(signed, settings):
    [old] = signed(5).signed_by()
    settings.HEAD_KEYS = ["n" * 40, *settings.HEAD_KEYS]
    assert old in signed(5).signed_by()
    assert len(selectors.known_keys()) == 2


def test_what_a_large_import_left_is_taken_by_so_many_batches_at_a_time(history, monkeypatch):
    monkeypatch.setattr(actions, "append", partial(actions.append, 4))
    history(10)
    assert [actions.append_all(2), actions.append_all(2)] == [8, 2]
    history(10)
    actions.keep_up(batches=1)
    assert tree.size() == 14
