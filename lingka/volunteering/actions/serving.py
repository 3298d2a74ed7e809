"""Being there: in and out by the code on the spot or by the list, minutes, and what they are worth
on paper."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.core import clock, codes, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.volunteering import permissions, rules
from lingka.volunteering.actions.organising import must
from lingka.volunteering.actions.taking_part import _ids, acting, locked, placed
from lingka.volunteering.actions.teaming import led_by
from lingka.volunteering.events import (
    CheckedIn,
    CheckedOut,
    HoursConfirmed,
    HoursCorrected,
    SaidLater,
    ShiftClosed,
)
from lingka.volunteering.models import Certificate, Service, Shift

State = Service.State


def check_in(shift: UUID, *, actor: Actor) -> str:
    """I am here; whoever did not sign up takes a place that is left. Twice is once. Where none is
    left Problem "full" (409), and they wait for one."""
    with transaction.atomic():
        me, held = acting(actor), _going_on(shift)
        mine = placed(held, me, actor)
        if mine.state == State.GOING:
            mark_come(held, mine, actor)
    _must_have_a_place(mine)
    return mine.state


def _must_have_a_place(mine: Service) -> None:
    """Asked after the transaction, which keeps their place on the waiting list."""
    if mine.state == State.WAITING:
        raise Problem("full", _("All places are taken. You are on the waiting list."), status=409)


@transaction.atomic
def check_out(shift: UUID, *, actor: Actor) -> str:
    """I am leaving. Twice is once: the first counts."""
    me, held = acting(actor), _going_on(shift)
    mine = Service.objects.filter(shift=held, member=me.uuid).first()
    if mine is None or mine.state not in {State.HERE, State.GONE, State.REVIEW}:
        raise Problem("not_here", _("You have not checked in here."), status=409)
    if mine.out_at is None:
        mark_gone(held, mine, actor)
    return mine.state


def say_later(shift: UUID, at: datetime, *, actor: Actor) -> str:
    """I came then, or left then: a code shown at that moment proves the moment, not who saw it. So
    nothing counts before the desk has looked at it."""
    with transaction.atomic():
        mine = _said_later(shift, at, actor)
    _must_have_a_place(mine)
    return mine.state


def _said_later(shift: UUID, at: datetime, actor: Actor) -> Service:
    me, held = acting(actor), locked(shift)
    if not held.is_open or not rules.open_for_scanning(held.starts_at, held.ends_at, at):
        raise Problem("not_now", _("It is not the time for this."), status=409)
    mine = placed(held, me, actor)
    left = mine.in_at is not None
    again = mine.out_at is not None or (mine.in_at is not None and at <= mine.in_at)
    if mine.state == State.WAITING or again:
        return mine
    mine.in_at, mine.out_at = (mine.in_at, at) if left else (at, None)
    mine.state = State.REVIEW
    mine.save(update_fields=["state", "in_at", "out_at"])
    told = SaidLater(*_ids(held), str(mine.member), left)
    record(told, stream_id=mine.uuid, actor=actor)
    return mine


def _going_on(shift: UUID) -> Shift:
    held = locked(shift)
    _must_go_on(held)
    return held


def _must_go_on(held: Shift) -> None:
    if not held.is_open or not rules.open_for_scanning(held.starts_at, held.ends_at, clock.now()):
        raise Problem("not_now", _("It is not the time for this."), status=409)


def mark_come(
    shift: Shift, mine: Service, actor: Actor, *, at: datetime | None = None, listed: bool = False
) -> None:
    """They are here, now or since `at`; `listed`: by somebody's list instead of a code."""
    mine.state, mine.in_at = State.HERE, at or clock.now()
    _sign(mine, actor, listed=listed)
    mine.save(update_fields=["state", "in_at", "listed_by", "by_captain"])
    told = CheckedIn(*_ids(shift), str(mine.member), listed=listed)
    record(told, stream_id=mine.uuid, actor=actor, occurred_at=at)


