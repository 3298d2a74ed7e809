"""Answers to "may I?": a refusal carries its reason, so that a page can say why."""

from dataclasses import dataclass
from typing import Any, Literal

from prometheus_client import Counter


@dataclass(frozen=True)
class Allowed:
    message = ""  # nothing to explain

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Denied:
    """`code` for programs, `message` (translated when shown) for people."""

    code: str
    message: Any

    def __bool__(self) -> Literal[False]:
        return False


# The one trace that a refusal leaves: codes are few and ours, nothing says who or what.
REFUSALS = Counter("lingka_refusals_total", "What was refused.", ["code"])


class PermissionRefused(Exception):  # noqa: N818  # a refusal is an answer, not a fault
    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.code)
        self.denied = denied
        REFUSALS.labels(denied.code).inc()

    def __str__(self) -> str:
        return str(self.denied.message)
