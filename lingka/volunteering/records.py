"""A volunteer's record in the five parts of the national rules (民政部令第67号): basic information,
service, training, commendation, evaluation. It is the member's own, and goes when they leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import saying
from lingka.core.text import pick
from lingka.members import parts
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo
from lingka.units import selectors as units
from lingka.volunteering import selectors, teams
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


@dataclass(frozen=True)
class Line:
    """One line of a part: what it is, perhaps more about it, and how much."""

    what: str
    value: str = ""
    more: str = ""


@dataclass(frozen=True)
class Section:
    """One of the five parts; what is said of it where it has nothing, or beside what it has."""

    key: str
    title: str
    lines: Sequence[Line]
    note: str = ""


def record(me: MemberInfo) -> dict[str, Any]:
    """The five parts for reading, in the reader's language."""
    served = [one for one in selectors.mine(me.uuid) if one.state == selectors.State.SERVED]
    service = [_served(one, one.activity.kind_name) for one in served if not one.activity.training]
    training = [_served(one) for one in served if one.activity.training]
    thanked = [Line(one.line) for one in commendations(me.uuid)]
    agreed, nothing = _("Here stands what you agreed to be named for."), _("Nothing is entered.")
    return {
        "sections": [
            Section("basic", _("About me"), [Line(*one) for one in _basic(me)]),
            Section("service", _("Service so far"), service, _("No hours are confirmed yet.")),
            Section("training", _("Training"), training, _("No training yet.")),
            Section("commendation", _("Commendation"), thanked, agreed if thanked else nothing),
            Section("evaluation", _("Evaluation"), [], _("Nothing is entered: nobody is graded.")),
        ],
        "hours": saying.served(selectors.minutes_of(me.uuid)),
        "served": bool(served),
    }  # fmt: skip


def _basic(me: MemberInfo) -> list[tuple[str, str]]:
    work = pick(units.unit(me.workplace_id).name) if me.workplace_id else ""
    return [
        (_("Name that they chose"), members.name(me)),
        (_("Community"), pick(areas.area(me.area_id).name)),
        *([(_("Workplace"), work)] if work else []),
        (_("Takes part since"), saying.dated(timezone.localtime(me.joined_at).date())),
    ]


def _served(one: Mine, kind: str = "") -> Line:
    day = saying.dated(timezone.localtime(one.shift.starts_at).date())
    return Line(one.activity.title, one.hours, " · ".join(filter(None, (day, kind))))


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
            "since": me.joined_at.isoformat(), **_workplace(me),
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


def _workplace(me: MemberInfo) -> dict[str, Any]:
    return {"workplace": dict(units.unit(me.workplace_id).name)} if me.workplace_id else {}


def _line(one: Mine) -> dict[str, Any]:
    return {
        "activity": one.activity.code, "title": one.activity.titles, "kind": one.activity.kind,
        "starts_at": one.shift.starts_at.isoformat(), "minutes": one.minutes,
    }  # fmt: skip
