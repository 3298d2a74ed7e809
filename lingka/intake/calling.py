"""What a call-taker is shown while the caller speaks: type, unit, open cases near, answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo, PlaceInfo
from lingka.cases import selectors as cases
from lingka.cases import similar
from lingka.cases.selectors import CaseTypeInfo
from lingka.core import clock, saying
from lingka.core.text import pick
from lingka.guides import selectors as guides
from lingka.guides.selectors import GuideInfo
from lingka.intake import drafts
from lingka.units import selectors as units

OFFERED = 3
KEYWORD, WORD = 4.0, 1.0


@dataclass(frozen=True)
class Where:
    """What is understood of where it is."""

    path: str = ""
    name: str = ""
    place: PlaceInfo | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Near:
    """An open case that this may be, as far as a desk needs it to ask the caller."""

    name: str
    stage: str
    opened_at: datetime
    offer: str  # a signed name by which the caller's receipt is put to it


@dataclass(frozen=True)
class Hints:
    types: list[CaseTypeInfo] = field(default_factory=list)
    urgent: CaseTypeInfo | None = None  # the likeliest type that goes out at once, if any is
    danger: list[CaseTypeInfo] = field(default_factory=list)  # all that do, the likeliest first
    where: Where = field(default_factory=Where)
    unit: str = ""
    why: str = ""
    near: list[Near] = field(default_factory=list)
    answers: list[GuideInfo] = field(default_factory=list)


def hints(words: str, address: str, door: str, chosen: str = "") -> Hints:
    """For what has been written so far; `chosen` is the case type, once somebody has chosen."""
    types = likely_types(words)
    where = understood(address or words, door)
    kind = chosen or (types[0].key if types else "")
    unit, why = _leader(kind, where.path)
    likely = [one for one in likely_types(words, every=True) if one.urgent]
    others = [one for one in types_told() if one.urgent and one not in likely]
    return Hints(
        types,
        next(iter(likely), None),
        [*likely, *others],
        where,
        unit,
        why,
        _near(kind, where, words) if kind else [],
        guides.find(words, OFFERED) if words else [],
    )


def _near(kind: str, where: Where, words: str) -> list[Near]:
    name = cases.case_type(kind).name
    return [
        Near(name, cases.stage_label(one.stage), one.opened_at, drafts.offer_for(one.case_uuid))
        for one in cases.similar_open(kind, where.lon, where.lat, words)
    ]


def understood(address: str, door: str) -> Where:
    """The place of a door's code; without one, the area that the address or the words name."""
    place = areas.place_by_code(door) if door else None
    if place is not None:
        path = areas.area(place.grid_id).path
        return Where(path, pick(place.name), place, place.lon, place.lat)
    area = areas.named(address)
    return _of_area(area) if area else Where()


def _of_area(area: AreaInfo) -> Where:
    return Where(area.path, pick(area.name), None, area.lon, area.lat)


def types_told() -> list[CaseTypeInfo]:
    """The case types that a caller can be told to have: all that come by telephone."""
    return [one for one in cases.case_types() if one.comes_by("hotline")]


def likely_types(words: str, *, every: bool = False) -> list[CaseTypeInfo]:
    """The case types that the words speak of, likeliest first."""
    said, tokens = words.lower(), set(similar.tokens(words))
    scores = {one.key: _score(one, said, tokens) for one in types_told()}
    found = [one for one in types_told() if scores[one.key]]
    found.sort(key=lambda one: -scores[one.key])
    return found if every else found[:OFFERED]


def _score(info: CaseTypeInfo, said: str, tokens: set[str]) -> float:
    keyed = sum(len(word) for word in info.keywords if word.lower() in said)
    named = set(similar.tokens(f"{info.name} {info.description}"))
    return KEYWORD * keyed + WORD * len(named & tokens)


def answer_from(guide: GuideInfo) -> str:
    """What the caller was told, as the receipt keeps it: papers, source, day and version too."""
    lines = [guide.title, guide.answer]
    if guide.papers:
        lines.append(_("What to bring") + ": " + saying.apart(guide.papers))
    lines += [one for one in (guide.takes, guide.fee, guide.where) if one]
    source = _("Source: %(source)s, %(day)s. Version %(number)s.")
    day = date_format(guide.source_date, "DATE_FORMAT")
    lines.append(source % {"source": guide.source, "day": day, "number": guide.number})
    return "\n".join(lines)


def _leader(kind: str, path: str) -> tuple[str, str]:
    """Who would lead a case of this type there, and why; nobody as long as either is unknown."""
    if not kind or not path:
        return "", ""
    found: Sequence[units.ServiceInfo] = units.services_for(kind, path, clock.now())
    if not found:
        return "", ""
    return pick(units.unit(found[0].unit_id).name), pick(found[0].basis)
