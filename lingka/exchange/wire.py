"""Asking and telling another platform over Open311. One place to be replaced in tests."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from lingka.core.problems import Problem

REFUSED, AWAY = "peer", "peer_away"  # it said no; nobody knows what it did
TIMEOUT = 20  # seconds of silence
LONGEST = 120  # seconds of one answer
BLOCK = 1 << 16
LARGEST = 32 * 1024 * 1024  # of an answer


def ask(address: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A list of requests; a Problem where it cannot be had."""
    url = f"{address.rstrip('/')}/requests.json?{urllib.parse.urlencode(query)}"
    return _rows(urllib.request.Request(url))  # noqa: S310 - http or https: the form sees to it


def tell(address: str, values: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Report one case; sent again under the same key it is the same one there."""
    data = urllib.parse.urlencode(values).encode()
    headers = {"Idempotency-Key": key}
    url = f"{address.rstrip('/')}/requests.json"
    return _rows(urllib.request.Request(url, data, headers))  # noqa: S310


def _rows(request: urllib.request.Request) -> list[dict[str, Any]]:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            found = json.loads(_read(answer))
    except urllib.error.HTTPError as error:
        said = _("The other platform refused: %(status)s.") % {"status": error.code}
        kind = REFUSED if error.code < HTTPStatus.INTERNAL_SERVER_ERROR else AWAY
        raise Problem(kind, said, status=502) from error
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
        said = _("The other platform does not answer, or says nothing that can be read.")
        raise Problem(AWAY, said, status=502) from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        said = _("The other platform does not answer, or says nothing that can be read.")
        raise Problem(AWAY, said, status=502)
    return found


def _read(answer: Any) -> bytes:
    """All of it; one that trickles for ever is broken off."""
    end, parts, size = time.monotonic() + LONGEST, [], 0
    while part := answer.read1(BLOCK):
        size += len(part)
        if size > LARGEST or time.monotonic() > end:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)
