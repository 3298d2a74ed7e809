"""Giving points by the published rules: once for each occasion, up to the caps, to those who take
part; and looking at those that were drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import mac
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.points import book, locking, pairs, permissions, rules, selectors
from lingka.points.actions.transferring import earn, reverse
from lingka.points.events import AwardReviewed
from lingka.points.models import Award, Owner, Transfer
from lingka.points.permissions import must
from lingka.points.rules import Earned, Rule


@dataclass(frozen=True)
class Occasion:
    """What happened once, wherever it is told of: no rule gives for it twice."""

    source: str  # "volunteering.ServiceConfirmed:…", "hand:…"
    day: date
    area: int | None = None
    unit: int | None = None  # the member's workplace
    by: int | None = None  # the user who confirmed it, who is not asked whether it took place
    about: UUID | None = None  # the service or topic, where an event tells of it


def award_event(
    type_: str, data: Mapping[str, Any], occasion: Occasion, *, member: UUID, actor: Actor = SYSTEM
) -> list[UUID]:
    """What an event earns its member, by every rule that hears of it; returns the awards. Nothing
    for whoever takes no part."""
    made = [
        _both(one, occasion, member, actor)
        for one in rules.earned(rules.BOOK.now(), type_, data, occasion.day)
    ]
    return [one for one in made if one]


def award_by_hand(rule: str, occasion: Occasion, *, member: UUID, actor: Actor) -> UUID:
    """A desk enters what no event tells of. Problem where the rule is none for desks, the member
    takes no part, or has had all that the rule gives."""
    known = rules.BOOK.now().rules.get(rule)
    if known is None or known.source != rules.HAND or not known.stands(occasion.day):
        raise Problem("rule", _("Choose a rule that desks enter."), field="rule", status=422)
    if occasion.day > areas.day_of(None):
        raise Problem("day", _("This day has not come yet."), field="day", status=422)
    path = areas.area(occasion.area).path if occasion.area else ""
    must(permissions.may_enter(actor, path))
    if selectors.account_of("points", member=member) is None:
        raise Problem("no_account", _("They do not collect points."), field="code", status=409)
    made = _both(Earned(known, rules.points_of(known, {})), occasion, member, actor)
    if made is None:
        said = _("They have had all that this rule gives on a day or in a year.")
        raise Problem("cap", said, field="rule", status=409)
    return made


def _both(earned: Earned, occasion: Occasion, member: UUID, actor: Actor) -> UUID | None:
    """The member's award; their workplace has the same where the rule says so and it takes part."""
    rule, unit = earned.rule, occasion.unit if earned.rule.unit else None
    account = selectors.account_of("points", member=member)
    if account is None:
        return None
    theirs = selectors.account_of("points", unit=unit)
    with locking.patience():
        _alone(rule, occasion.day)
        locking.accounts(one for one in (account, theirs) if one)
        source = mac("points-source", occasion.source)
        before = Award.objects.filter(rule=rule.key, source=source, account=account).first()
        if before is not None:
            return _before(before, rule)
        made = _award(earned, account, source, occasion, actor)
        if made and theirs:
            same = Earned(rule, Award.objects.get(uuid=made).points)
            _award(same, theirs, pairs.source_of(made), occasion, actor, beside=True)
    return made


def _before(award: Award, rule: Rule) -> UUID:
    """What is told of twice is one; who enters it twice is told that it was there."""
    if rule.source != rules.HAND:
        return award.uuid
    said = _("You entered this for them and this day before, and it counts once. If it took place"
             " once more, a colleague enters that.")  # fmt: skip
    raise Problem("entered", said, field="rule", status=409)


def _alone(rule: Rule, day: date) -> None:
    """What is capped for all together is given one at a time."""
    if "all_day" in rule.caps:
        locks.hold(uuid5(book.NAMESPACE, f"{rule.key}:{day}"))


