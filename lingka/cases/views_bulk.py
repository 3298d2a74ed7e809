"""Accept, dispatch, press for or hand over several cases at once; every case answers for itself.

What is ticked, typed and filtered lives in the form and its address: whatever is refused, the page
that says so shows the same list with the same ticks and words, and the error beside its field.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lingka.cases import actions, inputs, views
from lingka.cases.desk import SOUGHT, Desk, staff
from lingka.cases.models import Case
from lingka.cases.selectors import near, page
from lingka.cases.selectors.suggestions import suggestions
from lingka.core.codes import pretty
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem

AT_ONCE = 50
HAND_OVER = "reassign"
FIND = "find"  # the unit to hand over to, by a part of its name: nothing is done yet
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
BULK = frozenset({"accept", "dispatch", "remind", HAND_OVER})


@dataclass(frozen=True)
class Result:
    code: str
    url: str
    done: bool
    message: str


@dataclass(frozen=True)
class Seen:
    """A case as it stood in the list; what has moved since is not acted on unseen."""

    number: str
    version: int | None

    @classmethod
    def of(cls, sent: str) -> "Seen":
        """`NUMBER.VERSION`; without a version, as it stands now."""
        number, _dot, version = sent.partition(".")
        return cls(number, int(version) if WHOLE.fullmatch(version) else None)


@require_http_methods(["GET", "POST"])
@staff
def bulk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One transaction a case: what one refuses does not undo the others."""
    if request.method == "GET":  # signed in anew, or the language changed: the list itself
        return redirect(f"{reverse('cases:queue')}?{views.choosing(desk)}")
    action = request.POST.get("action", "")
    chosen = request.POST.getlist("case")
    given = Given.of(request, desk, action, chosen)
    results: list[Result] = []
    if action != FIND and not given.errors:
        results = [
            one(desk, Seen.of(sent), action, lambda case: _data(case, action, given))
            for sent in chosen[:AT_ONCE]
        ]
    done = {each.code.replace("-", "") for each in results if each.done}
    left = [number for number in (Seen.of(sent).number for sent in chosen) if number not in done]
    context = views.queue_context(request, desk, here="queue", selecting=True)
    typed = given if left or action == FIND or given.errors else Given()
    context |= {"heading": _("Queue"), "chosen": left, "given": typed}
    context |= {"near": near.units_near(desk.posts, typed.like, typed.unit)}
    context |= {"results": summary(results)} if results else {}
    return render(request, "cases/desk/queue.html", context, status=422 if given.errors else 200)


@dataclass(frozen=True)
class Given:
    """To whom cases are handed over and why, as typed; what is wrong stands beside its field."""

    unit: str = ""
    note: str = ""
    like: str = ""  # a part of the unit's name
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, desk: Desk, action: str, chosen: Sequence[str]) -> "Given":
        unit, note, like = (request.POST.get(name, "").strip() for name in ("unit", "note", "like"))
        like = like[:SOUGHT]
        if action == FIND:
            found = near.units_near(desk.posts, like).shown
            return cls(unit, note, like, {} if found else {"like": _("No unit is called so here.")})
        errors = {} if chosen else {"case": _("Choose at least one case.")}
        if action not in BULK:
            errors["action"] = _("Choose what to do with them.")
        if action == HAND_OVER:
            errors |= _wrong_in_handing_over(desk, unit, note)
        return cls(unit, note, like, errors)


def _wrong_in_handing_over(desk: Desk, unit: str, note: str) -> dict[str, str]:
    errors = {}
    if not unit or not note:
        missing = {"unit": unit, "note": note}
        errors = {name: _("Please fill this in.") for name, given in missing.items() if not given}
    if unit and not near.is_near(desk.posts, unit):
        errors["unit"] = _("Please choose a unit from the list.")
    try:
        inputs.text("note", note)
    except Problem as problem:
        errors["note"] = str(problem.message)
    return errors


def summary(results: list[Result]) -> dict[str, Any]:
    done = sum(each.done for each in results)
    text = ngettext(
        "%(done)d of %(count)d case done", "%(done)d of %(count)d cases done", len(results)
    )
    return {"summary": text % {"done": done, "count": len(results)}, "rows": results}


def one(
    desk: Desk,
    seen: Seen,
    action: str,
    data_of: Callable[[Case], dict[str, Any]],
    do: Callable[..., object] = actions.perform,
) -> Result:
    """Do it to one case, in a transaction of its own."""
    case = page.find(seen.number, desk.actor, desk.posts)
    if case is None:
        return Result(seen.number[:12], "", done=False, message=_("Not found."))
    url = reverse("cases:case", args=[case.number])
    code = pretty(case.number)
    try:
        data = data_of(case)
        do(
            case.uuid, action, actor=desk.actor, data=data,
            expected_version=case.version if seen.version is None else seen.version,
        )  # fmt: skip
    except PermissionRefused as refused:
        return Result(code, url, done=False, message=str(refused))
    except Problem as problem:
        return Result(code, url, done=False, message=str(problem.message))
    return Result(code, url, done=True, message=page.last_step(_again(case.uuid)))


def _data(case: Case, action: str, given: Given) -> dict[str, Any]:
    if action == HAND_OVER:
        if str(case.lead_unit_id) == given.unit:
            raise Problem("there", _("This unit has it already."))
        return {"unit": given.unit, "note": given.note}
    if action != "dispatch":
        return {}
    first = next(iter(suggestions(case)), None)
    if first is None:
        raise Problem("no-rule", _("No rule names a unit: open it and choose one."))
    return {"unit": first.unit_id}


def _again(uuid: UUID) -> Case:
    return Case.objects.get(uuid=uuid)
