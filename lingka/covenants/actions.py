"""Adopting a covenant or its next version, and ending it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.covenants import permissions
from lingka.covenants.events import CovenantAdopted, CovenantEnded
from lingka.covenants.models import Covenant, Version
from lingka.covenants.permissions import must
from lingka.voting import selectors as votes

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Adopted:
    """What was adopted: by a vote that carried it, or by a meeting, said in words with its day."""

    text: Texts
    since: date
    vote: UUID | None = None
    meeting: Texts = field(default_factory=dict)
    on: date | None = None


def begin(
    area: int, name: Texts, adopted: Adopted, *, actor: Actor, idempotency_key: UUID | None = None
) -> UUID:
    """A new covenant, with its first version. Sent again with the same key, it is the one begun."""
    with transaction.atomic():
        must(permissions.may_keep(actor, areas.area(area).path))
        _spoken("name", name)
        row, new = Covenant.objects.get_or_create(
            key=idempotency_key or uuid7(),
            defaults={"uuid": uuid7(), "area_id": area, "name": dict(name)},
        )
        if new:
            _add(row, adopted, actor)
        elif (row.area_id, row.name, row.versions.get(number=1).text) != (
            area, dict(name), dict(adopted.text),
        ):  # fmt: skip
            said = _("This was sent before with other words. Open the page anew.")
            raise Problem("key", said, status=409)
    return row.uuid


def adopt(uuid: UUID, adopted: Adopted, *, actor: Actor) -> int:
    """The next version of a covenant; returns its number. What held before can still be read."""
    with transaction.atomic():
        return _add(_held(uuid, actor), adopted, actor)


def end(uuid: UUID, on: date, *, actor: Actor) -> None:
    """It holds no longer."""
    with transaction.atomic():
        row = _held(uuid, actor)
        newest = row.versions.order_by("-number")[0]
        if not newest.since <= on <= areas.day_of(None):
            said = _("Choose a day on which its newest version held, today at the latest.")
            raise Problem("on", said, field="on", status=422)
        row.ended_on = on
        row.save(update_fields=["ended_on"])
        record(CovenantEnded(on.isoformat()), stream_id=row.uuid, actor=actor)


def _held(uuid: UUID, actor: Actor) -> Covenant:
    row = Covenant.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise Problem("no_covenant", _("There is no such covenant."), status=404)
    must(permissions.may_keep(actor, areas.area(row.area_id).path))
    if row.ended_on:
        raise Problem("ended", _("This covenant has ended."), status=409)
    return row


def _add(row: Covenant, adopted: Adopted, actor: Actor) -> int:
    _spoken("text", adopted.text)
    on = _adopted_on(row, adopted)
    if adopted.since < on:
        said = _("It cannot be in force before it was adopted.")
        raise Problem("since", said, field="since", status=422)
    last = row.versions.order_by("-number").first()
    if last and adopted.since < last.since:
        said = _("The version before holds from a later day.")
        raise Problem("since", said, field="since", status=422)
    number = last.number + 1 if last else 1
    made = Version(
        covenant=row, number=number, text=dict(adopted.text), vote=adopted.vote,
        meeting={} if adopted.vote else dict(adopted.meeting), adopted_on=on, since=adopted.since,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # at the same moment the vote adopted another covenant's version
        raise _taken() from None
    told = CovenantAdopted(
        row.area_id, number, str(made.vote or ""), made.since.isoformat(),
        digest_of({"name": row.name, "text": made.text, "meeting": made.meeting}),
    )  # fmt: skip
    record(told, stream_id=row.uuid, actor=actor, after=None if last else NEW)
    return number


def _adopted_on(row: Covenant, adopted: Adopted) -> date:
    """The day of the vote that carried it, or of the meeting."""
    if adopted.vote is None:
        _spoken("meeting", adopted.meeting)
        if adopted.on is None or adopted.on > areas.day_of(None):
            said = _("Say on which day the meeting was.")
            raise Problem("on", said, field="on", status=422)
        return adopted.on
    vote = votes.vote(adopted.vote)
    path = areas.area(row.area_id).path
    if vote is None or not vote.carried or not vote.area_path.startswith(path):
        said = _("Choose a vote of this area that was carried.")
        raise Problem("vote", said, field="vote", status=422)
    if has_adopted(adopted.vote):
        raise _taken()
    assert vote.closed_at is not None  # it is counted
    return areas.day_of(vote.closed_at)


def has_adopted(vote: UUID) -> bool:
    return Version.objects.filter(vote=vote).exists()


def _taken() -> Problem:
    said = _("This vote has adopted another version already.")
    return Problem("vote", said, field="vote", status=409)


def _spoken(name: str, texts: Texts) -> None:
    for code, _name in settings.LANGUAGES:
        if not texts.get(code, "").strip():
            said = _("Write this in all three languages.")
            raise Problem("words", said, field=f"{name}_{code}", status=422)
