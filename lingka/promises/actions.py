"""Opening a heading with all its cases at once, and promising a day for all of them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import actions as case_actions
from lingka.cases import selectors as cases
from lingka.core import clock, codes, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import language_of
from lingka.core.versions import digest_of
from lingka.promises import permissions, sheets
from lingka.promises.events import HeadingOpened
from lingka.promises.models import Heading, HeadingCase
from lingka.promises.sheets import CHANNEL, Fault, Wanted

LANGUAGES = ("zh-hans", "bo", "en")


@dataclass(frozen=True)
class HeadingDraft:
    """What stands over the cases. Texts in all languages."""

    title: Mapping[str, str]
    source: Mapping[str, str]
    day: date
    unit: int
    area: int
    default_type: str = ""


@dataclass
class Report:
    """What a sheet did, or in a dry run would do; with any fault it does nothing."""

    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    placed: int = 0  # cases that found their grid
    routed: int = 0  # cases that found a unit
    code: str = ""  # of the heading, once it is open


def open_heading(
    draft: HeadingDraft,
    file: Path | File,  # type: ignore[type-arg]
    *,
    actor: Actor,
    dry_run: bool = False,
    key: UUID | None = None,
) -> Report:
    """Open a heading with a case for every row, or nothing at all where a row has a fault.

    The same `key` again gives the first heading. Raises Problem for a file that cannot be read.
    """
    area = areas.area(draft.area)
    verdict = permissions.may_open(actor, area.path)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    _check(draft)
    key = key or uuid7()
    wanted, faults = sheets.read(file, draft.default_type)
    report = Report(len(wanted) + len(faults), faults)
    with transaction.atomic():
        locks.hold(key)
        if before := Heading.objects.filter(uuid=key).first():
            return Report(before.cases.count(), code=before.code)
        heading = _made(draft, key)
        for row in wanted:
            _open(heading, row, area.path, actor, report)
        if dry_run or report.faults:
            transaction.set_rollback(True)
            return report
        _tell(heading, actor)
    report.code = heading.code
    return report


def _check(draft: HeadingDraft) -> None:
    for name, texts in (("title", draft.title), ("source", draft.source)):
        for language in LANGUAGES:
            if not texts.get(language, "").strip():
                said = _("Write this in all three languages.")
                raise Problem("words", said, field=f"{name}_{language}", status=422)


def _made(draft: HeadingDraft, key: UUID) -> Heading:
    return Heading.objects.create(
        uuid=key, code=codes.short_code(), title=dict(draft.title), source=dict(draft.source),
        day=draft.day, unit_id=draft.unit, area_id=draft.area, created_at=clock.now(),
    )  # fmt: skip


def _open(heading: Heading, row: Wanted, within: str, actor: Actor, report: Report) -> None:
    """One row's case; what the engine says against it is a fault of its line."""
    try:
        with transaction.atomic():
            opened = case_actions.open_case(
                actor=actor, case_type=row.case_type, channel=CHANNEL,
                language=language_of(row.words) or settings.LANGUAGE_CODE,
                idempotency_key=uuid.uuid5(heading.uuid, str(row.line)), words=row.words,
                lon=row.lon, lat=row.lat, place_id=row.place_id, address=row.address,
            )  # fmt: skip
            outcome = cases.outcome(opened.case_uuid)
            if not outcome.area_path.startswith(within):
                said = _("This lies outside the area of the heading.")
                raise Problem("area", said, field="place")  # noqa: TRY301
            HeadingCase.objects.create(heading=heading, line=row.line, case_uuid=opened.case_uuid)
    except Problem as problem:
        report.faults.append(Fault(row.line, problem.field or "", str(problem.message)))
        return
    report.placed += outcome.grid_id is not None
    report.routed += bool(outcome.lead_unit_id or outcome.suggested_unit_id)


def _tell(heading: Heading, actor: Actor) -> None:
    words = digest_of({"title": heading.title, "source": heading.source})
    rows = heading.cases.order_by("line").values_list("case_uuid", flat=True)
    told = HeadingOpened(
        heading.code, heading.day.isoformat(), heading.unit_id, heading.area_id,
        [str(one) for one in rows], words,
    )  # fmt: skip
    record(told, stream_id=heading.uuid, actor=actor)


@dataclass
class Promised:
    """For how many cases of a heading a day was promised, and why not for the others."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # (case number, why)


def promise_all(code: str, *, until: datetime, words: str, actor: Actor) -> Promised:
    """Promise one day for every open case of a heading, each through the engine."""
    heading = Heading.objects.filter(code=code).first()
    if heading is None:
        raise Problem("no_heading", _("There is no such heading."), status=404)
    ids = list(heading.cases.order_by("line").values_list("case_uuid", flat=True))
    result = Promised()
    for one in cases.standings(ids).values():
        if one.over:
            continue
        given: dict[str, Any] = {"until": until, "words": words}
        try:
            case_actions.perform(one.uuid, "promise", actor=actor, data=given)
            result.done += 1
        except (PermissionRefused, Problem) as refused:
            result.refused.append((one.number, str(refused)))
    return result
