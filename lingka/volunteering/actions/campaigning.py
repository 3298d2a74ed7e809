"""Campaigns: many places, seen to one by one by whoever takes part in their activities."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import day_of
from lingka.core import clock, codes
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.members import rules as members
from lingka.members import selectors as people
from lingka.volunteering import campaigns, permissions, rules
from lingka.volunteering.actions.organising import held, must
from lingka.volunteering.events import (
    CampaignBegun,
    CampaignClosed,
    CampaignPlaceMarked,
    CampaignTakenOn,
)
from lingka.volunteering.models import Campaign, CampaignPlace

MOST = 400  # places of one campaign
LENGTHS = {"title": rules.TITLE, "text": rules.TEXT}
State = CampaignPlace.State


@dataclass(frozen=True)
class Run:
    """A campaign as a desk wants it: its words in every language, its days, what is seen to."""

    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    begins_on: date
    ends_on: date
    place_kinds: Collection[str]


@transaction.atomic
def begin_campaign(area: int, wanted: Run, *, actor: Actor) -> str:
    """All places of these kinds in an area, as the register has them now; returns its code. Which
    they are never depends on who lives there."""
    must(permissions.may_organise(actor, areas.area(area).path))
    _check(wanted)
    found = campaigns.places_for(area, wanted.place_kinds)
    if not 1 <= len(found) <= MOST:
        said = _("Places of these kinds here: %(number)s. A campaign has between 1 and %(most)s.")
        words = said % {"number": len(found), "most": MOST}
        raise Problem("place_kinds", words, field="place_kinds", status=422)
    made = Campaign.objects.create(
        code=codes.short_code(), kind=wanted.kind, area_id=area, title=dict(wanted.title),
        text=dict(wanted.text), begins_on=wanted.begins_on, ends_on=wanted.ends_on,
    )  # fmt: skip
    CampaignPlace.objects.bulk_create(
        CampaignPlace(campaign=made, place_id=one.id) for one in campaigns.in_order(found)
    )
    words = digest_of({"title": made.title, "text": made.text})
    told = CampaignBegun(area, made.kind, len(found), made.ends_on.isoformat(), words)
    record(told, stream_id=made.uuid, actor=actor)
    return made.code


def _check(wanted: Run) -> None:
    if wanted.kind not in members.kinds():
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    for name, most in LENGTHS.items():
        for language, _name in settings.LANGUAGES:
            if not 1 <= len(getattr(wanted, name).get(language, "").strip()) <= most:
                words = _("Between 1 and %(most)s signs, please.") % {"most": most}
                raise Problem(name, words, field=f"{name}_{language}", status=422)
    if wanted.ends_on < day_of(None):
        said = _("Choose a last day that is still to come.")
        raise Problem("ends_on", said, field="ends_on", status=422)
    if not wanted.begins_on <= wanted.ends_on <= wanted.begins_on + rules.LONGEST_CAMPAIGN:
        said = _("It ends on the day on which it begins or later, within a year.")
        raise Problem("ends_on", said, field="ends_on", status=422)


@transaction.atomic
def take_on(campaign: UUID, activity: str, *, actor: Actor) -> None:
    """An activity of its area belongs to a campaign: whoever is there marks its places. Asked
    twice, it stays so."""
    row = _running(campaign)
    found = held(activity, actor)
    must(permissions.may_organise(actor, row.area.path))
    if not found.area.path.startswith(row.area.path):
        said = _("This lies outside the area of the campaign.")
        raise Problem("far", said, field="activity", status=422)
    if found.campaign_id == row.pk:
        return
    if found.campaign_id is not None:
        said = _("This activity belongs to another campaign.")
        raise Problem("taken", said, field="activity", status=409)
    found.campaign = row
    found.save(update_fields=["campaign"])
    record(CampaignTakenOn(str(found.uuid)), stream_id=row.uuid, actor=actor)


@transaction.atomic
def mark(campaign: UUID, place: int, state: str, *, actor: Actor) -> None:
    """Done, nobody there, or again later: by whoever is at an activity of it just now. What is
    done is counted once and stays done; only the desk opens it again. The event is the system's:
    with its author it would say where somebody was, and when."""
    row = _running(campaign)
    desk = isinstance(permissions.may_organise(actor, row.area.path), Allowed)
    if not desk:
        _must_be_there(row, actor)
    if state not in State.values or (state == State.OPEN and not desk):
        raise Problem("state", _("Please choose one of these."), status=422)
    found = _place(row, place)
    if found.state == state or (found.state == State.DONE and not desk):
        return
    found.state = state
    found.save(update_fields=["state"])
    record(CampaignPlaceMarked(place, state), stream_id=row.uuid, actor=SYSTEM)


def _must_be_there(row: Campaign, actor: Actor) -> None:
    me = people.of_actor(actor)
    if me is None or not campaigns.is_out(row.uuid, me.uuid):
        said = _("Places are marked by whoever is at an activity of this campaign: scan its code.")
        raise PermissionRefused(Denied("not_there", said))


def _place(row: Campaign, place: int) -> CampaignPlace:
    found = CampaignPlace.objects.filter(campaign=row, place_id=place).first()
    if found is None:
        raise Problem("no_place", _("This is no place of the campaign."), status=404)
    return found


@transaction.atomic
def close_campaign(campaign: UUID, *, actor: Actor) -> None:
    """Its summary is written from what was marked, and stays as it is."""
    row = _running(campaign)
    must(permissions.may_organise(actor, row.area.path))
    _close(row, actor)


def close_over() -> int:
    """Close those whose last day is past, as their desk would; how many."""
    ended = 0
    for uuid in campaigns.over():
        with suppress(Problem), transaction.atomic():  # the desk or another worker was quicker
            _close(_running(uuid), SYSTEM)
            ended += 1
    return ended


def _close(row: Campaign, actor: Actor) -> None:
    row.closed_at, row.summary = clock.now(), campaigns.summary_of(row)
    row.save(update_fields=["closed_at", "summary"])
    told = CampaignClosed(row.summary["done"], row.summary["all"])
    record(told, stream_id=row.uuid, actor=actor)


def _running(campaign: UUID) -> Campaign:
    """Locked: who marks and who closes go one after the other."""
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("area")
    found = rows.filter(uuid=campaign, closed_at=None).first()
    if found is None:
        raise Problem("no_campaign", _("There is no such campaign, or it is closed."), status=404)
    return found
