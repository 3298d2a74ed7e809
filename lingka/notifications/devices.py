"""Browsers that take messages: their keys, ours, and whom we hand messages to."""

import base64
from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.problems import Problem

LONGEST = 600  # characters of an address
SECRET = 16  # bytes that browser and sender share
CURVE = ec.SECP256R1()


def public_key() -> str:
    """The installation's key for browsers, "" where Web Push is not set up."""
    if not settings.VAPID_KEY:
        return ""
    from py_vapid import Vapid02

    return _text(_point(Vapid02.from_string(settings.VAPID_KEY).public_key))


def new_pair() -> tuple[str, str]:
    """A fresh private key for the settings, and the public key that belongs to it."""
    key = ec.generate_private_key(CURVE)
    private = key.private_numbers().private_value.to_bytes(32)
    return _text(private), _text(_point(key.public_key()))


def checked(given: Any) -> dict[str, Any]:
    """A browser's subscription with what is needed of it and nothing else, or a Problem.

    Anybody may send one, and the server will write to its address: so only to known services.
    """
    try:
        endpoint, keys = str(given["endpoint"]), given["keys"]
        kept = {"p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}
        sound = _is_address(endpoint) and _are_keys(kept)
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise Problem("invalid", _("This browser's answer is not understood."))
    if not settings.VAPID_KEY:
        raise Problem("no_push", _("Messages on devices are not set up here."), status=409)
    return {"endpoint": endpoint, "keys": kept}


def _is_address(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    plain = parts.scheme == "https" and parts.netloc == host  # no port, no user
    known = any(fnmatch(host, pattern) for pattern in settings.PUSH_SERVICES)
    written = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    return plain and known and written and len(endpoint) <= LONGEST


def _are_keys(keys: Mapping[str, str]) -> bool:
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _bytes(keys["p256dh"]))
    return len(_bytes(keys["auth"])) == SECRET


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
