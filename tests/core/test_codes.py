from hypothesis import given
from hypothesis import strategies as st

from lingka.core import codes

bodies = st.text(codes.ALPHABET, min_size=6, max_size=6)
places = st.integers(0, 6)


def coded(body: str) -> str:
    return body + codes._check(body)


def test_a_new_code_reads_as_itself():
    code = codes.short_code()
    assert codes.normalise(codes.pretty(code).lower()) == code


@given(bodies, places, st.sampled_from(codes.ALPHABET))
def test_every_wrong_sign_is_found(body: str, place: int, sign: str):
    code = coded(body)
    wrong = code[:place] + sign + code[place + 1 :]
    assert codes.normalise(wrong) == (code if sign == code[place] else None)


@given(bodies, places, places)
def test_every_swap_of_two_signs_is_found(body: str, one: int, other: int):
    code = coded(body)
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    swapped = "".join(signs)
    assert codes.normalise(swapped) == (code if swapped == code else None)


def test_signs_that_look_alike_are_taken_as_meant():
    code = coded("10A0B1")
    assert codes.normalise("IOAoBl" + code[-1]) == code


def test_what_cannot_be_a_code_is_none():
    assert codes.normalise("5KX8") is None
    assert codes.normalise("5KX8-7U!") is None
