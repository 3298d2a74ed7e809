"""Answers to "may I?": a refusal carries its reason, so that a page can say why."""

from dataclasses import dataclass
from typing import Any, Literal


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


class PermissionRefused(Exception):  # noqa: N818  # a refusal is an answer, not a fault
    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.code)
        self.denied = denied

    def __str__(self) -> str:
        return str(self.denied.message)
