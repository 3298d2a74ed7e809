"""Whoever leaves hands over what they lead by name; every case answers for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.cases import actions, inputs
from lingka.cases.desk import LEADS, Desk, staff
from lingka.cases.models import Case
from lingka.cases.selectors import leads, rows
from lingka.cases.views_bulk import AT_ONCE, Result, Seen, one, summary
from lingka.core.problems import Problem

NAME = "name_lead"


@dataclass(frozen=True)
class Given:
    """Which cases to whom and why, as typed; what is wrong stands beside its field."""

    chosen: Sequence[str] = ()
    to: str = ""
    note: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
@staff
def hand_over(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What an officer of one's area leads by name, to be led by somebody else from now on."""
    if not {post.role for post in desk.posts} & leads.NAMING:
        raise Http404
    officer = _officer(request)
    cases = leads.led_by(officer, desk.posts)
    given, results = Given(tuple(case.number for case in cases)), []
    if request.method == "POST":
        given = _given(request, leads.who_may_follow(cases, officer))
        if not given.errors:
            results = [_handed(desk, sent, officer, given) for sent in given.chosen[:AT_ONCE]]
            cases = leads.led_by(officer, desk.posts)
    context = _shown(desk, officer, cases) | {"given": given, "chosen": _numbers(given)}
    context |= {"results": summary(results)} if results else {}
    status = 422 if given.errors else 200
    return render(request, "cases/desk/hand_over.html", context, status=status)


def _officer(request: HttpRequest) -> int:
    said = request.GET.get("officer", "")
    return int(said) if LEADS.fullmatch(said) else 0


def _given(request: HttpRequest, followers: Sequence[tuple[int, str]]) -> Given:
    chosen = tuple(request.POST.getlist("case"))
    to, note = (request.POST.get(name, "").strip() for name in ("leader", "note"))
    errors = {} if chosen else {"case": _("Choose at least one case.")}
    if to not in {str(user) for user, _name in followers}:
        errors["leader"] = _("Please choose somebody from the list.")
    if not note:
        errors["note"] = _("Please fill this in.")
    try:
        inputs.text("note", note)
    except Problem as problem:
        errors["note"] = str(problem.message)
    return Given(chosen, to, note, errors)


def _handed(desk: Desk, sent: str, officer: int, given: Given) -> Result:
    def data(case: Case) -> dict[str, Any]:
        if case.facts.get("leader") != officer:
            raise Problem("moved", _("Somebody else leads it by now."))
        return {"leader": given.to, "note": given.note}

    return one(desk, Seen.of(sent), NAME, data, partial(actions.hand_over_lead, officer=officer))


def _numbers(given: Given) -> list[str]:
    return [Seen.of(sent).number for sent in given.chosen]


def _shown(desk: Desk, officer: int, cases: Sequence[Case]) -> dict[str, Any]:
    shown = rows.rows(cases[: leads.SHOWN], reader=desk.actor.id or 0)
    return {
        "desk": desk,
        "section": "cases:hand_over",
        "officers": leads.officers(desk.posts),
        "officer": officer,
        "followers": leads.who_may_follow(cases, officer),
        "rows": [(row, reverse("cases:case", args=[row.number])) for row in shown],
        "more": len(cases) > leads.SHOWN,
        "most": leads.SHOWN,
    }
