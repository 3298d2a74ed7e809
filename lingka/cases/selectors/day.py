"""One's day: what is due, what came back, for whom one waits, who named one, what was begun."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.cases import permissions
from lingka.cases.models import Case
from lingka.cases.rows import state_of
from lingka.cases.selectors import queues, rows, whys
from lingka.cases.selectors.queues import Tab
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.desks import selectors as desks

FIRST = 8  # cases shown of each kind; the rest is a link away
LOOKED = 100  # so many are told apart by day, and by whom they wait for


@dataclass(frozen=True)
class Waits:
    """What one waits for: with whom, how many, how many of them are late."""

    who: str
    count: int
    late: int
    first: Case


@dataclass(frozen=True)
class Beside:
    """A case with something of one's own hanging on it: a draft, or a mention."""

    url: str
    code: str
    title: str
    by: str
    at: datetime
    words: str = ""


@dataclass(frozen=True)
class Day:
    late: list[rows.Row]
    today: list[rows.Row]
    later: list[rows.Row]
    back: list[rows.Row]
    counts: dict[Tab, int]
    waits: list[Waits]
    waits_more: bool
    mentions: list[Beside]
    drafts: list[Beside]


def day(actor: Actor, posts: Sequence[PostInfo], units_of: frozenset[int]) -> Day:
    """Five statements, and up to two more for cases that are in neither list."""
    mine = queues.queue(actor, Tab.MINE, posts=posts, limit=LOOKED).rows
    others = queues.queue(actor, Tab.OTHERS, posts=posts, limit=LOOKED)
    parts = [*_by_day(mine), [case for case in mine if _came_back(case)]]
    late, today, later, back = (part[:FIRST] for part in parts)
    wanted = {*late, *today, *later, *back}
    shown = {row.number: row for row in rows.rows(wanted, units_of=units_of, reader=actor.id or 0)}
    return Day(
        late=[shown[case.number] for case in late],
        today=[shown[case.number] for case in today],
        later=[shown[case.number] for case in later],
        back=[shown[case.number] for case in back],
        counts=_counts(mine, others.rows) or queues.counters(actor, posts=posts),
        waits=_waits(others.rows),
        waits_more=others.next is not None,
        **_own(actor, posts, [*mine, *others.rows]),
    )


def _counts(mine: Sequence[Case], others: Sequence[Case]) -> dict[Tab, int]:
    """As `queues.counters` says them, from lists that begin with what is due first; empty where
    one is so long that it ends before what is due soon does."""
    now = clock.now()
    soon = now + queues.SOON
    for cases in (mine, others):
        last = cases[-1].due_at if len(cases) == LOOKED else None
        if last is not None and last < soon:
            return {}
    due = {case.pk: case.due_at for case in (*mine, *others) if case.due_at and case.due_at < soon}
    late = sum(at < now for at in due.values())
    return {
        Tab.MINE: len(mine), Tab.OTHERS: len(others), Tab.LATE: late, Tab.SOON: len(due) - late,
    }  # fmt: skip


def _came_back(case: Case) -> bool:
    """Handed back, or opened again: the list behind it asks the same of the database."""
    return bool(case.facts.get("returns") or case.facts.get("rounds"))


def _by_day(cases: Iterable[Case]) -> tuple[list[Case], list[Case], list[Case]]:
    """Late; due before midnight; the rest, with what has no deadline."""
    now = clock.now()
    today = timezone.localtime(now).date()
    found: tuple[list[Case], list[Case], list[Case]] = ([], [], [])
    for case in cases:
        if case.due_at is None:
            found[2].append(case)
        elif case.due_at < now:
            found[0].append(case)
        else:
            found[1 if timezone.localtime(case.due_at).date() == today else 2].append(case)
    return found


def _waits(cases: Iterable[Case]) -> list[Waits]:
    """By whom the cases wait for; whoever is late with some comes first."""
    now = clock.now()
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(_whom(case), []).append(case)
    waits = [
        Waits(who, len(of), sum(one.due_at is not None and one.due_at < now for one in of), of[0])
        for who, of in found.items()
    ]
    return sorted(waits, key=lambda one: (-one.late, -one.count, one.who))


def _whom(case: Case) -> str:
    if case.facts.get("asked") or case.owner == "reporter":
        return _("the resident")
    if case.owner == "lead_handler":
        return whys.unit_name(case.lead_unit_id) or _("the lead unit")
    if case.owner == "verifier" and (again := case.facts.get("reinspector")):
        return whys.unit_name(again)
    known = {
        "dispatcher": _("the desk"),
        "verifier": _("who checks"),
        "caller": _("who calls back"),
        "named_lead": _("the named lead"),
        "claimant": _("whoever claims it"),
    }
    return known.get(case.owner, _("somebody else"))


def _own(actor: Actor, posts: Sequence[PostInfo], at_hand: Iterable[Case]) -> dict[str, Any]:
    """Mentions and drafts with their cases, as far as they can still be seen."""
    mentions, drafts = desks.hanging(actor)
    uuids = {one.case_uuid for one in mentions} | {one.case_uuid for one in drafts}
    if not uuids:
        return {"mentions": [], "drafts": []}
    seen = {case.uuid: case for case in at_hand if case.uuid in uuids}  # one's own lists
    if missing := uuids - seen.keys():
        seen |= {
            case.uuid: case
            for case in Case.objects.filter(uuid__in=missing)
            if permissions.of_posts(state_of(case), actor.id or 0, posts)
        }
    names = accounts.users({one.by_id for one in mentions}) if mentions else {}
    return {
        "mentions": [
            _beside(seen[one.case_uuid], one.at, by=names[one.by_id].name, anchor="")
            for one in mentions
            if one.case_uuid in seen and one.by_id in names
        ],
        "drafts": [
            _beside(seen[one.case_uuid], one.changed_at, words=one.words, anchor=ANCHORS[one.kind])
            for one in drafts
            if one.case_uuid in seen
        ],
    }


ANCHORS = {"reply": "#say", "note": "#note"}


def _beside(case: Case, at: datetime, *, anchor: str, by: str = "", words: str = "") -> Beside:
    url = reverse("cases:case", args=[case.number]) + anchor
    return Beside(url, pretty(case.number), rows.type_of(case).name, by, at, words)
