"""Sealing, keyed hashes and derived secrets. Keys come from settings, newest first."""

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(_expand(key.encode(), b"seal"))) for key in keys]
    )


def _expand(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"lingka:" + purpose, "sha256")


def seal(value: Any) -> bytes:
    """Encrypt a JSON value under the newest key."""
    return _ring(tuple(settings.LINGKA_KEYS)).encrypt(json.dumps(value).encode())


def unseal(sealed: bytes) -> Any:
    """Decrypt with whichever key sealed it; raises InvalidToken for foreign bytes."""
    return json.loads(_ring(tuple(settings.LINGKA_KEYS)).decrypt(bytes(sealed)))


def reseal(sealed: bytes) -> bytes:
    """The same value under the newest key."""
    return _ring(tuple(settings.LINGKA_KEYS)).rotate(bytes(sealed))


def mac(purpose: str, text: str) -> bytes:
    """32 bytes that match only equal texts of one purpose, under the oldest key (it must last)."""
    return derive(purpose, 1, text.encode())


def derive(purpose: str, key_number: int, data: bytes) -> bytes:
    """A secret of 32 bytes for `data`; key 1 is the oldest, `current_key_number()` the newest."""
    key = settings.LINGKA_KEYS[-key_number]
    return hmac.digest(_expand(key.encode(), purpose.encode()), data, "sha256")


def current_key_number() -> int:
    return len(settings.LINGKA_KEYS)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
