"""Notices by place, by area, by case and by code, as anybody may read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import selectors as cases
from lingka.core import clock, saying
from lingka.core.events import history
from lingka.core.text import pick
from lingka.notices import rules, templates
from lingka.notices.events import NoticeEnded, NoticeProlonged, NoticePublished
from lingka.notices.models import Notice
from lingka.units import selectors as units

State = Literal["coming", "now", "over"]
LATELY = timedelta(days=7)  # how long a list goes on saying that something is over
MOST = 100  # in one list


@dataclass(frozen=True)
class NoticeInfo:
    """A notice in the reader's language; `over_at` and `over_why` once it has ended."""

    code: str
    kind: str
    kind_name: str
    picture: str
    title: str
    text: str
    where: str
    begins_at: datetime
    ends_at: datetime
    state: State
    over_at: datetime | None
    over_why: str
    unit: str
    phone: str
    case_uuid: UUID | None
    area_path: str

    @property
    def danger(self) -> bool:
        return self.kind == "danger" and self.state != "over"

    @property
    def url(self) -> str:
        """Absolute: for codes to scan and calendars."""
        return f"{settings.PUBLIC_ORIGIN}/n/{self.code}"


@dataclass(frozen=True)
class Turn:
    """One line of a notice's history."""

    at: datetime
    words: str


def notice(code: str) -> NoticeInfo | None:
    found = Notice.objects.filter(code=code).first()
    return _info(found) if found else None


def at_place(place: PlaceInfo) -> list[NoticeInfo]:
    """What stands for a place now or soon: its own, and those of the areas it lies in."""
    return _listed(_standing().filter(_holds(place)))


def of_case(case_uuid: UUID) -> list[NoticeInfo]:
    """What stands because of a case."""
    return _listed(_standing().filter(case_uuid=case_uuid))


def with_notices(cases: Iterable[UUID]) -> set[UUID]:
    """Those of these cases for which a notice goes on. One statement, none for none."""
    rows = _standing().filter(case_uuid__in=cases).values_list("case_uuid", flat=True)
    return set(rows) if cases else set()


def board(
    *, place: PlaceInfo | None = None, area: areas.AreaInfo | None = None
) -> dict[str, list[NoticeInfo]]:
    """What stands, what comes, what ended lately: everywhere, at a place, or in an area."""
    since = clock.now() - LATELY
    rows = Notice.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), ends_at__gt=since)
    if place is not None:
        rows = rows.filter(_holds(place))
    if area is not None:
        rows = rows.filter(_touching(area))
    found = _listed(rows)
    states: tuple[State, ...] = ("now", "coming", "over")
    return {state: [one for one in found if one.state == state] for state in states}


def under(paths: Sequence[str], *, over: bool = False) -> list[NoticeInfo]:
    """Those of somebody's area, for its desk: what stands or comes, or what is over."""
    now = clock.now()
    rows = Notice.objects.filter(Q(ended_at__isnull=False) | Q(ends_at__lte=now)) if over else (
        _standing()
    )  # fmt: skip
    inside = Q()
    for path in paths:
        inside |= Q(area__path__startswith=path)
    return _listed(rows.filter(inside)) if paths else []


def turns(code: str) -> list[Turn]:
    """What became of a notice, oldest first."""
    found = Notice.objects.filter(code=code).first()
    if found is None:
        return []
    lines = [Turn(one.recorded_at, _turn(one.data)) for one in history(found.uuid)]
    if found.ended_at is None and found.ends_at <= clock.now():
        lines.append(Turn(found.ends_at, _("Its time was over.")))
    return lines


def _turn(data: Any) -> str:
    if isinstance(data, NoticePublished):
        until = saying.moment(datetime.fromisoformat(data.ends))
        return _("Published, to stand until %(until)s.") % {"until": until}
    if isinstance(data, NoticeProlonged):
        until = saying.moment(datetime.fromisoformat(data.ends))
        return _("Prolonged until %(until)s.") % {"until": until}
    assert isinstance(data, NoticeEnded)
    return _why(data.by)


