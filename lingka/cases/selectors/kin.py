"""Cases that belong together: merged with a case or into another, split off it or whole of it,
brought before a council or what that council settles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from lingka.cases import similar
from lingka.cases.definitions import PART
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import faces, flows
from lingka.cases.selectors.queues import types_like
from lingka.cases.selectors.rows import said, title_of, unit_name
from lingka.core import contents, saying
from lingka.core.codes import pretty
from lingka.core.text import pick

LOOKED_AT = 40
OFFERED = 4


@dataclass(frozen=True)
class Kin:
    """Another case, in one line."""

    code: str
    url: str
    title: str
    language: str
    unit: str
    state: str
    words: str = ""
    opened: str = ""
    note: str = ""
    open: bool = True


@dataclass(frozen=True)
class Family:
    """What belongs to a case. Empty for most: then nothing is read."""

    into: Kin | None = None
    whole: Kin | None = None
    merged: list[Kin] = field(default_factory=list)
    parts: list[Kin] = field(default_factory=list)
    resolution: Kin | None = None  # of a council, which settles this
    resolves: Kin | None = None  # what was brought before the council

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in KIN)


KIN = ("into", "whole", "merged", "parts", "resolution", "resolves")


def family(case: Case) -> Family:
    """The kin of a case, in two statements; none where it has no kin."""
    facts = case.facts
    if not any(facts.get(name) for name in KIN):
        return Family()
    merged, parts = facts.get("merged", ()), facts.get("parts", ())
    ones = (facts.get(name) for name in ("whole", "resolution", "resolves"))
    named = Q(uuid__in=[*merged, *parts, *filter(None, ones)])
    found = list(Case.objects.filter(named | Q(number=facts.get("into") or "")).order_by("id"))
    told = {one.pk: kin for one, kin in zip(found, _told(found), strict=True)}

    def those(wanted: Iterable[str]) -> list[Kin]:
        return [told[one.pk] for one in found if {str(one.uuid), one.number} & set(wanted)]

    def that(name: str) -> Kin | None:
        return next(iter(those([facts.get(name, "")])), None)

    return Family(
        that("into"), that("whole"), those(merged), those(parts), that("resolution"),
        that("resolves"),
    )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of a case, as a resident may see it."""

    case_type: str
    unit_id: int | None
    state: str
    open: bool


def parts_of(case: Case) -> list[Case]:
    """What was split off a case, and off its parts: oldest first. One statement a level, none
    where nothing was."""
    found: list[Case] = []
    level = set(case.facts.get("parts", ()))
    while level:
        these = list(Case.objects.filter(uuid__in=level))
        level = {part for one in these for part in one.facts.get("parts", ())}
        found += these
    return sorted(found, key=lambda one: one.id)


def merged_into(case: UUID) -> set[str]:
    """All that were merged into a case, and into those before."""
    found: set[str] = set()
    look = {str(case)}
    while look:
        facts = Case.objects.filter(uuid__in=look).values_list("facts", flat=True)
        look = {one for each in facts for one in each.get("merged", ())} - found
        found |= look
    return found


def with_merged(cases: Iterable[UUID]) -> set[UUID]:
    """Those of these cases that others were merged into."""
    rows = Case.objects.filter(uuid__in=cases, facts__has_key="merged")
    return set(rows.values_list("uuid", flat=True))


def goes_on_as(cases: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of these cases, those that were merged, each with the one that goes on for it now."""
    return {one: way[-1] for one, way in ways_on(cases).items()}


def ways_on(cases: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Of these cases, those that were merged, each with the case it was merged into, with the one
    that was merged into in turn, and so on."""
    ways = {one: [one] for one in cases}
    look = set(ways)
    while look:
        rows = Case.objects.filter(uuid__in=look, facts__has_key="into")
        into = dict(rows.values_list("uuid", "facts__into"))
        numbers = Case.objects.filter(number__in=into.values()).values_list("number", "uuid")
        uuids = dict(numbers) if into else {}
        onward = {one: uuids[number] for one, number in into.items() if number in uuids}
        for way in ways.values():
            if way[-1] in onward:
                way.append(onward[way[-1]])
        look = set(onward.values())
    return {one: way[1:] for one, way in ways.items() if len(way) > 1}


def councils_of(case: Case) -> list[Case]:
    """What settles a case that grew large; no statement where none does."""
    named = case.facts.get("resolution")
    return list(Case.objects.filter(uuid=named)) if named else []


def shown_parts(parts: Iterable[Case]) -> list[Part]:
    return [
        Part(one.case_type, one.lead_unit_id, _state(one), one.stage != Stage.CLOSED)
        for one in parts
    ]


def _state(case: Case) -> str:
    state = flows.of(case).states.get(case.state)
    return pick(state.label) if state else case.state


def _told(cases: Iterable[Case]) -> list[Kin]:
    cases = list(cases)
    words = contents.read([one.words for one in cases if one.words])
    return [_kin(one, words.get(one.words) if one.words else None) for one in cases]


def _kin(case: Case, words: object) -> Kin:
    title, language = title_of(case, words)
    return Kin(
        code=pretty(case.number),
        url=reverse("cases:case", args=[case.number]),
        title=title,
        language=language,
        unit=unit_name(case.lead_unit_id),
        state=_state(case),
        words=said(words)[0],
        opened=saying.when(case.opened_at),
        note=str(faces.channel(case.channel).label),
        open=case.stage != Stage.CLOSED,
    )


def alike(case: Case) -> list[tuple[str, str, str]]:
    """Open cases near by that may be the same matter, likeliest first: number, title, note."""
    if case.h3 is None:
        return []
    near = list(
        Case.objects.filter(
            h3__in=similar.around(case.h3), case_type__in=types_like(case.case_type)
        )
        .exclude(stage=Stage.CLOSED)
        .exclude(channel=PART)
        .exclude(pk=case.pk)
        .order_by("-id")[:LOOKED_AT]
    )
    refs = [one.words for one in (case, *near) if one.words]
    words = contents.read(refs) if near else {}
    mine = said(words.get(case.words) if case.words else None)[0]
    told = [(one, words.get(one.words) if one.words else None) for one in near]
    told.sort(key=lambda pair: -similar.likeness(mine, said(pair[1])[0]))
    return [_choice(one, value) for one, value in told[:OFFERED]]


def _choice(case: Case, words: object) -> tuple[str, str, str]:
    one = _kin(case, words)
    parts = (one.code, one.note, one.opened, one.state)
    return case.number, one.title, " · ".join(part for part in parts if part)