def _sign(mine: Service, actor: Actor, *, listed: bool) -> None:
    """Whoever kept the list instead of a code stands beside the entry: a colleague by number, a
    captain as such."""
    if listed and actor.kind == "user":
        mine.listed_by = mine.listed_by or actor.id
    mine.by_captain = mine.by_captain or (listed and actor.kind == "member")


def mark_gone(
    shift: Shift, mine: Service, actor: Actor, *, at: datetime | None = None, listed: bool = False
) -> None:
    """They left, now or `at`."""
    mine.state = State.GONE if mine.state == State.HERE else mine.state  # looked at anyway
    mine.out_at = at or clock.now()
    _sign(mine, actor, listed=listed)
    mine.save(update_fields=["state", "out_at", "listed_by", "by_captain"])
    told = CheckedOut(*_ids(shift), str(mine.member), listed=listed)
    record(told, stream_id=mine.uuid, actor=actor, occurred_at=at)


@transaction.atomic
def put_here(service: UUID, *, actor: Actor) -> None:
    """The list's keeper sees somebody who has no phone at hand. The entry names its author."""
    held, mine = _listed(service, actor)
    if mine.state != State.GOING:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    mark_come(held, mine, actor, listed=True)


@transaction.atomic
def put_gone(service: UUID, *, actor: Actor) -> None:
    held, mine = _listed(service, actor)
    if mine.state != State.HERE:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    mark_gone(held, mine, actor, listed=True)


def _listed(service: UUID, actor: Actor) -> tuple[Shift, Service]:
    held, found = of_service(service, actor, captains=True)
    _must_go_on(held)
    if found.member is None:  # they left Lingka meanwhile: nobody's list
        raise Problem("no_service", _("There is no such entry."), status=404)
    return held, found


@transaction.atomic
def close_shift(shift: UUID, *, actor: Actor) -> tuple[int, int]:
    """Confirm the hours of those who came and went; returns how many, and how many are looked at.

    Hours are minutes of presence inside the shift, no more. Nobody is marked for not coming.
    """
    held = locked(shift)
    must(permissions.may_organise(actor, held.activity.area.path))
    if held.closed_at is not None:
        raise Problem("closed", _("Its hours are confirmed already."), status=409)
    if clock.now() < held.ends_at:
        raise Problem("early", _("It is not over yet."), status=409)
    rows = list(Service.objects.select_for_update().filter(shift=held).order_by("id"))
    gone = [one for one in rows if one.state == State.GONE]
    for one in sorted(gone, key=_whose):
        _serve(held, one, actor)
    forgot = [one.pk for one in rows if one.state in {State.HERE, State.REVIEW}]
    Service.objects.filter(pk__in=forgot).update(state=State.REVIEW)
    rest = [one.pk for one in rows if one.state in {State.GOING, State.WAITING}]
    Service.objects.filter(pk__in=rest).update(state=State.MISSED)
    held.closed_at = clock.now()
    held.save(update_fields=["closed_at"])
    told = ShiftClosed(held.activity.code, str(held.uuid), len(gone), len(forgot))
    record(told, stream_id=held.activity.uuid, actor=actor)
    return len(gone), len(forgot)


def _whose(mine: Service) -> str:
    """One order in all lists, in which their people are waited for."""
    return str(mine.member)


def _serve(shift: Shift, mine: Service, actor: Actor) -> None:
    assert mine.in_at is not None  # of those who came and went
    assert mine.out_at is not None
    mine.minutes = rules.minutes(
        shift.starts_at, shift.ends_at, mine.in_at, mine.out_at, _counted(shift, mine.member)
    )
    mine.state = State.SERVED
    mine.save(update_fields=["minutes", "state", "out_at"])
    if mine.member is None:
        return  # they left Lingka meanwhile: nobody's hours
    told = HoursConfirmed(
        *_ids(shift), str(mine.member), shift.activity.kind, shift.activity.training,
        mine.minutes, actor.id or 0,
    )  # fmt: skip
    record(told, stream_id=mine.uuid, actor=actor)


