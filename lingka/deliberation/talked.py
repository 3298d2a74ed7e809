"""What was written on a topic, for reading: without names; a rule where something is hidden."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from lingka.core import contents
from lingka.core.crypto import sha256
from lingka.deliberation import rules
from lingka.deliberation.models import Contribution

SHOWN = 300  # of one topic, the newest


@dataclass(frozen=True)
class Said:
    uuid: UUID
    topic: UUID
    text: str
    language: str
    at: datetime
    rule: rules.TalkRule | None  # it is hidden by this
    hidden_by: int | None
    objection: str
    objected: bool
    judged: bool
    answers: UUID | None = None  # it is a reply to this

    @property
    def can_object(self) -> bool:
        return self.rule is not None and not self.objected

    @property
    def waits(self) -> bool:
        """For the last word, by somebody else than hid it."""
        return self.rule is not None and self.objected and not self.judged


def on(topic: UUID) -> list[Said]:
    """In the order in which it was written, replies after what they answer."""
    rows = Contribution.objects.filter(topic__uuid=topic).order_by("-id")[:SHOWN]
    found = _said(list(rows)[::-1])
    shown, replies = {one.uuid for one in found}, defaultdict[UUID | None, list[Said]](list)
    for one in found:
        if one.answers in shown:
            replies[one.answers].append(one)
        else:
            replies[None].append(replace(one, answers=None))  # what it answered is gone
    return [said for one in replies[None] for said in (one, *replies[one.uuid])]


def standing(topic: UUID, uuid: UUID) -> Said | None:
    """What somebody would reply to, if it stands there and is no reply itself."""
    rows = Contribution.objects.filter(topic__uuid=topic, uuid=uuid, rule="", answers=None)
    return next(iter(_said(rows)), None)


def author(uuid: UUID) -> UUID | None:
    """Who wrote it, to tell them what becomes of it; None where nobody knows it any more."""
    return Contribution.objects.filter(uuid=uuid).values_list("member", flat=True).first()


def answered(uuid: UUID) -> UUID | None:
    """What this replies to, as long as it stands; not where somebody replies to themselves."""
    reply = Contribution.objects.filter(uuid=uuid, rule="").exclude(answers=None).first()
    if reply is None or reply.answers is None or author(reply.answers) == reply.member:
        return None
    return reply.answers


def blinded(uuid: UUID, position: int) -> int:
    """A negative number for an event about it, which nobody can reckon once it is gone: the key
    that it is mixed with is kept nowhere else."""
    key: UUID = Contribution.objects.values_list("idempotency_key", flat=True).get(uuid=uuid)
    return ~(int.from_bytes(sha256(key.bytes + position.to_bytes(8))[:8]) >> 1)


def by(member: UUID, topic: UUID | None = None) -> list[Said]:
    """A member's own, for their page."""
    rows = Contribution.objects.filter(member=member).order_by("-id")
    return _said(rows.filter(topic__uuid=topic) if topic else rows)


def _said(rows: Iterable[Contribution]) -> list[Said]:
    found = list(rows)
    topics = dict(
        Contribution.objects.filter(pk__in=[one.pk for one in found]).values_list(
            "pk", "topic__uuid"
        )
    )
    ids = [one for row in found for one in (row.words, row.objection) if one]
    words = contents.read(ids)
    return [
        Said(
            row.uuid, topics[row.pk], words.get(row.words, "—"), row.language, row.said_at,
            rules.talk().get(row.rule), row.hidden_by,
            words.get(row.objection, "") if row.objection else "", row.objection is not None,
            row.judged_at is not None, row.answers,
        ) for row in found
    ]  # fmt: skip
