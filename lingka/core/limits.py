"""How often something may happen. Keys are kept as keyed hashes, never as addresses."""

from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from django.db import connection
from django.http import HttpRequest

from lingka.core import clock
from lingka.core.crypto import mac
from lingka.core.permissions import REFUSALS

_HIT = """
INSERT INTO core_limit (scope, key, window_ends, hits) VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, key) DO UPDATE SET
    hits = CASE WHEN core_limit.window_ends <= %s THEN 1 ELSE core_limit.hits + 1 END,
    window_ends = CASE WHEN core_limit.window_ends <= %s
        THEN excluded.window_ends ELSE core_limit.window_ends END
RETURNING hits
"""


def source_of(request: HttpRequest) -> str:
    """Where a request came from, as limits count it: an IPv6 household has a /64 of addresses."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:
        return given
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def hit(scope: str, key: str, limit: int, seconds: int) -> bool:
    """Count one more for this key; True while at most `limit` came in the running window."""
    within = count(scope, key, seconds) <= limit
    if not within:
        REFUSALS.labels(f"limit:{scope}").inc()
    return within


def count(scope: str, key: str, seconds: int) -> int:
    """Count one more and return how many came in the running window. One statement."""
    now = clock.now()
    ends = now + timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [scope, mac(f"limit:{scope}", key), ends, now, now])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
