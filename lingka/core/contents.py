"""Erasable content: words, exact locations, names. Events carry its id and salted hash only."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lingka.core import canonical, clock
from lingka.core.crypto import sha256
from lingka.core.ids import uuid7, uuid7_of
from lingka.core.models import Content
from lingka.core.writing import insert


@dataclass(frozen=True)
class Kept:
    """What an event may say of a content row."""

    id: UUID
    hash: str

    def as_json(self) -> dict[str, str]:
        return {"content": str(self.id), "hash": self.hash}


def salted_hash(salt: bytes, value: Any) -> str:
    """SHA-256 over the salt and the value's canonical JSON, in hex."""
    return sha256(salt + canonical.dumps(value)).hex()


def keep(kind: str, value: Any, language: str = "", *, day: date | None = None) -> Kept:
    """With `day`, the row says no more of when than that."""
    return keep_all([(kind, value, language)], day=day)[0]


def keep_all(items: Sequence[tuple[str, Any, str]], *, day: date | None = None) -> list[Kept]:
    """Keep several (kind, value, language) in one statement."""
    at = datetime.combine(day, time(), UTC) if day else clock.now()
    rows = [
        Content(
            id=uuid7_of(day) if day else uuid7(),
            kind=kind,
            value=value,
            language=language,
            salt=secrets.token_bytes(32),
            created_at=at,
        )
        for kind, value, language in items
    ]
    insert(*rows)
    return [Kept(row.id, salted_hash(bytes(row.salt or b""), row.value)) for row in rows]


def read(ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Values by id; erased ones are missing."""
    rows = Content.objects.filter(id__in=list(ids), erased_at__isnull=True)
    return dict(rows.values_list("id", "value"))


def left() -> QuerySet[Content, UUID]:
    """The ids of all that is not erased, for a condition of another query."""
    return Content.objects.filter(erased_at__isnull=True).values_list("id", flat=True)


def erase(ids: Iterable[UUID]) -> int:
    """Erase values and salts; returns how many went. The hashes in events then mean nothing."""
    return Content.objects.filter(id__in=list(ids), erased_at__isnull=True).update(
        value=None, salt=None, erased_at=clock.now()
    )
