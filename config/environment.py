"""Reading the environment: every variable named once, with its meaning, checked at start."""

import base64
import ipaddress
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeVar

T = TypeVar("T")
LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Variable:
    """One variable as the operations guide lists it."""

    name: str
    default: str
    meaning: str


class Environment:
    """Collects faults instead of stopping at the first, so that one start shows them all."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.variables: list[Variable] = []
        self.faults: list[str] = []

    def read(
        self,
        name: str,
        default: str,
        meaning: str,
        parse: Callable[[str], T],
        *,
        secret: bool = False,
    ) -> T:
        """The variable's value through `parse`; an empty one counts as absent."""
        self.variables.append(Variable(name, default, meaning))
        given = self.values.get(name, "").strip() or default
        try:
            return parse(given)
        except ValueError as error:
            shown = "the value given" if secret else repr(given[:LONGEST_SHOWN])
            self.fault(f"{name}: {shown} is not usable: {error}.")
            return parse(default)

    def fault(self, text: str) -> None:
        self.faults.append(text)

    def finish(self) -> None:
        """Stop the process with every fault, one a line, when there is any."""
        if self.faults:
            refuse(self.faults)


def refuse(faults: list[str]) -> NoReturn:
    lines = "\n".join(f"  - {fault}" for fault in faults)
    sys.stderr.write(
        f"Lingka cannot start with these settings:\n{lines}\n"
        "docs/operations.md explains every variable.\n"
    )
    raise SystemExit(1)


def text(value: str) -> str:
    return value


def flag(value: str) -> bool:
    if value not in {"0", "1"}:
        raise ValueError("write 1 for yes or 0 for no")
    return value == "1"


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value) if value.isdecimal() else None
        if number is None or not low <= number <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return number

    return parse


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"choose one of {', '.join(allowed)}")
        return value

    return parse


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def networks(value: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(word) for word in words(value)]
    except ValueError:
        raise ValueError("write addresses or networks like 10.0.0.0/8, with commas") from None


def vapid_key(value: str) -> str:
    """32 bytes as base64url, or nothing."""
    try:
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        raw = b"?"
    if len(raw) not in {0, 32}:
        raise ValueError("`lingka vapid-keys` makes a good one")
    return value
