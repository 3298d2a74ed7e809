"""A vote that is written down so far: what is asked, of whom, until when, by which rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, history, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.voting import locking, permissions, rules
from lingka.voting.events import VotePrepared
from lingka.voting.models import Vote
from lingka.voting.permissions import must

MOST_PAPERS, LARGEST = 5000, Decimal("99999.99")
LONGEST = timedelta(days=92)
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """A vote as somebody wants it put. Without options it is a proposal: in favour or against.

    In the roll are: all who take part in the area (`members`), these members (`invited`), so many
    voters on paper (`papers`), and, where the rule counts by area, a flat for each of `sizes`.
    """

    area: int
    question: Texts
    rule: str
    closes_at: datetime
    options: Sequence[Texts] = ()
    about: Texts = field(default_factory=dict)
    members: bool = False
    invited: Sequence[UUID] = ()
    papers: int = 0
    sizes: Sequence[Decimal] = ()


def prepare(
    draft: Draft, *, actor: Actor, uuid: UUID | None = None, idempotency_key: UUID | None = None
) -> UUID:
    """Write a vote down, or anew (`uuid`) while it is not open. With a key, which becomes its
    number, twice is once."""
    book = rules.BOOK.now()
    rule = book.rules.get(draft.rule)
    if rule is None:
        raise Problem("rule", _("Choose one of these rules."), field="rule", status=422)
    with transaction.atomic():
        row = locking.alone(uuid, "draft") if uuid else _new(idempotency_key)
        for one in {draft.area, row.area_id if uuid else draft.area}:
            must(permissions.may_keep(actor, areas.area(one).path))
        _sound(draft, rule)
        row.area_id, row.question, row.about = draft.area, dict(draft.question), dict(draft.about)
        row.proposal = not draft.options
        row.options = [dict(one) for one in draft.options or book.answers]
        row.rule_key, row.rule, row.secret = rule.key, dict(rule.body), rule.secret
        row.closes_at, row.invited = draft.closes_at, _invited(draft)
        whole = asked(row) | {"of": row.invited, "until": row.closes_at.isoformat()}
        told = VotePrepared(draft.area, rule.key, digest_of(whole))
        if not uuid and _made_before(row.uuid, told):
            return row.uuid
        row.save()
        record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    return row.uuid


def _new(key: UUID | None) -> Vote:
    """A draft that nobody else makes under this key meanwhile."""
    made = Vote(uuid=key or uuid7())
    locks.hold(made.uuid)
    return made


def _made_before(uuid: UUID, told: VotePrepared) -> bool:
    """Whether it was written down under this number; the same, or Problem "key_reused" (409)."""
    if not Vote.objects.filter(uuid=uuid).exists():
        return False
    if history(uuid)[0].data != told:
        said = _("This was sent before with other words. Open the page anew.")
        raise Problem("key_reused", said, status=409)
    return True


def asked(row: Vote) -> dict[str, Any]:
    """What is put to the roll, and by which rule."""
    return {
        "question": row.question, "about": row.about, "options": row.options,
        "proposal": row.proposal, "rule": row.rule,
    }  # fmt: skip


def _invited(draft: Draft) -> dict[str, Any]:
    return {
        "members": draft.members, "invited": sorted(str(one) for one in set(draft.invited)),
        "papers": draft.papers, "sizes": [str(one) for one in draft.sizes],
    }  # fmt: skip


def _sound(draft: Draft, rule: rules.Rule) -> None:
    spoken("question", draft.question)
    if any(text.strip() for text in draft.about.values()):
        spoken("about", draft.about)
    if draft.options and not rules.FEWEST <= len(draft.options) <= rules.MOST_OPTIONS:
        named = {"least": rules.FEWEST, "most": rules.MOST_OPTIONS}
        said = _("Offer %(least)s to %(most)s options.") % named
        raise Problem("options", said, field="options", status=422)
    for place, option in enumerate(draft.options):
        spoken(f"option{place}", option)
    if not clock.now() < draft.closes_at <= clock.now() + LONGEST:
        said = _("Choose an end within the next three months.")
        raise Problem("closes_at", said, field="closes_at", status=422)
    _roll_sound(draft, rule)


def _roll_sound(draft: Draft, rule: rules.Rule) -> None:
    many = draft.papers + len(draft.sizes)
    if draft.papers < 0 or many > MOST_PAPERS:
        said = _("At most %(most)s voters on paper.") % {"most": MOST_PAPERS}
        raise Problem("papers", said, field="papers", status=422)
    if not all(0 < one <= LARGEST for one in draft.sizes):
        said = _("Areas are numbers of square metres above zero.")
        raise Problem("sizes", said, field="sizes", status=422)
    if rule.by_size and (not draft.sizes or draft.members or draft.invited or draft.papers):
        said = _("This rule counts by area: the roll is the list of flats with their areas.")
        raise Problem("sizes", said, field="sizes", status=422)
    if not rule.by_size and draft.sizes:
        said = _("Only the rules for owners count by area.")
        raise Problem("sizes", said, field="sizes", status=422)


def spoken(name: str, texts: Texts) -> None:
    for code, _name in settings.LANGUAGES:
        if not texts.get(code, "").strip():
            said = _("Write this in all three languages.")
            raise Problem("words", said, field=f"{name}_{code}", status=422)
