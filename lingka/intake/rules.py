"""When anonymous reports are let in, made to work a little, or looked at first. Pure decisions.

Nobody is ever turned away for good: the worst that happens to a report is that a person reads it
before it becomes a case. There are no puzzle pictures; a phone works out a sum by itself.
"""

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from django.core import signing

NEAR_ADDRESS = (6, 600)  # reports from one address in ten minutes before a sum is asked for
NEAR_PLACE = (15, 600)
FULL_ADDRESS = (30, 3600)  # and in an hour before a person looks first, sum or not
FULL_PLACE = (60, 3600)
CODE_LOOKUPS = (20, 600)  # short codes tried from one address
PROOF_CHECKS = (30, 600)  # proofs checked from one address
RECEIPT_ADDRESS = re.compile(r"^(?:https?://[^/\s]+)?/r/([A-Za-z0-9_-]{16,64})(?:/\S*)?$")
UPLOADS = (300, 3600)  # files from one address: a whole street may share one

LIVE = "leader"  # the channel of calls that a leader takes in person
LONGEST_DAY = dt.timedelta(hours=14)  # of such calls

DIFFICULTY = 14  # leading zero bits: about a second on an old phone
LONGEST_ANSWER = 12  # digits
CHALLENGE_LIVES = dt.timedelta(minutes=30)
_SALT = "intake.challenge"


class Ruling(StrEnum):
    OPEN = "open"
    CHALLENGE = "challenge"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Load:
    """Which limits this report is beyond."""

    near: bool = False
    full: bool = False


def rule(load: Load, *, solved: bool, can_compute: bool) -> Ruling:
    """Decide on one report. A browser without scripts cannot compute: a person looks instead."""
    if load.full:
        return Ruling.QUARANTINE
    if not load.near or solved:
        return Ruling.OPEN
    return Ruling.CHALLENGE if can_compute else Ruling.QUARANTINE


def challenge() -> str:
    """Return a fresh sum to be worked out, valid for half an hour, signed so none is made up."""
    return signing.TimestampSigner(salt=_SALT).sign(f"{secrets.token_hex(12)}-{DIFFICULTY}")


def is_solved(text: str, answer: str) -> bool:
    """Whether SHA-256 of "challenge:answer" begins with as many zero bits as asked for."""
    try:
        issued = signing.TimestampSigner(salt=_SALT).unsign(text, max_age=CHALLENGE_LIVES)
    except signing.BadSignature:
        return False
    if not answer.isdecimal() or len(answer) > LONGEST_ANSWER:
        return False
    digest = hashlib.sha256(f"{text}:{answer}".encode()).digest()
    return leading_zero_bits(digest) >= int(issued.rpartition("-")[2])


def leading_zero_bits(digest: bytes) -> int:
    """Count the zero bits that a digest begins with."""
    return len(digest) * 8 - int.from_bytes(digest).bit_length()
