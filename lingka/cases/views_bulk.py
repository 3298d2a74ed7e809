"""Accept, dispatch or press for several cases at once; every case answers for itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lingka.cases import actions, views
from lingka.cases.desk import Desk, staff
from lingka.cases.models import Case
from lingka.cases.selectors import page
from lingka.cases.selectors.suggestions import suggestions
from lingka.core.codes import pretty
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem

AT_ONCE = 50
BULK = frozenset({"accept", "dispatch", "remind"})


@dataclass(frozen=True)
class Result:
    code: str
    url: str
    done: bool
    message: str


@require_POST
@staff
def bulk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One transaction a case: what one refuses does not undo the others."""
    action = request.POST.get("action", "")
    chosen = request.POST.getlist("case")[:AT_ONCE]
    if action not in BULK or not chosen:
        results = [Result("", "", done=False, message=_("Choose at least one case."))]
    else:
        results = [_one(desk, number, action) for number in chosen]
    context = views.queue_context(request, desk, here="queue")
    context |= {"heading": _("Queue"), "selecting": True, "results": _summary(results)}
    context["chosen"] = [one.code.replace("-", "") for one in results if not one.done]
    return render(request, "cases/desk/queue.html", context)


def _summary(results: list[Result]) -> dict[str, Any]:
    done = sum(one.done for one in results)
    text = ngettext(
        "%(done)d of %(count)d case done", "%(done)d of %(count)d cases done", len(results)
    )
    return {"summary": text % {"done": done, "count": len(results)}, "rows": results}


def _one(desk: Desk, number: str, action: str) -> Result:
    case = page.find(number, desk.actor, desk.posts)
    if case is None:
        return Result(number[:12], "", done=False, message=_("Not found."))
    url = reverse("cases:case", args=[case.number])
    code = pretty(case.number)
    try:
        data = _data(case, action)
        actions.perform(
            case.uuid, action, actor=desk.actor, data=data, expected_version=case.version
        )
    except PermissionRefused as refused:
        return Result(code, url, done=False, message=str(refused))
    except Problem as problem:
        return Result(code, url, done=False, message=str(problem.message))
    return Result(code, url, done=True, message=page.last_step(_again(case.uuid)))


def _data(case: Case, action: str) -> dict[str, Any]:
    if action != "dispatch":
        return {}
    first = next(iter(suggestions(case)), None)
    if first is None:
        raise Problem("no-rule", _("No rule names a unit: open it and choose one."))
    return {"unit": first.unit_id}


def _again(uuid: UUID) -> Case:
    return Case.objects.get(uuid=uuid)