def spoken(code: str, language: str) -> str:
    """What a loudspeaker or the radio says, in one language; "" for an unknown notice."""
    found = Notice.objects.filter(code=code).first()
    if found is None:
        return ""
    with translation.override(language):
        frame = templates.frame(language)
        values = _values(found) | {
            "from": _said(frame, found.begins_at),
            "until": _said(frame, found.ends_at),
        }
        parts = {
            "title": rules.filled(found.title[language], values),
            "text": rules.filled(found.text[language], values),
            "phone": " ".join(sign for sign in found.phone if sign.isdigit()),
        }
        return rules.spoken(frame, values | parts)


def _said(frame: dict[str, str], at: datetime) -> str:
    local = timezone.localtime(at)
    form = frame["minute"] if local.minute else frame["hour"]
    return form.format(day=saying.day(at), hour=local.hour, minute=local.minute)


def _standing() -> Any:
    return Notice.objects.filter(ended_at=None, ends_at__gt=clock.now())


def _holds(place: PlaceInfo) -> Q:
    path = areas.area(place.grid_id).path
    above = [int(part) for part in path.strip("/").split("/")]
    return Q(places__contains=[place.id]) | Q(areas__overlap=above)


def _touching(area: areas.AreaInfo) -> Q:
    """Those of areas within this one, and of those that it lies in."""
    above = [int(part) for part in area.path.strip("/").split("/")]
    return Q(area__path__startswith=area.path) | Q(area_id__in=above)


def _listed(rows: Any) -> list[NoticeInfo]:
    """Dangers first, then what began last. What is over gives way first where a list is full."""
    over = Q(ended_at__isnull=False) | Q(ends_at__lte=clock.now())
    ranked = rows.alias(is_over=over, calm=~Q(kind="danger"))
    kept = ranked.select_related("area").order_by("is_over", "calm", "-begins_at", "-id")[:MOST]
    found = sorted((_info(one) for one in kept), key=lambda one: one.begins_at, reverse=True)
    return sorted(found, key=lambda one: not one.danger)


def _info(row: Notice) -> NoticeInfo:
    values = _values(row)
    unit = units.unit(row.unit_id) if row.unit_id else None
    over_at = row.ended_at or (row.ends_at if row.ends_at <= clock.now() else None)
    state: State = "over" if over_at else "coming" if row.begins_at > clock.now() else "now"
    return NoticeInfo(
        code=row.code, kind=row.kind, kind_name=str(rules.KINDS[row.kind]),
        picture=templates.picture(row.template) or rules.PICTURES[row.kind],
        title=rules.filled(pick(row.title), values), text=rules.filled(pick(row.text), values),
        where=values["where"], begins_at=row.begins_at, ends_at=row.ends_at, state=state,
        over_at=over_at, over_why=_why(row.ended_by) if over_at else "",
        unit=pick(unit.name) if unit else "", phone=row.phone, case_uuid=row.case_uuid,
        area_path=row.area.path,
    )  # fmt: skip


def _why(by: str) -> str:
    return str((rules.WITH_CASE | rules.WITHDRAWN)[by]) if by else _("Its time was over.")


def _values(row: Notice) -> dict[str, str]:
    """What the words' variables say in the active language."""
    unit = units.unit(row.unit_id) if row.unit_id else None
    return {
        "where": where(row.areas, row.places),
        "from": saying.moment(row.begins_at),
        "until": saying.moment(row.ends_at),
        "unit": pick(unit.name) if unit else _("the unit in charge"),
    }


def where(area_ids: Iterable[int], place_ids: Iterable[int]) -> str:
    """Areas and places by name, in the reader's language."""
    named = [pick(areas.area(one).name) for one in area_ids]
    wanted = list(place_ids)
    known = areas.places(wanted)
    named += [pick(known[one].name) for one in wanted if one in known]
    return saying.listed(named)


def case_line(info: NoticeInfo) -> cases.Standing | None:
    """Where the notice's case stands, for those of types that public lists may carry."""
    found = cases.standings([info.case_uuid]) if info.case_uuid else {}
    case = next(iter(found.values()), None)
    return case if case and case.listed else None
