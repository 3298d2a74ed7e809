"""Drafts: one for each colleague and case. No event tells of them: nothing has been said yet."""

from datetime import timedelta
from uuid import UUID

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.desks.models import Draft, Mention

LONGEST = 2000
KEPT = timedelta(days=14)  # a draft, and a mention that nobody looked at


def keep_draft(case: UUID, kind: str, *, actor: Actor, words: str) -> None:
    """Keep what was written so far; nothing written keeps nothing. The caller lets in only those
    who may see the case."""
    said = words.replace("\x00", "")[:LONGEST]
    if not said.strip():
        drop_draft(case, kind, actor=actor)
        return
    Draft.objects.update_or_create(
        user_id=actor.id or 0,
        case_uuid=case,
        kind=kind,
        defaults={"words": said, "changed_at": clock.now()},
    )


def drop_draft(case: UUID, kind: str, *, actor: Actor) -> None:
    Draft.objects.filter(user_id=actor.id or 0, case_uuid=case, kind=kind).delete()


def forget_old() -> int:
    """Erase what was left lying; returns how many rows went."""
    before = clock.now() - KEPT
    drafts, _rows = Draft.objects.filter(changed_at__lt=before).delete()
    mentions, _rows = Mention.objects.filter(at__lt=before).delete()
    return drafts + mentions
