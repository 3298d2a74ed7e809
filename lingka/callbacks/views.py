"""Calling back at the desk: whom now, whom later, and one call; and the lots, for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.callbacks import rules, selectors
from lingka.callbacks.sections import CALLERS
from lingka.callbacks.selectors import Waiting
from lingka.cases import actions as cases
from lingka.cases import callbacks
from lingka.cases import selectors as case_selectors
from lingka.cases.desk import Desk, staff_with
from lingka.cases.selectors import calls, page
from lingka.core import clock, saying
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.units import selectors as units

LANGUAGES = ("zh-hans", "bo", "en")


# For those whose post calls residents; others find nothing here.
_caller = staff_with(lambda _r, desk: desk if {one.role for one in desk.posts} & CALLERS else None)


@require_safe
@_caller
def show_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody waiting for a call, by whose turn it is."""
    found = waiting_for(desk.posts)
    context = {
        "parts": [
            {"key": key, "title": title, "note": note, "rows": rows}
            for key, title, note, rows in parts(found) if rows
        ],
        "others": sum(one.own for one in found),
        "windows": [_window(one) for one in callbacks.plan().windows],
        "plan": callbacks.plan(),
        "lots": next(iter(selectors.lots(clock.now())), None),
    }  # fmt: skip
    return render(request, "callbacks/list.html", context)


def waiting_for(posts: Sequence[PostInfo]) -> list[Waiting]:
    """Whom these posts call, and beside them those that their own units were on."""
    desks = {
        one for post in posts if post.role in CALLERS
        for one in (post.area_id, *areas.desks_under(post.area_id))
    }  # fmt: skip
    own = frozenset(post.unit_id for post in posts)
    return selectors.waiting(desks, own, clock.now())


def parts(found: list[Waiting]) -> list[tuple[str, str, str, list[dict[str, Any]]]]:
    mine = {kind: [] for kind in ("now", "enough", "later", "first")}  # type: dict[str, list[Any]]
    for one in found:
        if not one.own:
            mine[one.turn.kind].append(_row(one))
    return [
        ("now", _("Call now"), "", mine["now"]),
        ("enough", _("Tried often enough"), _("May be closed as not reached."), mine["enough"]),
        ("later", _("Again at another time"), "", sorted(mine["later"], key=lambda row: row["at"])),
        ("first", _("The resident's turn"),
         _("They were asked by message and may answer by the link. Nobody calls before."),
         sorted(mine["first"], key=lambda row: row["at"])),
    ]  # fmt: skip


def _row(one: Waiting) -> dict[str, Any]:
    call, window = one.call, one.turn.window
    when = {
        "first": _("until %(when)s") % {"when": saying.when(one.turn.at)},
        "later": f"{saying.when(one.turn.at)} · {pick(window.label)}" if window else "",
    }
    return {
        "number": call.number, "title": call.type_name, "place": call.place,
        "unit": pick(units.unit(call.lead_unit).name) if call.lead_unit else "",
        "tries": len(call.tries), "of": callbacks.plan().tries, "at": one.turn.at,
        "when": when.get(one.turn.kind, ""), "due": call.due,
        "late": bool(call.due and call.due < clock.now()),
    }  # fmt: skip


def _window(one: callbacks.Window) -> str:
    return f"{pick(one.label)} {one.begins:%H:%M}–{one.ends:%H:%M}"


@dataclass(frozen=True)
class Tried:
    """What came of pressing a button: what is read, or what is wrong and what was typed."""

    contact: list[tuple[str, str]] = field(default_factory=list)
    receipt: str = ""
    fault: str = ""
    action: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@_caller
