"""Open cases as a worker carries them: what is to be done, where, and what the worker may do.

Never a contact, and never who reported it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases import permissions
from lingka.cases.models import Attachment, Case, Stage
from lingka.cases.rows import state_of
from lingka.cases.selectors import catalogue, flows
from lingka.cases.selectors.rows import said, title_of
from lingka.cases.workflow import CaseState, permitted
from lingka.core import contents

SHOWN = 8  # photos of a case, the latest


def open_in(grids: Iterable[int], after: int, limit: int) -> list[Case]:
    """What is open in these grids behind an id, by id."""
    rows = Case.objects.filter(grid_id__in=list(grids), id__gt=after)
    return list(rows.exclude(stage=Stage.CLOSED).order_by("id")[:limit])


def among(uuids: Iterable[UUID], grids: Iterable[int]) -> list[Case]:
    """Those of these cases that lie in the grids, closed ones too."""
    return list(Case.objects.filter(uuid__in=list(uuids), grid_id__in=list(grids)))


def carried(
    cases: Sequence[Case], user: int, posts: Sequence[PostInfo]
) -> dict[UUID, dict[str, Any]]:
    """The open ones that concern the worker, by id. Three statements however many."""
    named = [ref for case in cases for ref in (case.words, case.location) if ref]
    texts = contents.read(named)
    files = Attachment.objects.filter(case__in=cases, kind="photo", erased_at=None)
    photos: dict[int, list[str]] = {}
    for row, uuid in files.order_by("-id").values_list("case_id", "uuid"):
        photos.setdefault(row, []).append(str(uuid))
    found = {}
    for case in cases:
        state = state_of(case)
        related = permissions.of_posts(state, user, posts)
        if case.stage == Stage.CLOSED or not related:
            continue
        told = texts if related - permissions.SILENT else {}
        found[case.uuid] = {
            **_case(case, told), "photos": len(photos.get(case.pk, ())),
            "pictures": photos.get(case.pk, [])[:SHOWN] if told is texts else [],
            "actions": _actions(case, state, related),
        }  # fmt: skip
    return found


def _case(case: Case, texts: Mapping[UUID, Any]) -> dict[str, Any]:
    words = texts.get(case.words) if case.words else None
    place = areas.place(case.place_id) if case.place_id else None
    where = {"lon": place.lon, "lat": place.lat} if place else {"lon": None, "lat": None}
    exact = (texts.get(case.location) if case.location else None) or {}
    where |= {name: one for name, one in exact.items() if one is not None and name in where}
    step = flows.of(case).states.get(case.state)
    text, language = said(words)
    return {
        "number": case.number, "type": case.case_type, "title": title_of(case, words)[0],
        "words": text, "language": language, "state": case.state, "stage": case.stage,
        "label": dict(step.label) if step else {}, "urgent": case.urgent,
        "grid": str(areas.area(case.grid_id).uuid) if case.grid_id else None,
        "place": str(place.uuid) if place else None, **where,
        "address": str(exact.get("address") or ""),
        "opened_at": case.opened_at.isoformat(),
        "due_at": case.due_at.isoformat() if case.due_at else None,
    }  # fmt: skip


def _actions(case: Case, state: CaseState, related: frozenset[str]) -> list[dict[str, Any]]:
    """What has to do with the worker: allowed, or why not just now."""
    workflow = catalogue.workflow(case.workflow_id)
    told = catalogue.actions_told(case.workflow_id)
    verdicts = {
        one.key: permitted(workflow, state, one, related)
        for one in workflow.actions.values()
        if related & set(one.by)
    }
    return [
        {**told[key], "allowed": bool(verdict), "reason": str(verdict.message)}
        for key, verdict in verdicts.items()
    ]


def types_to_report() -> tuple[int, list[dict[str, Any]]]:
    """What workers may report, in all languages, with the number of the catalogue in force."""
    number = catalogue.current("case_types", "case_types")
    body = catalogue.body(number)
    found = []
    for one in catalogue.case_types():
        if not one.workers:
            continue
        raw, group = body["types"][one.key], body["groups"][one.group_key]
        found.append(
            {
                "key": one.key, "group": one.group_key, "group_name": group["name"],
                "icon": group["icon"], "name": raw["name"], "description": raw["description"],
                "urgent": one.urgent, "form": list(one.form),
            }
        )  # fmt: skip
    return number, found
