"""When a report is let in, made to work a little, or looked at first."""

import hashlib
import itertools

import pytest

from lingka.core import clock
from lingka.intake import rules
from lingka.intake.rules import Load, Ruling


@pytest.mark.parametrize(
    ("load", "solved", "can_compute", "expected"),
    [
        (Load(), False, False, Ruling.OPEN),
        (Load(near=True), False, True, Ruling.CHALLENGE),
        (Load(near=True), True, True, Ruling.OPEN),
        (Load(near=True), False, False, Ruling.QUARANTINE),
        (Load(near=True, full=True), True, True, Ruling.QUARANTINE),
    ],
)
def test_nobody_is_turned_away_but_many_at_once_are_looked_at(load, solved, can_compute, expected):
    assert rules.rule(load, solved=solved, can_compute=can_compute) == expected


def _answer(challenge):
    bits = int(challenge.split(":")[0].rpartition("-")[2])
    for number in itertools.count():
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if rules.leading_zero_bits(digest) >= bits:
            return str(number)
    raise AssertionError


def test_a_sum_worked_out_is_taken(monkeypatch):
    monkeypatch.setattr(rules, "DIFFICULTY", 6)
    challenge = rules.challenge()
    assert rules.is_solved(challenge, _answer(challenge))


def test_a_wrong_answer_is_not_taken(monkeypatch):
    monkeypatch.setattr(rules, "DIFFICULTY", 250)
    challenge = rules.challenge()
    for answer in ("1", "", "x", "1" * 99):
        assert not rules.is_solved(challenge, answer)


def test_nobody_makes_up_an_easier_sum():
    easy = rules.challenge().replace(f"-{rules.DIFFICULTY}:", "-0:")
    assert not rules.is_solved(easy, "1")


def test_a_sum_is_good_for_half_an_hour(monkeypatch):
    monkeypatch.setattr(rules, "DIFFICULTY", 0)
    challenge = rules.challenge()
    assert rules.is_solved(challenge, "0")
    later = clock.now().timestamp() + rules.CHALLENGE_LIVES.total_seconds() + 5
    monkeypatch.setattr("time.time", lambda: later)
    assert not rules.is_solved(challenge, "0")


@pytest.mark.parametrize(("digest", "bits"), [(b"\x80", 0), (b"\x01", 7), (b"\x00\x10", 11)])
def test_zero_bits_are_counted_from_the_front(digest, bits):
    assert rules.leading_zero_bits(digest) == bits
