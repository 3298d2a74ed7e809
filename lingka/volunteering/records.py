"""A volunteer's record in the five parts of the national rules (民政部令第67号): basic information,
service, training, commendation, evaluation. It is the member's own, and goes when they leave."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import saying
from lingka.core.text import pick
from lingka.members import parts
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo
from lingka.units import selectors as units
from lingka.volunteering import rules, selectors, teams
from lingka.volunteering.selectors import Mine


@dataclass(frozen=True)
class Commendation:
    """What a town thanked somebody for, in the reader's language."""

    year: int
    name: str

    @property
    def line(self) -> str:
        said = _("Thanked by the town for %(year)s: %(name)s")
        return said % {"year": self.year, "name": self.name}


_GIVEN: list[Callable[[UUID], list[Commendation]]] = []


def commended_by(given: Callable[[UUID], list[Commendation]]) -> None:
    """Who thanks says for what: modules above this one, each with what somebody agreed to."""
    _GIVEN.append(given)


def commendations(member: UUID) -> list[Commendation]:
    parts.all_parts()  # whoever thanks says so beside what it adds to a member's page
    return [one for given in _GIVEN for one in given(member)]


def record(me: MemberInfo) -> dict[str, Any]:
    """The five parts for reading."""
    served = [one for one in selectors.mine(me.uuid) if one.state == selectors.State.SERVED]
    return {
        "basic": [
            (_("Name that they chose"), members.name(me)),
            (_("Community"), pick(areas.area(me.area_id).name)),
            (_("Workplace"), _work(me)),
            (_("Takes part since"), saying.day(me.joined_at)),
        ],
        "service": [one for one in served if not one.activity.training],
        "training": [one for one in served if one.activity.training],
        "commendation": commendations(me.uuid),
        "hours": rules.hours(selectors.minutes_of(me.uuid)),
    }


def _work(me: MemberInfo) -> str:
    return pick(units.unit(me.workplace_id).name) if me.workplace_id else "—"


def rows(me: MemberInfo) -> list[tuple[str, str]]:
    """What is kept, line by line."""
    return [
        (saying.moment(one.shift.starts_at), f"{one.activity.title} · {one.label}")
        for one in selectors.mine(me.uuid)
    ] + [(_("Service teams"), one.name) for one in teams.of_member(me.uuid)]


def as_json(me: MemberInfo) -> dict[str, Any]:
    """The five parts as a file; nobody is graded: the last stays empty."""
    served = [one for one in selectors.mine(me.uuid) if one.state == selectors.State.SERVED]
    area = areas.area(me.area_id)
    return {
        "basic": {
            "name": members.name(me), "community": dict(area.name),
            "since": me.joined_at.isoformat(),
        },
        "service": [_line(one) for one in served if not one.activity.training],
        "training": [_line(one) for one in served if one.activity.training],
        "commendation": [
            {"year": one.year, "name": one.name} for one in commendations(me.uuid)
        ],
        "evaluation": [],
        "places": [
            {"activity": one.activity.code, "starts_at": one.shift.starts_at.isoformat(),
             "state": one.state} for one in selectors.mine(me.uuid)
        ],
        "teams": [
            {"name": one.name, "leads": one.captain == me.uuid}
            for one in teams.of_member(me.uuid)
        ],
    }  # fmt: skip


def _line(one: Mine) -> dict[str, Any]:
    return {
        "activity": one.activity.code, "title": one.activity.titles, "kind": one.activity.kind,
        "starts_at": one.shift.starts_at.isoformat(), "minutes": one.minutes,
    }  # fmt: skip