def _award(
    earned: Earned, account: UUID, source: bytes, occasion: Occasion, actor: Actor, *,
    beside: bool = False,
) -> UUID | None:  # fmt: skip
    """Its account is locked. What stands beside another's follows that one: it has no caps of its
    own, and is looked at with it."""
    rule, given = earned.rule, earned.points
    if not beside:
        given = min(given, _left(rule, account, occasion.day))
    if given == 0:
        return None
    current, uuid = rules.BOOK.now(), uuid7()
    transfer = earn(
        account, given, rule.ground, actor=actor, key=uuid4(),
        expires_on=current.expires_on(occasion.day),
    )  # fmt: skip
    drawn = not beside and rules.drawn(uuid, current.percent)
    Award.objects.create(
        uuid=uuid, account_id=account, transfer=Transfer.objects.get(uuid=transfer),
        rule=rule.key, number=rules.BOOK.number, source=source, day=occasion.day,
        points=given, area_id=occasion.area,
        given_by=actor.id if actor.kind == "user" else occasion.by,
        review="open" if drawn else "", about=occasion.about if drawn else None,
    )  # fmt: skip
    return uuid


def _left(rule: Rule, account: UUID, day: date) -> int:
    """How much the rule still gives. What was found wrong or taken back counts as never given."""
    rows = Award.objects.filter(rule=rule.key, transfer__reversal=None).exclude(review="wrong")
    own = rows.filter(account=account).aggregate(
        of_day=Sum("points", filter=Q(day=day)), of_year=Sum("points", filter=Q(day__year=day.year))
    )  # fmt: skip
    everybody = 0
    if "all_day" in rule.caps:
        everybody = rows.filter(day=day).aggregate(all=Sum("points"))["all"] or 0
    return rules.left(rule, own["of_day"] or 0, own["of_year"] or 0, everybody)


def review(award: UUID, *, right: bool, actor: Actor, own: UUID | None = None) -> bool:
    """Say whether what was drawn is right; what is wrong is taken back, as far as it is not spent.
    Returns whether it was. `own` is the reviewer's own membership, where they have one: nobody
    reviews what they entered or earned."""
    with locking.patience():
        found = Award.objects.filter(uuid=award).first()
        if found is None:
            raise Problem("no_award", _("There is no such entry."), status=404)
        theirs = pairs.beside(found)
        locking.accounts(one.account_id for one in (found, theirs) if one)
        found = (
            Award.objects.select_for_update(of=("self",))
            .select_related("transfer", "area")
            .get(pk=found.pk)
        )
        must(permissions.may_review(actor, found.area.path if found.area else "", found.given_by))
        if own and Owner.objects.filter(account=found.account_id, member=own).exists():
            must(permissions.OWN_POINTS)
        if found.review != "open":
            raise Problem("reviewed", _("This was looked at before."), status=409)
        found.review, found.reviewed_by = "right" if right else "wrong", actor.id or 0
        found.about = None
        found.save(update_fields=["review", "reviewed_by", "about"])
        taken = not right and _taken_back(found.transfer.uuid)
        said = AwardReviewed(str(found.uuid), found.review, taken)
        record(said, stream_id=found.transfer.uuid, actor=actor)
    return taken


def correct_award(award: UUID, reason: str, *, actor: Actor) -> UUID:
    """Take back what was entered wrongly, once, by its mirror, where it is not spent; with it what
    a workplace was given beside it."""
    if reason not in {"twice", "mistake", "not_held"}:
        raise Problem("reason", _("Please choose one of these."), field="reason", status=422)
    found = Award.objects.filter(uuid=award).select_related("transfer").first()
    if found is None:
        raise Problem("no_award", _("There is no such entry."), status=404)
    return reverse(found.transfer.uuid, reason, actor=actor, key=uuid4())


def _taken_back(transfer: UUID) -> bool:
    try:
        reverse(transfer, "not_held", actor=SYSTEM, key=uuid4())
    except Problem as problem:
        if problem.code not in {"spent", "left", "reversed"}:
            raise
        return False
    return True
