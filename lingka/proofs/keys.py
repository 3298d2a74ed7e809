"""The keys that sign heads: Ed25519, one from each of LINGKA_HEAD_KEYS. Pure but for settings."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def pair(secret: str) -> tuple[Ed25519PrivateKey, str]:
    """The private key that follows from a secret, and its public half as text."""
    seed = hashlib.sha256(b"lingka:head:" + secret.encode()).digest()
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return private, encoded(private.public_key().public_bytes_raw())


def sign(text: str, secrets: list[str]) -> list[dict[str, str]]:
    """Sign with every key, so that who knows an older one can follow to the newer."""
    signed = []
    for private, public in map(pair, secrets):
        signed.append({"key": public, "signature": encoded(private.sign(text.encode()))})
    return signed


def is_signed(text: str, key: str, signature: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(decoded(key))
        public.verify(decoded(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def decoded(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
