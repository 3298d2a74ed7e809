"""Appeals at the desk: asked by a unit, decided by somebody else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.insight import actions, hearing, permissions
from lingka.insight.actions import appeals as deciding
from lingka.insight.asking import Asked, reader
from lingka.insight.forms import AppealForm, DecisionForm
from lingka.insight.models import Appeal
from lingka.insight.rules import day_of
from lingka.insight.selectors import appeals, definitions, listing
from lingka.units import selectors as units

STATES: dict[str, tuple[Any, str]] = {
    "filed": (gettext_lazy("waits for a decision"), "soon"),
    "upheld": (gettext_lazy("not counted"), "done"),
    "refused": (gettext_lazy("counted on"), ""),
    "objected": (gettext_lazy("the resident objects"), "soon"),
}
REFUSED = 409


@require_GET
@reader
def show_appeals(request: HttpRequest, asked: Asked) -> HttpResponse:
    rows = [shown(one) for one in appeals.seen(asked.reach)]
    return render(request, "insight/appeals.html", {"rows": rows, "units": asked.reach.units})


def shown(one: Appeal) -> dict[str, Any]:
    by = definitions.versions()[-1:] or ()
    kind = by[0].appeal(one.kind) if by else None
    word, tone = STATES[one.state]
    return {
        "uuid": one.uuid, "number": one.number, "unit": pick(units.unit(one.unit).name),
        "kind": pick(kind.label) if kind else one.kind,
        "ground": pick(by[0].reason(one.ground)) if by else one.ground,
        "state": word, "tone": tone, "filed_at": one.filed_at,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@reader
def new_appeal(request: HttpRequest, asked: Asked, number: str) -> HttpResponse:
    """A unit asks about one of its cases."""
    fact = listing.fact(number)
    if fact is None or fact.unit not in asked.reach.units:
        return _unknown(request, number)
    form = AppealForm(request.POST or None, by=definitions.on(day_of(fact.memory)))
    verdict = permissions.may_file(asked.desk.posts, fact.unit, deciding.over(fact))
    status = 200
    if request.method == "POST" and form.is_valid():
        kind, _colon, ground = form.cleaned_data["what"].partition(":")
        try:
            made = actions.file_appeal(
                fact.case, kind=kind, ground=ground, words=form.cleaned_data["words"],
                actor=asked.desk.actor,
            )  # fmt: skip
        except (Problem, PermissionRefused) as error:
            form.add_error(None, str(error))
            status = REFUSED
        else:
            messages.success(request, _("The appeal is filed. Somebody else decides."))
            return redirect("insight:appeal", made.uuid)
    context = {
        "form": form, "number": number, "refused": "" if verdict else str(verdict.message),
        "section": "insight:board",
    }  # fmt: skip
    return render(
        request, "insight/new_appeal.html", context, status=422 if form.errors else status
    )


def _unknown(request: HttpRequest, number: str) -> HttpResponse:
    """Whose case it is, is not known before it is counted; nothing is said of whether it exists."""
    if not hearing.behind():
        raise Http404
    context = {"number": number, "section": "insight:board"}
    return render(request, "insight/appeal_later.html", context, status=REFUSED)


@require_http_methods(["GET", "POST"])
@reader
def show_appeal(request: HttpRequest, asked: Asked, appeal: UUID) -> HttpResponse:
    found = appeals.one(appeal, asked.reach)
    if found is None:
        raise Http404
    verdict = deciding.may_decide(found, asked.desk.actor)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_appeal(
                appeal, upheld=form.cleaned_data["verdict"] == "upheld",
                words=form.cleaned_data["words"], actor=asked.desk.actor,
            )  # fmt: skip
        except (Problem, PermissionRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Decided. The figures follow."))
            return redirect("insight:appeal", appeal)
    said = appeals.words([found])
    context = shown(found) | {
        "appeal": found, "form": form, "may": bool(verdict), "refused": str(verdict.message),
        "waits": found.state in appeals.WAITING, "words": said.get(found.words, ""),
        "decision": said.get(found.decision, "") if found.decision else "",
        "objection": said.get(found.objection, "") if found.objection else "",
        "section": "insight:board",
    }  # fmt: skip
    status = REFUSED if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "insight/appeal.html", context, status=status)
