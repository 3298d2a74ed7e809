"""Checklists by key and version: few, and read by every phone, so each process keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db.models import Count, Max

from lingka.patrols.models import Checklist, ChecklistVersion

LOOK_EVERY = 2.0  # seconds until another process's publishing is seen here
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


class _Held:
    state: tuple[Any, ...] | None = None
    infos: Mapping[str, ChecklistInfo] = {}
    looked_at = 0.0


def forget(**_signal: Any) -> None:
    """Look at the database anew at the next read."""
    _Held.state, _Held.looked_at = None, 0.0


def _infos() -> Mapping[str, ChecklistInfo]:
    if _Held.state is not None and monotonic() - _Held.looked_at < LOOK_EVERY:
        return _Held.infos
    found = Checklist.objects.aggregate(at=Max("versions__id"), gone=Count("retired_at"))
    state = (found["at"], found["gone"])
    if state != _Held.state:
        rows = ChecklistVersion.objects.filter(checklist__retired_at=None).order_by("id")
        newest = {row.checklist.key: row for row in rows.select_related("checklist")}
        _Held.infos = {
            key: ChecklistInfo(key, row.number, row.body) for key, row in sorted(newest.items())
        }
        _Held.state = state
    _Held.looked_at = monotonic()
    return _Held.infos


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