def call(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One call: the words to say, the telephone on a press, and what came of it."""
    case = page.find(number.upper(), desk.actor, desk.posts)
    waits = calls.called(case) if case else None
    if case is None:
        raise Http404
    if waits is None:
        messages.info(request, _("This one no longer waits for a call."))
        return redirect("cases:case", case.number)
    tried = Tried()
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do != "read":
            tried = _done(request, desk, waits.uuid, do)
            if not tried.fault:
                messages.success(request, _("Noted."))
                return redirect("callbacks:list")
        else:
            tried = _read(request, desk)
    return render(
        request, "callbacks/call.html", _context(desk, case, waits, tried), status=tried.status
    )


def _read(request: HttpRequest, desk: Desk) -> Tried:
    """The contact, for the reason that one calls back; the reading is kept and shown to them."""
    asked = request.POST.get("receipt", "")
    try:
        read = cases.read_contact(UUID(asked), actor=desk.actor, reason=_("To call back"))
    except ValueError:
        return Tried(fault=_("There is no such contact."), action="read", status=422)
    except (PermissionRefused, Problem) as refused:
        return Tried(fault=str(refused), action="read", status=403)
    if read is None:
        return Tried(fault=_("It was erased meanwhile."), action="read", status=422)
    labels = {"name": _("Name"), "phone": _("Telephone"), "email": _("E-mail")}
    values = asdict(read)
    lines = [(label, str(values[key])) for key, label in labels.items() if values[key]]
    return Tried(contact=lines, receipt=asked)


FIELDS = {
    "call_back_done": ("words", "satisfied"),
    "call_back_unsolved": ("words",),
    "call_back_tried": ("outcome",),
    "call_back_unreached": (),
}


def _done(request: HttpRequest, desk: Desk, case: UUID, do: str) -> Tried:
    if do not in FIELDS:
        return Tried(fault=_("Choose what came of it."), status=422)
    typed = {name: request.POST.get(name, "").strip()[:4000] for name in FIELDS[do]}
    try:
        given = {name: text for name, text in typed.items() if text}
        cases.perform(case, do, actor=desk.actor, data=given)
    except PermissionRefused as refused:
        return Tried(fault=str(refused), action=do, typed=typed, status=403)
    except Problem as problem:
        return Tried(fault=str(problem.message), action=do, typed=typed, status=problem.status)
    return Tried()


def _context(desk: Desk, case: Any, waits: calls.ToCall, tried: Tried) -> dict[str, Any]:
    shown = page.case_page(case)
    people = calls.reporters(case)
    offered = {one.key: one for one in case_selectors.offers_for(case, desk.actor)}
    outcomes = offered["call_back_tried"].needs[0].options if "call_back_tried" in offered else ()
    first = people[0].language if people else "zh-hans"
    refused = next(
        (str(one.state.message) for key, one in offered.items()
         if key == "call_back_done" and not one.state), ""
    )  # fmt: skip
    return {
        "view": shown, "waits": waits, "tried": tried, "people": people, "refused": refused,
        "turn": rules.turn(waits, clock.now()),
        "window": rules.turn(waits, clock.now()).window,
        "scripts": [_script(one, desk, waits) for one in _first(first)],
        "outcomes": [(key, pick(names)) for key, names in outcomes],
        "tries": [_try(one, dict(outcomes)) for one in waits.tries],
        "unreached": offered.get("call_back_unreached"), "plan": callbacks.plan(),
        "timeline": [one for one in shown.timeline if one.kind == "past"][-4:],
        "section": "callbacks:list",
    }  # fmt: skip


def _first(language: str) -> list[str]:
    """The languages with the resident's own before the others."""
    return sorted(LANGUAGES, key=lambda one: one != language)


def _script(language: str, desk: Desk, waits: calls.ToCall) -> dict[str, Any]:
    """What to say, with the names that belong there."""
    unit = units.unit(waits.lead_unit).name if waits.lead_unit else {}
    values = {
        "desk": pick(units.unit(desk.posts[0].unit_id).name, language),
        "unit": pick(unit, language) if unit else "…",
        "type": case_selectors.case_type(waits.case_type, language).name,
    }
    lines = [pick(one, language).format(**values) for one in callbacks.plan().script]
    return {"language": language, "lines": lines}


def _try(one: Mapping[str, str], outcomes: Mapping[str, Any]) -> str:
    moment = datetime.fromisoformat(one["at"])
    names = outcomes.get(one["outcome"])
    return f"{saying.when(moment)} · {pick(names) if names else one['outcome']}"


@require_safe
def show_lots(request: HttpRequest) -> HttpResponse:
    """Whom we call, for everybody: how often, when, which share, and how to check the lots."""
    context = {
        "weeks": selectors.lots(clock.now()), "plan": callbacks.plan(),
        "windows": [_window(one) for one in callbacks.plan().windows],
    }  # fmt: skip
    return render(request, "callbacks/lots.html", context)
