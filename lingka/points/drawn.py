"""Reads on what was given: what was drawn and for what, and what can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.deliberation import selectors as deliberation
from lingka.points import rules
from lingka.points.models import Award
from lingka.volunteering import selectors as volunteering

LATELY = 30  # of one holder's entries
AT_ONCE = 50  # of those to look at


@dataclass(frozen=True)
class About:
    """What something was given for; of those who were there, nobody."""

    title: str
    where: str
    at: datetime | None
    page: str


@dataclass(frozen=True)
class Drawn:
    """An entry. Of whom it is is not said: it is looked at, not they."""

    uuid: UUID
    rule: str
    day: date
    points: int
    area: str
    given_by: int | None
    entered_by: str  # "" where an event told of it
    entered_at: datetime
    about: About | None

    @property
    def name(self) -> str:
        known = rules.BOOK.now().rules.get(self.rule)
        return known.name if known else self.rule


def entered(account: UUID, paths: tuple[str, ...]) -> list[Drawn]:
    """What an account was given lately under these areas and has still, the newest first."""
    rows = Award.objects.filter(_under(paths), account=account, transfer__reversal=None)
    return _told(rows.order_by("-id")[:LATELY])


def to_review(paths: tuple[str, ...]) -> list[Drawn]:
    """What waits to be looked at under these areas, the oldest first."""
    rows = Award.objects.filter(_under(paths) | Q(area__isnull=True), review="open")
    return _told(rows.order_by("id")[:AT_ONCE])


def waiting(paths: tuple[str, ...]) -> int:
    """How many that are."""
    rows = Award.objects.filter(_under(paths) | Q(area__isnull=True), review="open")
    return rows[:AT_ONCE].count()


def _under(paths: Iterable[str]) -> Q:
    chosen = Q(pk__in=())
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    return chosen


def _told(rows: QuerySet[Award]) -> list[Drawn]:
    found = list(rows.select_related("transfer"))
    names = accounts.names(one.given_by for one in found if one.given_by)
    return [
        Drawn(
            one.uuid, one.rule, one.day, one.points,
            pick(areas.area(one.area_id).name) if one.area_id else "", one.given_by,
            names.get(one.given_by or 0, "") if _by_hand(one) else "", one.transfer.at,
            _about(one.about) if one.about else None,
        ) for one in found
    ]  # fmt: skip


def _by_hand(award: Award) -> bool:
    known = rules.BOOK.now().rules.get(award.rule)
    return award.about is None and (known is None or known.source == rules.HAND)


def _about(uuid: UUID) -> About | None:
    """A service or a topic, as everybody reads of it; None of what is there no more."""
    if place := volunteering.place_of(uuid):
        activity, shift = place
        page = reverse("volunteering:activity", args=[activity.code])
        return About(pick(activity.titles), activity.where, shift.starts_at, page)
    if topic := deliberation.topic(uuid):
        page = reverse("deliberation:topic", args=[uuid])
        return About(topic.title, topic.council.name, None, page)
    return None
