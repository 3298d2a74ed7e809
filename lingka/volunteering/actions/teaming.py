"""Service teams: asked for by a captain, confirmed by the community, joined by a code."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, codes, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.members import rules as kinds
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo
from lingka.volunteering import permissions, teaming
from lingka.volunteering.actions.organising import must
from lingka.volunteering.actions.taking_part import acting, locked, placed
from lingka.volunteering.events import NeedTaken, TeamAsked, TeamConfirmed, TeamEnded
from lingka.volunteering.models import Need, Service, Shift, Team, TeamMember

NOT_CAPTAIN = Denied("not_captain", _("The team's captain does this."))


@dataclass(frozen=True)
class Crew:
    """A team as its captain wants it."""

    name: str
    kind: str
    skills: Iterable[str] = ()
    languages: Iterable[str] = ()


@transaction.atomic
def ask_team(wanted: Crew, *, actor: Actor) -> UUID:
    """Somebody founds a team in their own community and leads it; its desk confirms."""
    me = acting(actor)
    _check(wanted)
    locks.hold(me.uuid)
    if Team.objects.filter(captain=me.uuid, ended_at=None).count() >= teaming.LEADS:
        said = _("One person leads %(most)s teams at the most.") % {"most": teaming.LEADS}
        raise Problem("leads", said, status=409)
    skills, languages = set(wanted.skills), set(wanted.languages)
    made = Team.objects.create(
        code=codes.short_code(), area_id=me.area_id, kind=wanted.kind, name=wanted.name.strip(),
        skills=[one for one in teaming.skills() if one in skills],
        languages=[one for one, _name in settings.LANGUAGES if one in languages],
        captain=me.uuid, asked_at=clock.now(),
    )  # fmt: skip
    TeamMember.objects.create(team=made, member=me.uuid)
    told = TeamAsked(me.area_id, made.kind, made.skills, made.languages)
    record(told, stream_id=made.uuid, actor=actor)
    return made.uuid


def _check(wanted: Crew) -> None:
    if not 1 <= len(wanted.name.strip()) <= teaming.NAME:
        said = _("Between 1 and %(most)s signs, please.") % {"most": teaming.NAME}
        raise Problem("name", said, field="name", status=422)
    choose = _("Please choose one of these.")
    if wanted.kind not in kinds.kinds():
        raise Problem("kind", choose, field="kind", status=422)
    if not set(wanted.skills) <= teaming.skills().keys():
        raise Problem("skills", choose, field="skills", status=422)
    if not set(wanted.languages) <= {code for code, _name in settings.LANGUAGES}:
        raise Problem("languages", choose, field="languages", status=422)


@transaction.atomic
def confirm_team(team: UUID, *, actor: Actor) -> None:
    """The community's desk knows of it: it can take needs and sign up together."""
    row = _standing(team)
    must(permissions.may_organise(actor, row.area.path))
    if row.confirmed_at is not None:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    row.confirmed_at = clock.now()
    row.save(update_fields=["confirmed_at"])
    record(TeamConfirmed(row.area_id), stream_id=row.uuid, actor=actor)


@transaction.atomic
def end_team(team: UUID, *, actor: Actor) -> None:
    """Its captain or the desk ends it; nothing says any more who was in it."""
    row = _standing(team)
    me = members.of_actor(actor)
    if me is None or row.captain != me.uuid:
        must(permissions.may_organise(actor, row.area.path))
    _end(row, actor)


def _end(row: Team, actor: Actor) -> None:
    row.ended_at, row.captain = clock.now(), None
    row.save(update_fields=["ended_at", "captain"])
    row.members.all().delete()
    Service.objects.filter(team=row).update(team=None)
    pledged = Need.objects.select_for_update().filter(team=row, state=Need.State.TAKEN)
    for need in pledged.order_by("pk"):
        open_again(need, actor)
    record(TeamEnded(row.area_id), stream_id=row.uuid, actor=actor)


