"""What the module's data files say: consent, service kinds, how long things are kept. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core import datafiles
from lingka.core.text import pick

DATA = Path(__file__).parent / "data"
NAME_LENGTH = 24
DIGITS = 6
TRIES = 5  # at one code
CODES = ((3, 600), (10, 86_400))  # that one number or address is sent, each in so many seconds
FROM_ONE = (60, 3600)  # codes that one connection asks for: a square at an event shares one
GUESSES = (60, 600)  # codes that one connection tries
SESSIONS = 12  # phones and browsers of one member; the oldest goes for the newest
TIMES = {"morning": _("mornings"), "afternoon": _("afternoons"), "evening": _("evenings")}
WEEKDAYS = {
    0: _("Monday"), 1: _("Tuesday"), 2: _("Wednesday"), 3: _("Thursday"), 4: _("Friday"),
    5: _("Saturday"), 6: _("Sunday"),
}  # fmt: skip
FEW = 5  # colleagues of one workplace below which no number is shown


@dataclass(frozen=True)
class Consent:
    version: str
    lines: tuple[Mapping[str, str], ...]


@cache
def consent() -> Consent:
    body = datafiles.read(DATA / "consent.yaml")
    return Consent(str(body["version"]), tuple(body["lines"]))


@dataclass(frozen=True)
class Kind:
    """What people help with."""

    key: str
    names: Mapping[str, str]
    picture: str

    @property
    def name(self) -> str:
        return pick(self.names)


@cache
def kinds() -> Mapping[str, Kind]:
    body = datafiles.read(DATA / "service_kinds.yaml")
    return {key: Kind(key, one["name"], one["picture"]) for key, one in body.items()}


def kind_names(keys: Iterable[str]) -> list[str]:
    return [kinds()[key].name for key in keys if key in kinds()]


@cache
def _retention() -> Mapping[str, Any]:
    body: dict[str, Any] = datafiles.read(DATA / "retention.yaml")
    return body


def inactive() -> timedelta:
    """How long somebody may stay away before they are asked whether they still take part."""
    return timedelta(days=_retention()["members"]["inactive"])


def notice() -> timedelta:
    return timedelta(days=_retention()["members"]["notice"])


def code_lives() -> timedelta:
    return timedelta(minutes=_retention()["codes"]["minutes"])


def to_join() -> timedelta:
    """How long a proven number may wait for the rest of the form."""
    return timedelta(minutes=_retention()["codes"]["to_join_minutes"])


def session_lives() -> timedelta:
    return timedelta(days=_retention()["sessions"]["days"])


def shown_count(number: int) -> str:
    """How many come from a workplace; of few or none no number, so that nobody is
    recognised, nor the first who comes."""
    if number < FEW:
        return str(_("fewer than %(few)s") % {"few": FEW})
    return str(number)
