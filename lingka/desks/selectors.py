"""Reads of what people keep at their desk: each of them their own alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Value

from lingka.accounts import selectors as accounts
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.histories import Version
from lingka.core.listings import listing
from lingka.desks import files, permissions
from lingka.desks.actions.lists import folder
from lingka.desks.models import Draft, ListFile, Mention, ReplyVersion

SHOWN = 20
LOST = timedelta(seconds=30)


@dataclass(frozen=True)
class DraftInfo:
    case_uuid: UUID
    kind: str
    words: str
    changed_at: datetime


@dataclass(frozen=True)
class MentionInfo:
    case_uuid: UUID
    by_id: int
    at: datetime


@dataclass(frozen=True)
class ListInfo:
    """A list on its way, or there. `done` of `rows`."""

    uuid: UUID
    name: str
    state: str
    rows: int
    done: int
    asked_at: datetime
    expires_at: datetime

    @property
    def running(self) -> bool:
        return self.state in {ListFile.State.WAITING, ListFile.State.MAKING}


@dataclass(frozen=True)
class ReplyInfo:
    """The newest version of a town's reply; without a body it is not offered."""

    key: str
    number: int
    body: Mapping[str, Any]
    published_at: datetime
    published_by: int


def may_publish(actor: Actor) -> bool:
    """May this colleague change standard replies?"""
    return bool(permissions.may_publish(actor))


def drafts_of(case: UUID, actor: Actor) -> dict[str, DraftInfo]:
    """What this colleague has begun to write to a case, by kind."""
    rows = Draft.objects.filter(user_id=actor.id or 0, case_uuid=case)
    return {row.kind: _draft(row) for row in rows}


def _draft(row: Draft) -> DraftInfo:
    return DraftInfo(row.case_uuid, row.kind, row.words, row.changed_at)


def hanging(actor: Actor) -> tuple[list[MentionInfo], list[DraftInfo]]:
    """Unseen mentions and begun words of a colleague, the newest first. One statement."""
    nobody, nothing = Value(0, BigIntegerField()), Value("")
    mentions = (
        Mention.objects.filter(user_id=actor.id or 0, seen_at=None)
        .order_by("-id")[:SHOWN]
        .values_list("case_uuid", "at", "by_id", nothing, nothing)
    )
    drafts = (
        Draft.objects.filter(user_id=actor.id or 0)
        .order_by("-changed_at")[:SHOWN]
        .values_list("case_uuid", "changed_at", nobody, "kind", "words")
    )
    rows = sorted(mentions.union(drafts, all=True), key=lambda row: row[1], reverse=True)
    return (
        [MentionInfo(case, by, at) for case, at, by, kind, _words in rows if not kind],
        [DraftInfo(case, kind, words, at) for case, at, _by, kind, words in rows if kind],
    )


def replies() -> dict[str, ReplyInfo]:
    """The newest version of every reply that the town has written, by key."""
    rows = ReplyVersion.objects.order_by("key", "-number").distinct("key")
    return {
        row.key: ReplyInfo(row.key, row.number, row.body, row.published_at, row.published_by)
        for row in rows
    }


def reply_history() -> dict[str, list[Version]]:
    """Every version of the town's own replies, by key, the oldest first."""
    found: dict[str, list[Version]] = {}
    for row in ReplyVersion.objects.order_by("key", "number"):
        made = Version(row.number, row.published_at, row.published_by, row.body)
        found.setdefault(row.key, []).append(made)
    return found


_LISTS = """
SELECT uuid, listing, language, state, asked_at, expires_at, done,
       CASE WHEN state IN ('waiting', 'making') THEN jsonb_array_length(keys) ELSE done END
FROM desks_listfile WHERE user_id = %s AND expires_at > %s ORDER BY id DESC LIMIT %s
"""


def lists(actor: Actor) -> list[ListInfo]:
    """One's own lists, the newest first. One statement; the rows' ids stay in the database."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTS, [actor.id or 0, clock.now(), SHOWN])
        return [_list(*row) for row in cursor.fetchall()]


def _list(  # noqa: PLR0917
    uuid: UUID, key: str, _language: str, state: str, asked_at: datetime, expires_at: datetime,
    done: int, rows: int,
) -> ListInfo:  # fmt: skip
    known = listing(key)
    return ListInfo(uuid, str(known.name) if known else key, state, rows, done, asked_at,
                    expires_at)  # fmt: skip


def list_file(uuid: UUID, actor: Actor) -> tuple[str, bytes] | None:
    """Name and bytes of a finished list, for whoever asked for it while the posts still hold."""
    one = ListFile.objects.filter(
        uuid=uuid, user_id=actor.id or 0, state=ListFile.State.DONE, expires_at__gt=clock.now()
    ).first()
    held = {post.id for post in accounts.posts_of(actor.id)} if one and actor.id else set()
    file = files.path_of(folder(), uuid)
    if one is None or not held.issuperset(one.posts) or not file.is_file():
        return None
    return f"{one.listing}-{one.asked_at:%Y%m%d-%H%M}.xlsx", file.read_bytes()


def unmade() -> list[UUID]:
    """Lists that were asked for a while ago and are not there."""
    rows = ListFile.objects.filter(
        state__in=[ListFile.State.WAITING, ListFile.State.MAKING],
        asked_at__lt=clock.now() - LOST,
    )
    return list(rows.values_list("uuid", flat=True))