def open_again(need: Need, actor: Actor) -> None:
    """Nobody sees to a locked need any more: others may."""
    need.state, need.taken_by_id, need.team, need.taken_at = Need.State.OPEN, None, None, None
    need.save(update_fields=["state", "taken_by", "team", "taken_at"])
    record(NeedTaken(None), stream_id=need.uuid, actor=actor)


@transaction.atomic
def join_team(code: str, *, actor: Actor) -> UUID:
    """By the code that the captain passes on. Twice is once. It is told of nobody."""
    me = acting(actor)
    known = codes.normalise(code)
    row = Team.objects.select_for_update().filter(code=known or "-", ended_at=None).first()
    if row is None:
        said = _("No team has this code. Please compare it once more.")
        raise Problem("no_team", said, field="code", status=404)
    if row.members.count() >= teaming.MEMBERS:
        raise Problem("full", _("This team is full."), field="code", status=409)
    TeamMember.objects.get_or_create(team=row, member=me.uuid)
    return row.uuid


@transaction.atomic
def leave_team(team: UUID, *, actor: Actor) -> None:
    """One tap. A captain ends the team instead."""
    me = acting(actor)
    row = _standing(team)
    if row.captain == me.uuid:
        raise Problem("captain", _("You lead it: end the team instead."), status=409)
    row.members.filter(member=me.uuid).delete()
    Service.objects.filter(team=row, member=me.uuid).update(team=None)


@transaction.atomic
def sign_team_up(
    team: UUID, shift: UUID, chosen: Iterable[UUID], *, actor: Actor
) -> tuple[int, int]:
    """The captain signs people of the team up; returns how many have a place and how many wait.
    Each of them sees it on their own page and can sign off there."""
    row = _led(team, actor)
    if row.confirmed_at is None:
        raise Problem("unconfirmed", _("The community has not confirmed the team yet."), status=409)
    held = locked(shift)
    if not held.is_open or held.ends_at <= clock.now():
        raise Problem("not_open", _("Nobody can sign up for this any more."), status=409)
    own = set(row.members.filter(member__in=set(chosen)).values_list("member", flat=True))
    if not own:
        raise Problem("chosen", _("Choose at least one."), field="chosen", status=422)
    found = members.members(own - _signed_off(held, own))
    states = [placed(held, one, actor, row).state for _uuid, one in sorted(found.items())]
    waiting = states.count(Service.State.WAITING)
    return len(states) - waiting, waiting


def _signed_off(shift: Shift, own: set[UUID]) -> set[UUID]:
    """Who gave their place back: they alone take one again."""
    rows = Service.objects.filter(shift=shift, member__in=own, state=Service.State.CANCELLED)
    off = {one for one in rows.values_list("member", flat=True) if one}
    if off == own:
        said = _("They have signed off: only they themselves sign up again.")
        raise Problem("signed_off", said, field="chosen", status=409)
    return off


def led_by(actor: Actor, place: Service) -> bool:
    """Whether the captain is acting through whose team somebody else has this place."""
    me = members.of_actor(actor)
    if me is None or place.team_id is None or place.member in {None, me.uuid}:
        return False
    teams = Team.objects.filter(pk=place.team_id, captain=me.uuid, ended_at=None)
    return teams.exclude(confirmed_at=None).filter(members__member=place.member).exists()


def _led(team: UUID, actor: Actor) -> Team:
    row = _standing(team)
    me: MemberInfo = acting(actor)
    if row.captain != me.uuid:
        raise PermissionRefused(NOT_CAPTAIN)
    return row


def _standing(team: UUID) -> Team:
    rows = Team.objects.select_for_update(of=("self",)).select_related("area")
    found = rows.filter(uuid=team, ended_at=None).first()
    if found is None:
        raise Problem("no_team", _("There is no such team."), status=404)
    return found


def let_go_of_teams(member: UUID) -> None:
    """Whoever left is in no team; what they led has ended."""
    TeamMember.objects.filter(member=member).delete()
    for row in Team.objects.select_for_update().filter(captain=member, ended_at=None):
        _end(row, SYSTEM)
