"""When a vote is carried."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingka.core import datafiles
from lingka.voting import rules
from lingka.voting.rules import BLANK, INVALID, Rule, Tally

SHIPPED = rules.BOOK.now


def rule(key: str, **more: Any) -> Rule:
    return Rule(key, {**datafiles.read(rules.SHIPPED)["rules"][key], **more})


def heads(roll: int, *options: int, blank: int = 0, invalid: int = 0) -> Tally:
    return Tally(
        Fraction(roll), tuple(map(Fraction, options)), Fraction(blank), Fraction(invalid)
    )  # fmt: skip


def carried(key: str, *tallies: Tally) -> bool:
    return rules.decide(rule(key), tallies, proposal=True).carried


def test_the_shipped_rules_hold_together() -> None:
    assert list(rules.faults(datafiles.read(rules.SHIPPED))) == []


@pytest.mark.parametrize(
    ("key", "counted", "is_carried"),
    [
        ("simple", heads(10, 3, 2), True),
        ("simple", heads(10, 2, 2, blank=1), False),
        ("simple", heads(10, 3, 1), False),  # four of ten came
        ("simple", heads(10, 2, 1, blank=2), True),  # blank ones make the quorum, decide nothing
        ("representatives", heads(9, 3, 1, blank=2), False),  # half of six is not more than half
        ("representatives", heads(9, 4, 2), True),
        ("absolute", heads(10, 5, 0), False),
        ("absolute", heads(10, 6, 4), True),
        ("two_thirds", heads(9, 6, 3), True),
        ("two_thirds", heads(9, 6, 3, invalid=1), False),
        ("hands", heads(2, 1, 0), True),
        ("simple", heads(0, 0, 0), False),
    ],
)  # fmt: skip
def test_a_proposal_is_carried_when_its_rule_says_so(
    key: str, counted: Tally, *, is_carried: bool
) -> None:
    assert carried(key, counted) is is_carried


# Civil Code, article 278: two thirds by area and by number take part; of those, more than half of
# both agree, three quarters to heavy matters.
@pytest.mark.parametrize(
    ("key", "number", "size", "is_carried"),
    [
        ("owners", heads(9, 4, 2), heads(900, 350, 250), True),
        ("owners", heads(9, 4, 2), heads(900, 300, 300), False),  # half the area is not more
        ("owners", heads(9, 3, 3), heads(900, 500, 100), False),  # half the heads are not more
        ("owners", heads(9, 5, 1), heads(900, 450, 149), False),  # 599 of 900 are not two thirds
        ("owners", heads(9, 5, 0), heads(900, 700, 0), False),  # five of nine are not two thirds
        ("owners_major", heads(12, 6, 2), heads(1200, 600, 200), True),
        ("owners_major", heads(12, 6, 2), heads(1200, 599, 201), False),
        ("owners_major", heads(12, 5, 3), heads(1200, 700, 100), False),
    ],
)  # fmt: skip
def test_owners_decide_by_heads_and_by_area(
    key: str, number: Tally, size: Tally, *, is_carried: bool
) -> None:
    assert carried(key, number, size) is is_carried


def test_of_several_options_the_one_with_most_votes_wins_and_a_tie_is_no_decision() -> None:
    won = rules.decide(rule("most"), [heads(9, 2, 4, 3)], proposal=False)
    assert (won.option, won.carried) == (1, True)
    tie = rules.decide(rule("most"), [heads(9, 4, 4, 1)], proposal=False)
    assert (tie.option, tie.carried) == (None, False)


def test_a_proposal_whose_opponents_have_the_majority_is_not_carried() -> None:
    lost = rules.decide(rule("simple"), [heads(9, 2, 6)], proposal=True)
    assert (lost.quorum, lost.option, lost.carried) == (True, 1, False)


ballots = st.lists(st.sampled_from([0, 1, 2, BLANK, INVALID]), max_size=20)
keys = st.sampled_from(sorted(datafiles.read(rules.SHIPPED)["rules"]))


def counted(roll: int, cast: list[int]) -> Tally:
    return rules.tally(3, Fraction(roll), [(one, Fraction(1)) for one in cast])


@given(ballots, st.integers(0, 20))
def test_every_ballot_counts_once_and_their_order_never(cast: list[int], more: int) -> None:
    found = counted(len(cast) + more, cast)
    assert found == counted(len(cast) + more, sorted(cast))
    assert found.cast == len(cast)
    assert found.decided == sum(map(cast.count, range(3)))


@given(keys, ballots, st.integers(1, 20))
def test_one_more_voice_for_what_won_does_not_undo_it(key: str, cast: list[int], more: int) -> None:
    before = rules.decide(rule(key), [counted(len(cast) + more, cast)], proposal=False)
    if before.option is not None:
        after = counted(len(cast) + more, [*cast, before.option])
        assert rules.decide(rule(key), [after], proposal=False).option == before.option


@given(keys, ballots, st.integers(0, 20), st.permutations(range(3)))
def test_which_option_stands_first_is_no_advantage(
    key: str, cast: list[int], more: int, places: list[int]
) -> None:
    roll = len(cast) + more
    moved = [places[one] if one >= 0 else one for one in cast]
    plain = rules.decide(rule(key), [counted(roll, cast)], proposal=False)
    other = rules.decide(rule(key), [counted(roll, moved)], proposal=False)
    assert other.option == (None if plain.option is None else places[plain.option])


@given(ballots, st.integers(0, 20))
def test_without_its_quorum_nothing_is_carried(cast: list[int], more: int) -> None:
    roll = len(cast) + more
    outcome = rules.decide(rule("simple"), [counted(roll, cast)], proposal=False)
    assert outcome.quorum == (bool(cast) and 2 * len(cast) >= roll)
    assert outcome.quorum or not outcome.carried


MAJORITY = {"more_than": "1/2", "of": "cast"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quorum": "5/4"}, "share"),
        ({"quorum": "half"}, "share"),
        ({"quorum": "1/0"}, "share"),
        ({"quorum": 0.5}, "share"),
        ({"secret": "yes"}, "secret"),
        ({"measures": ["size"]}, "measures"),
        ({"measures": ["number", "size"]}, "secret"),
        ({"veto": True}, "unknown"),
        ({"name": {"zh-hans": "多数", "en": "Majority"}}, "untranslated"),
        ({"majority": {"most": False}}, "majority"),
        ({"majority": {**MAJORITY, "at_least": "1/2"}}, "majority"),
        ({"majority": {"more_than": "1/2", "of": "household"}}, "majority"),
        ({"majority": {"at_least": "1/2", "of": "cast"}}, "share"),
        ({"majority": {"more_than": "1/3", "of": "cast"}}, "share"),
        ({"majority": {"more_than": "1", "of": "cast"}}, "share"),
        ({"majority": {"at_least": "3/2", "of": "cast"}}, "share"),
        ({"majority": {"at_least": "many", "of": "cast"}}, "share"),
    ],
)
def test_a_file_of_rules_that_does_not_hold_together_is_refused_where_it_does_not(
    change: dict[str, Any], code: str
) -> None:
    body = datafiles.read(rules.SHIPPED)
    body["rules"]["simple"] |= change
    found = list(rules.faults(body))
    assert {one.code for one in found} == {code}
    assert all(one.where.startswith("rules.simple") for one in found)


def test_a_file_of_rules_names_two_answers_and_a_smallest_group() -> None:
    body = datafiles.read(rules.SHIPPED)
    body["answers"], body["minimum"] = body["answers"][:1], 1
    assert {one.code for one in rules.faults(body)} == {"answers", "amount"}


def test_every_rule_says_what_it_asks_for() -> None:
    said = {key: len(one.said) for key, one in SHIPPED().rules.items()}
    assert set(said.values()) == {4}
    nothing = rule("simple", quorum="0")
    assert len(nothing.said) == 3
