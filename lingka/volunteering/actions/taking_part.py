"""Signing up, off, and moving up from the waiting list: the shift's row is held meanwhile."""

from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo
from lingka.volunteering import selectors
from lingka.volunteering.events import PlaceGivenBack, PlaceMovedUp, PlaceNear, PlaceTaken
from lingka.volunteering.models import Certificate, Service, Shift, Team
from lingka.volunteering.selectors import TAKES_A_PLACE

State = Service.State


@transaction.atomic
def sign_up(shift: UUID, *, actor: Actor) -> str:
    """Take a place, or wait for one; returns the state. Asked twice, it stays as it is. Nobody
    takes two places at one time: Problem "elsewhere" (409)."""
    me = acting(actor)
    held = locked(shift)
    if not held.is_open:
        raise Problem("not_open", _("Nobody can sign up for this any more."), status=409)
    if held.ends_at <= clock.now():
        raise Problem("over", _("This is over."), status=409)
    locks.hold(me.uuid)
    if _left(held) > 0 and _is_elsewhere(held, me.uuid):
        said = _("You already have a place at this time. Sign off from that one first.")
        raise Problem("elsewhere", said, status=409)
    return placed(held, me, actor).state


def placed(shift: Shift, me: MemberInfo, actor: Actor, team: Team | None = None) -> Service:
    """The member's row in a locked shift, with a place where one is left; it remembers through
    which team it was made, and that alone is the captain's to see."""
    mine = Service.objects.filter(shift=shift, member=me.uuid).first()
    if mine is not None and mine.state != State.CANCELLED:
        return mine
    state = State.GOING if _left(shift) > 0 else State.WAITING
    if mine is None:
        mine = Service(shift=shift, member=me.uuid)
    mine.state, mine.asked_at, mine.team = state, clock.now(), team
    mine.save()
    told = PlaceTaken(*_ids(shift), str(me.uuid), waits=state == State.WAITING)
    record(told, stream_id=mine.uuid, actor=actor)
    return mine


def _is_elsewhere(shift: Shift, member: UUID | None) -> bool:
    """Whether they have a place, or are, at another activity at the same time."""
    return Service.objects.filter(
        member=member, state__in=[State.GOING, State.HERE],
        shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at,
    ).exclude(shift=shift).exists()  # fmt: skip


def _left(shift: Shift) -> int:
    taken = Service.objects.filter(shift=shift, state__in=TAKES_A_PLACE).count()
    return shift.places - taken


@transaction.atomic
def give_back(shift: UUID, *, actor: Actor) -> None:
    """Sign off; who waited longest moves up. Possible until one is there."""
    me = acting(actor)
    held = locked(shift)
    mine = Service.objects.filter(shift=held, member=me.uuid).first()
    if mine is None or mine.state not in {State.GOING, State.WAITING}:
        raise Problem("not_signed_up", _("There is nothing to sign off from."), status=409)
    _give_back(held, mine, actor)


def _give_back(shift: Shift, mine: Service, actor: Actor) -> None:
    member, had_place = str(mine.member), mine.state == State.GOING
    mine.state = State.CANCELLED
    mine.save(update_fields=["state"])
    record(PlaceGivenBack(*_ids(shift), member), stream_id=mine.uuid, actor=actor)
    if had_place:
        _move_up(shift)


def _move_up(shift: Shift) -> None:
    """Who waited longest goes; whoever has a place elsewhere by then goes on waiting."""
    waiting = Service.objects.filter(shift=shift, state=State.WAITING).order_by("asked_at", "id")
    free = (one for one in waiting if not _is_elsewhere(shift, one.member))
    for one in islice(free, max(_left(shift), 0)):
        one.state = State.GOING
        one.save(update_fields=["state"])
        told = PlaceMovedUp(*_ids(shift), str(one.member))
        record(told, stream_id=one.uuid, actor=SYSTEM)


def remind_due() -> int:
    """Tell once who has a place within a day; returns how many that were."""
    due = selectors.due_reminders(clock.now())
    for uuid in due:
        with transaction.atomic():
            rows = Service.objects.select_for_update(of=("self",)).select_related("shift__activity")
            one = rows.filter(uuid=uuid, state=State.GOING, reminded=False).first()
            if one is not None and one.member is not None:
                one.reminded = True
                one.save(update_fields=["reminded"])
                told = PlaceNear(*_ids(one.shift), str(one.member))
                record(told, stream_id=one.uuid, actor=SYSTEM)
    return len(due)


@transaction.atomic
def let_go(member: UUID) -> None:
    """Whoever left: places to come are free, papers are void, past hours are nobody's."""
    coming = Service.objects.filter(member=member, state__in=[State.GOING, State.WAITING])
    for shift in Shift.objects.filter(services__in=coming).order_by("id"):
        held = locked(shift.uuid)
        for mine in Service.objects.filter(
            shift=held, member=member, state__in=[State.GOING, State.WAITING]
        ):
            _give_back(held, mine, SYSTEM)
    Certificate.objects.filter(member=member).delete()
    Service.objects.filter(member=member).update(member=None, team=None)


def locked(shift: UUID) -> Shift:
    """A shift that nobody else changes before this transaction ends."""
    rows = Shift.objects.select_for_update(of=("self",)).select_related("activity__area")
    found = rows.filter(uuid=shift).first()
    if found is None:
        raise Problem("no_shift", _("There is no such shift."), status=404)
    return found


def acting(actor: Actor) -> MemberInfo:
    me = members.of_actor(actor)
    if me is None:
        raise PermissionRefused(Denied("not_member", _("Only members sign up.")))
    return me


def _ids(shift: Shift) -> tuple[str, str]:
    return str(shift.activity.uuid), str(shift.uuid)
