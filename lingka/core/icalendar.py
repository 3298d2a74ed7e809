"""Lines of iCalendar (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime

LINE = 75  # bytes of one line, by the standard


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Lines of 75 bytes at most, never cut inside a letter; the rest is indented."""
    kept = ""
    for letter in line:
        if len(f"{kept}{letter}".encode()) > LINE:
            yield kept
            kept = " "
        kept += letter
    yield kept
