"""Kinds of venues and when a show of hands counts."""

from fractions import Fraction

import pytest

from lingka.core import datafiles
from lingka.deliberation import rules
from lingka.deliberation.rules import Hands, Quorum

COMMITTEE = rules.kinds()["owners_committee"].quorum
TABLE = rules.kinds()["teahouse"].quorum
assert COMMITTEE
assert TABLE


def test_every_kind_has_a_name_in_three_languages_and_goes_the_way_to_the_result() -> None:
    for kind in rules.kinds().values():
        assert set(kind.names) == set(kind.abouts) == {"zh-hans", "bo", "en"}
        assert kind.steps[-1] == "read_out"
        assert kind.name
        assert kind.way


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"steps": ["decide", "meet"]}, "tea: steps"),
        ({"quorum": "whim"}, "tea: quorum"),
        ({"support": 0}, "tea: support"),
    ],
)
def test_a_kind_that_is_wrong_is_found(change: dict[str, object], fault: str) -> None:
    kinds = datafiles.read(rules.DATA / "venues.yaml")
    quorums = datafiles.read(rules.DATA / "quorums.yaml")
    assert rules.faults({"tea": kinds["teahouse"]}, quorums) == []
    assert fault in rules.faults({"tea": kinds["teahouse"] | change}, quorums)


@pytest.mark.parametrize("change", [{"majority": "1/0"}, {"majority": "half"}, {"present": "3/2"}])
def test_a_quorum_that_is_no_share_is_found(change: dict[str, str]) -> None:
    good = {"least": 3, "majority": "1/2", "of": "seats"}
    assert rules.faults({}, {"one": good}) == []
    assert rules.faults({}, {"one": good | change}) == [f"one: {next(iter(change))}"]


def test_a_quorum_of_nothing_in_particular_is_found() -> None:
    assert rules.faults({}, {"one": {"least": 0, "majority": "1/2"}}) == ["one: of, least"]


def test_a_wrong_file_stops_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "STEPS", ("meet",))
    with pytest.raises(ValueError, match="steps"):
        rules.kinds.__wrapped__()


def test_five_at_the_table_decide_by_more_than_half_of_the_hands() -> None:
    assert not TABLE.met(4, None)
    assert TABLE.met(5, None)
    assert TABLE.carried(Hands(2, 1, 2), 5, None)
    assert not TABLE.carried(Hands(2, 2, 1), 5, None)


def test_a_committee_needs_half_of_its_seats_there_and_more_than_half_of_all_for_it() -> None:
    assert not COMMITTEE.met(3, 7)
    assert COMMITTEE.met(4, 7)
    assert COMMITTEE.carried(Hands(4, 0, 0), 4, 7)
    assert not COMMITTEE.carried(Hands(3, 0, 1), 4, 7)


def test_abstaining_counts_against_where_those_present_are_the_base() -> None:
    present = Quorum({}, 1, Fraction(2, 3), Fraction(1, 2), "present")
    assert not present.carried(Hands(3, 1, 2), 6, 9)
    assert present.carried(Hands(4, 0, 2), 6, 9)
