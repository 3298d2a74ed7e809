"""Who put which definition into force, when, and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lingka.cases.models import Definition
from lingka.core.text import pick

PARTS = ("states", "actions", "types", "groups", "policies")
NAMED = 6  # changed entries shown by name


@dataclass(frozen=True)
class Version:
    kind: str
    name: str
    number: int
    at: datetime
    by: int | None
    changed: list[str]  # "+ extend", "− hold", "dispatch": added, taken out, changed


def versions() -> list[Version]:
    """Every version of every workflow, catalogue and deadline policy, the newest first."""
    before: dict[tuple[str, str], Mapping[str, Any]] = {}
    found = []
    for row in Definition.objects.order_by("id"):
        last = before.get((row.kind, row.key))
        changed = differences(last, row.body) if last is not None else []
        name = pick(row.body.get("name") or {}) or row.key
        found.append(
            Version(row.kind, name, row.number, row.activated_at, row.activated_by, changed)
        )
        before[row.kind, row.key] = row.body
    return found[::-1]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The entries of each part that are new, gone or different, by their keys."""
    found = []
    for part in PARTS:
        old, new = _keyed(before.get(part)), _keyed(after.get(part))
        found += [f"+ {key}" for key in new if key not in old]
        found += [f"− {key}" for key in old if key not in new]
        found += [key for key in new if key in old and new[key] != old[key]]
    return found


def _keyed(part: Any) -> dict[str, Any]:
    if isinstance(part, Mapping):
        return dict(part)
    return {str(one.get("key", at)): one for at, one in enumerate(part or ())}
