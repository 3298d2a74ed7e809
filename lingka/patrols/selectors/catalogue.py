"""Checklists by key and version: few, and read by every phone, so each process keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lingka.core.keeping import Kept
from lingka.core.versions import Published
from lingka.patrols import schema
from lingka.patrols.models import Checklist, ChecklistVersion

LOOK_EVERY = 2.0  # seconds until another process's publishing is seen here
CHECKLISTS = Published(Checklist, ChecklistVersion, schema.check)
Body = Mapping[str, Any]


@dataclass(frozen=True)
class ChecklistInfo:
    """A checklist in force."""

    key: str
    number: int
    body: Body

    def as_json(self) -> dict[str, Any]:
        """What the phone evaluates: the body with its key and version."""
        return {"key": self.key, "version": self.number, **self.body}


@dataclass(frozen=True)
class VersionInfo:
    """One version of a checklist; `by` is None for what came with the package."""

    number: int
    body: Body
    reason: str
    at: datetime
    by: int | None


def _read() -> Mapping[str, ChecklistInfo]:
    found = sorted(CHECKLISTS.in_force().items())
    return {key: ChecklistInfo(key, row.number, row.body) for key, row in found}


_ALL = Kept(_read, every=LOOK_EVERY, sign=CHECKLISTS.sign)
forget, _infos = _ALL.forget, _ALL.now


def infos() -> list[ChecklistInfo]:
    """All that are in force, by key."""
    return list(_infos().values())


def info(key: str, version: int | None = None) -> ChecklistInfo | None:
    """One that is in force; or any version there ever was."""
    current = _infos().get(key)
    if version is None or (current and current.number == version):
        return current
    row = ChecklistVersion.objects.filter(checklist__key=key, number=version).first()
    return ChecklistInfo(key, row.number, row.body) if row else None


def checklists() -> list[dict[str, Any]]:
    """Those in force, as the JSON that the app evaluates."""
    return [one.as_json() for one in infos()]


def checklist(key: str, version: int | None = None) -> dict[str, Any] | None:
    """One of them, or an earlier version of it, as the JSON that the app evaluates."""
    found = info(key, version)
    return found.as_json() if found else None


def versions(key: str) -> list[VersionInfo]:
    """All versions of a checklist, the newest first; also of one out of use."""
    rows = ChecklistVersion.objects.filter(checklist__key=key).order_by("-number")
    return [
        VersionInfo(row.number, row.body, row.reason, row.published_at, row.published_by)
        for row in rows
    ]
