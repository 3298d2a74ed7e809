"""What differs between two versions."""

from lingka.core.differences import Difference, differences


def test_each_place_that_is_new_gone_or_different_is_told_once() -> None:
    before = {"states": {"a": 1, "b": 1}, "actions": {"go": {"by": ["x"]}}}
    after = {"states": {"a": 1, "c": True}, "actions": {"go": {"by": ["x", "y"]}}}
    assert differences(before, after) == [
        Difference("states · c", "", "yes"),
        Difference("actions · go · by", "x", "x, y"),
        Difference("states · b", "1", ""),
    ]


def test_entries_of_a_list_are_known_by_their_key_wherever_they_stand() -> None:
    before = {"types": [{"key": "water", "days": 3}, {"key": "light", "days": 5}]}
    after = {"types": [{"key": "light", "days": 5}, {"key": "water", "days": 2}]}
    assert differences(before, after) == [Difference("types · water · days", "3", "2")]


def test_the_same_twice_differs_nowhere() -> None:
    body = {"a": [], "b": None, "c": {}, "d": [{"x": 1}, 2]}
    assert differences(body, body) == []


def test_within_a_text_only_what_differs_is_marked() -> None:
    left, right = Difference("", "Within three days", "Within two days").pieces()
    assert left == [(False, "Within "), (True, "three"), (False, " days")]
    assert right == [(False, "Within "), (True, "two"), (False, " days")]


def test_a_text_that_is_new_is_marked_as_a_whole() -> None:
    assert Difference("", "", "new").pieces() == ([], [(True, "new")])