def _counted(shift: Shift, member: UUID | None) -> list[rules.Span]:
    """What is confirmed of somebody on other lists of the same hours; of two that are confirmed at
    once the second waits for the first."""
    if member is None:
        return []
    locks.hold(member)
    others = Service.objects.filter(
        member=member, state=State.SERVED,
        shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at,
    ).values_list("shift__starts_at", "shift__ends_at", "in_at", "out_at")  # fmt: skip
    return [
        rules.within(begins, ends, came, went) for begins, ends, came, went in others
        if came and went
    ]  # fmt: skip


@transaction.atomic
def correct_hours(service: UUID, minutes: int, *, actor: Actor) -> None:
    """Confirmed minutes were entered wrongly: these are right. Papers about that day are void."""
    held, mine = of_service(service, actor)
    if mine.state != State.SERVED or mine.member is None:
        raise Problem("not_served", _("Only confirmed hours are corrected."), status=409)
    longest = int((held.ends_at - held.starts_at).total_seconds()) // 60
    if not 0 <= minutes <= longest:
        said = _("Between nothing and the %(most)s minutes that were planned.") % {"most": longest}
        raise Problem("minutes", said, field="minutes", status=422)
    before = mine.minutes or 0
    if minutes == before:
        raise Problem("same", _("This is what stands already."), field="minutes", status=409)
    mine.minutes, mine.corrections = minutes, mine.corrections + 1
    mine.save(update_fields=["minutes", "corrections"])
    day = day_of(held.starts_at)
    Certificate.objects.filter(member=mine.member, first_day__lte=day, last_day__gte=day).delete()
    told = HoursCorrected(
        *_ids(held), str(mine.member), held.activity.training, before, minutes, mine.corrections,
        actor.id or 0,
    )  # fmt: skip
    record(told, stream_id=mine.uuid, actor=actor)


def of_service(service: UUID, actor: Actor, *, captains: bool = False) -> tuple[Shift, Service]:
    """An entry of one's own area, its shift held; or, for captains, one through their team."""
    found = Service.objects.filter(uuid=service).select_related("shift").first()
    if found is None:
        raise Problem("no_service", _("There is no such entry."), status=404)
    held = locked(found.shift.uuid)
    found.refresh_from_db()
    if not (captains and led_by(actor, found)):
        must(permissions.may_organise(actor, held.activity.area.path))
    return held, found


@transaction.atomic
def settle(service: UUID, went: datetime | None, *, actor: Actor) -> None:
    """Somebody forgot to check out: the desk says when they went, or that nothing counts."""
    held, found = of_service(service, actor)
    if found.state != State.REVIEW or found.in_at is None:
        raise Problem("settled", _("This is settled already."), status=409)
    if went is None:
        found.state = State.MISSED
        found.save(update_fields=["state"])
        return
    if not found.in_at <= went <= min(held.ends_at, clock.now()):
        said = _("Between when they came and the end of the shift.")
        raise Problem("went", said, field="went", status=422)
    found.out_at = went
    _serve(held, found, actor)


@transaction.atomic
def certify(*, actor: Actor) -> str:
    """A paper about all that a member has served; returns its code, the same for the same."""
    me = acting(actor)
    served = Service.objects.filter(member=me.uuid, state=State.SERVED, minutes__gt=0)
    said = served.aggregate(
        first=Min("shift__starts_at"), last=Max("shift__starts_at"), minutes=Sum("minutes")
    )
    if not said["minutes"]:
        raise Problem("nothing", _("There is nothing to certify yet."), status=409)
    days: dict[str, date] = {
        "first_day": day_of(said["first"]), "last_day": day_of(said["last"]),
    }  # fmt: skip
    same = {"member": me.uuid, "times": served.count(), "minutes": said["minutes"], **days}
    made = Certificate.objects.filter(**same).first()
    if made is None:
        made = Certificate.objects.create(code=codes.short_code(), issued_on=day_of(None), **same)
    return made.code
