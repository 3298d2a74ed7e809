"""Likeness of words, and nearness."""

import pytest

from lingka.cases import similar


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("地下室水管漏水,门口结冰", "楼下地下室的水管在漏水,门口都结冰了"),
        ("路灯不亮三天了", "我们巷子的路灯不亮"),
        ("འོག་ཁང་གི་ཆུ་མདོང་ནས་ཆུ་འཛག་གི་འདུག", "ཆུ་མདོང་ནས་ཆུ་འཛག་གི་འདུག་སྒོ་འགྲམ་ལ་འཁྱག་པ་ཆགས།"),
        ("water is leaking in the basement", "basement full of water, still leaking"),
    ],
)
def test_two_ways_of_saying_the_same_thing_are_alike(one, other):
    assert similar.likeness(one, other) >= similar.ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("地下室水管漏水", "厕所下水道堵了返味"),
        ("路灯不亮三天了", "垃圾没人清,有异味"),
        ("ཆུ་མདོང་ནས་ཆུ་འཛག་གི་འདུག", "ལམ་སྒྲོན་མི་འབར།"),
    ],
)
def test_different_things_are_not_alike(one, other):
    assert similar.likeness(one, other) < similar.ALIKE


def test_the_same_words_are_wholly_alike_and_none_are_not():
    assert similar.likeness("水管漏水", "水管漏水") == pytest.approx(1)
    assert similar.likeness("", "水管漏水") == 0


def test_tibetan_is_cut_at_the_tsheg():
    assert similar.tokens("ཆུ་མདོང་ནས།") == ["ཆུ", "མདོང", "ནས"]


def test_words_in_different_writings_are_not_compared():
    assert not similar.comparable("水管漏水", "ཆུ་འཛག་པ།")
    assert similar.comparable("水管漏水", "漏水 ཆུ་འཛག་པ།")


def test_a_point_is_near_its_own_cell_and_the_six_around_it():
    near = similar.cells_near(91.12, 29.65)
    assert len(near) == 7
    assert similar.cell(91.12, 29.65) in near
