"""Needs: published by a community's desk, picked up by a workplace, done when the desk says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import day_of
from lingka.core import becoming, clock, codes
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.members import rules as members
from lingka.members import selectors as people
from lingka.units import selectors as units
from lingka.volunteering import kinds, permissions, rules
from lingka.volunteering.actions.organising import must
from lingka.volunteering.actions.teaming import NOT_CAPTAIN, _standing, open_again
from lingka.volunteering.events import NeedEnded, NeedPublished, NeedTaken, NeedTakenByTeam
from lingka.volunteering.matching import LANGUAGES
from lingka.volunteering.models import Need

State = Need.State
LONGEST = timedelta(days=366)
SHORTEST = 2  # signs of a reason
LENGTHS = {"title": rules.TITLE, "text": rules.TEXT}


@dataclass(frozen=True)
class Wanted:
    """What is needed, as somebody wants it published."""

    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    weekdays: Iterable[int]
    times: Iterable[str]
    until: date
    languages: Iterable[str] = ()


class Timed(Protocol):
    """What a need and a resource have in common."""

    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> Mapping[str, str]: ...
    @property
    def weekdays(self) -> Iterable[int]: ...
    @property
    def times(self) -> Iterable[str]: ...
    @property
    def until(self) -> date: ...


@transaction.atomic
def publish_need(area: int, wanted: Wanted, *, actor: Actor) -> UUID:
    """Tell workplaces what a community looks for hands for."""
    must(permissions.may_organise(actor, areas.area(area).path))
    _check(wanted)
    days, times = set(wanted.weekdays), set(wanted.times)
    made = Need.objects.create(
        area_id=area, kind=wanted.kind, title=dict(wanted.title), text=dict(wanted.text),
        weekdays=sorted(days), times=[one for one in members.TIMES if one in times],
        until=wanted.until, published_at=clock.now(),
        languages=[one for one in LANGUAGES if one in set(wanted.languages)],
    )  # fmt: skip
    words = digest_of({"title": made.title, "text": made.text})
    told = NeedPublished(area, made.kind, made.until.isoformat(), words)
    record(told, stream_id=made.uuid, actor=actor)
    return made.uuid


def _check(wanted: Wanted) -> None:
    if wanted.kind not in kinds.kinds():
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    check_when(wanted)


def check_when(wanted: Timed) -> None:
    """Words in every language, days, times and an end, of needs and resources alike."""
    choose = _("Choose at least one.")
    for name, most in LENGTHS.items():
        for language, _name in settings.LANGUAGES:
            if not 1 <= len(getattr(wanted, name).get(language, "").strip()) <= most:
                words = _("Between 1 and %(most)s signs, please.") % {"most": most}
                raise Problem(name, words, field=f"{name}_{language}", status=422)
    if not set(wanted.weekdays) or not set(wanted.weekdays) <= members.WEEKDAYS.keys():
        raise Problem("weekdays", choose, field="weekdays", status=422)
    if not set(wanted.times) or not set(wanted.times) <= members.TIMES.keys():
        raise Problem("times", choose, field="times", status=422)
    if not day_of(None) <= wanted.until <= day_of(None) + LONGEST:
        said = _("Choose a day within the next year.")
        raise Problem("until", said, field="until", status=422)


@transaction.atomic
def pick_up(need: UUID, unit: int, *, actor: Actor) -> None:
    """A workplace sees to it: of two at once, one."""
    row = _held(need)
    must(permissions.may_pick_up(actor, unit, row.area.path, row.area_id))
    _be(row, State.OPEN)
    units.unit(unit)
    row.state, row.taken_by_id, row.taken_at = State.TAKEN, unit, clock.now()
    row.save(update_fields=["state", "taken_by", "taken_at"])
    record(NeedTaken(unit), stream_id=row.uuid, actor=actor)


@transaction.atomic
def pick_up_as_team(need: UUID, team: UUID, *, actor: Actor) -> None:
    """A confirmed team of the same street sees to it, says its captain: of two at once, one."""
    found, row = _standing(team), _held(need)  # in this order, as where a team ends
    me = people.of_actor(actor)
    if found.confirmed_at is None:
        raise Problem("no_team", _("There is no such team."), status=404)
    if me is None or found.captain != me.uuid:
        raise PermissionRefused(NOT_CAPTAIN)
    street = rules.street_of(row.area.path)
    if not found.area.path.startswith(street):
        raise Problem("far", _("Teams see to what is needed in their own street."), status=409)
    _be(row, State.OPEN)
    row.state, row.team, row.taken_at = State.TAKEN, found, clock.now()
    row.save(update_fields=["state", "team", "taken_at"])
    record(NeedTakenByTeam(str(team)), stream_id=row.uuid, actor=actor)


@transaction.atomic
def give_up(need: UUID, *, actor: Actor) -> None:
    """It cannot see to it after all: others may."""
    row = _held(need)
    _be(row, State.TAKEN)
    me = people.of_actor(actor)
    if me is None or row.team is None or row.team.captain != me.uuid:
        must(permissions.may_pick_up(actor, row.taken_by_id or 0, row.area.path, row.area_id))
    open_again(row, actor)


@transaction.atomic
def end_need(need: UUID, state: str, *, actor: Actor, why: str = "", became: str = "") -> None:
    """Delivered, says the community's desk and nobody else; or it hangs as a wish, became a
    project (`became` says which), or is declined for a reason that everybody reads."""
    row = _held(need)
    must(permissions.may_organise(actor, row.area.path))
    if state == State.DONE:
        _be(row, State.TAKEN)
    elif row.state not in {State.OPEN, State.TAKEN}:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    row.why = _reason(why) if state == State.DECLINED else ""
    row.became = _code(state, became) if state in {State.WISH, State.PROJECT} else ""
    row.state, row.ended_at = state, clock.now()
    row.save(update_fields=["state", "ended_at", "why", "became"])
    record(NeedEnded(state, row.taken_by_id), stream_id=row.uuid, actor=actor)


def _reason(why: str) -> str:
    said = why.strip()
    if not SHORTEST <= len(said) <= rules.TEXT:
        raise Problem("why", _("Say why: everybody reads it."), field="why", status=422)
    return said


def _code(state: str, became: str) -> str:
    """Of something that is there: the public list leads to it."""
    found = codes.normalise(became)
    if not found or not becoming.is_there(state, found):
        said = _("Enter the code of the wish or project that it became.")
        raise Problem("became", said, field="became", status=422)
    return found


def _held(need: UUID) -> Need:
    rows = Need.objects.select_for_update(of=("self",)).select_related("area")
    found = rows.filter(uuid=need).first()
    if found is None:
        raise Problem("no_need", _("There is no such need."), status=404)
    return found


def _be(row: Need, state: str) -> None:
    if row.state != state:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
