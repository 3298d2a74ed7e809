"""Who judges the days of bad luck finds all that can go wrong; it needs no browser for it."""

from collections import Counter

import pytest

from tests.chaos.oracle import Found, Saved, faults

REPORT = Saved("op-1", "report", "record-1", {"photo-1": "aa"})
ACT = Saved("op-2", "act", "case-1")
LOG = [REPORT, ACT]


def found(**other):
    as_it_should_be = {
        "operations": [("op-1", "applied"), ("op-2", "applied")],
        "effects": Counter({"record-1": 1, "op-2": 1}),
        "files": {"photo-1": "aa"},
        "tray": set(),
        "evicted": set(),
    }
    return Found(**as_it_should_be | other)


def test_what_arrived_once_with_its_bytes_is_well():
    assert faults(LOG, found()) == []


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"operations": [("op-2", "applied")]}, "neither on the server nor in the tray"),
        ({"operations": [("op-1", "applied"), *found().operations]}, "was stored 2 times"),
        ({"operations": [("op-1", "rejected"), ("op-2", "applied")]}, "ended as rejected"),
        ({"effects": Counter({"record-1": 2, "op-2": 1})}, "had its effect 2 times"),
        ({"effects": Counter({"op-2": 1})}, "had its effect 0 times"),
        ({"files": {}}, "did not arrive"),
        ({"files": {"photo-1": "ab"}}, "arrived with other bytes"),
        ({"operations": [("op-9", "applied"), *found().operations]}, "no screen called it saved"),
    ],
)
def test_what_was_lost_doubled_or_altered_is_named(other, fault):
    told = faults(LOG, found(**other))
    assert len(told) == 1
    assert fault in told[0]


def test_a_phone_that_died_while_saving_may_have_kept_one_more_and_no_two():
    more = [("op-8", "applied"), ("op-9", "applied"), *found().operations]
    assert faults(LOG, found(operations=more[1:], unspoken=1)) == []
    assert len(faults(LOG, found(operations=more, unspoken=1))) == 2


def test_what_still_stands_in_the_tray_is_well_unless_it_was_doubled_or_altered():
    waits = {"operations": [("op-1", "held")], "tray": {"op-1"}}
    assert faults([REPORT], found(**waits, files={}, effects=Counter())) == []
    assert "2 times" in faults([REPORT], found(**waits, effects=Counter({"record-1": 2})))[0]
    assert "other bytes" in faults([REPORT], found(**waits, files={"photo-1": "ab"}))[0]


def test_of_a_record_that_arrived_only_the_photo_that_was_thrown_away_may_lack():
    gone = {"evicted": {"op-1"}, "evicted_files": {"photo-1"}}
    assert faults(LOG, found(**gone, files={})) == []
    assert len(faults(LOG, found(evicted={"op-1"}, files={}))) == 1
    assert "other bytes" in faults(LOG, found(**gone, files={"photo-1": "ab"}))[0]


def test_what_the_browser_threw_away_is_well_only_if_the_app_said_so():
    gone = {"operations": [("op-2", "applied")]}
    assert faults(LOG, found(**gone, evicted={"op-1"})) == []
    assert len(faults(LOG, found(**gone, evicted={"op-2"}))) == 1
