"""The counter's day for the staff: who is expected, handing in, what was missing; windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.accounts.administering import actor_of, administrator, open_to, page
from lingka.cases import actions as cases
from lingka.core.actors import Actor
from lingka.core.codes import normalise
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.counter import actions, permissions, selectors
from lingka.counter.forms import HandInForm, PapersForm, WindowForm, initial
from lingka.counter.models import Appointment
from lingka.guides import selectors as guides

State = Appointment.State
MOST_VISITS = 50  # on one page of the day
FARTHEST = timedelta(days=60)  # the pages before and after end somewhere


counter_staff = open_to(permissions.may_serve)


@require_safe
@counter_staff
def day(request: HttpRequest) -> HttpResponse:
    """Today's appointments: next, arrived, handed in; and a code from any window."""
    sought = request.GET.get("code", "").strip()[:32]
    if sought and (found := _by_code(sought)):
        return found
    mine = selectors.windows_of(getattr(request, "posts", ()))
    shown = day_of(request.GET)
    number = selectors.numbers(mine, shown)
    ahead = selectors.visits(mine, shown, [State.BOOKED], most=1)
    context = {
        "day": shown,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "is_today": shown == selectors.today(),
        "has_come": shown <= selectors.today(),
        "windows": mine,
        "all": sum(number.values()),
        "next": ahead[0] if ahead else None,
        "open": _Listed.of(request, "open", mine, shown),
        "over": _Listed.of(request, "over", mine, shown),
        "gone": number[State.HANDED_IN] + number[State.MISSED],
        "done": number[State.HANDED_IN],
        "services": guides.guides("service"),
        "sought": sought,
    }
    return render(request, "counter/desk/day.html", context)


LISTS = {"open": (State.BOOKED, State.ARRIVED), "over": (State.HANDED_IN, State.MISSED)}


@dataclass(frozen=True)
class _Listed:
    """One page of a list of visits."""

    visits: list[selectors.Visit]
    goes_on: bool
    has_begun: bool  # on an earlier page

    @classmethod
    def of(
        cls, request: HttpRequest, name: str, windows: list[selectors.WindowInfo], day: date
    ) -> "_Listed":
        after = request.GET.get(name, "")[:64]
        found = selectors.visits(windows, day, LISTS[name], after=after, most=MOST_VISITS + 1)
        return cls(found[:MOST_VISITS], len(found) > MOST_VISITS, bool(after))


def day_of(get: Mapping[str, str]) -> date:
    """The day asked for, as far as anybody can be expected on it; else today."""
    today = selectors.today()
    try:
        found = parse_date(get.get("day", "")) or today
    except ValueError:
        return today
    return found if abs(found - today) <= FARTHEST else today


def _by_code(typed: str) -> HttpResponse | None:
    """A receipt's code leads to its papers, an appointment's to handing in."""
    code = normalise(typed)
    if code is None:
        return None
    if selectors.papers_by_code(code):
        return redirect("counter:papers", code=code)
    visit = selectors.visit_by_code(code)
    if visit is None or visit.guide is None:
        return None
    address = reverse("counter:hand_in", args=[visit.guide.key])
    return redirect(f"{address}?appointment={visit.uuid}")


@require_POST
@counter_staff
def move(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Arrived, or not there."""
    try:
        actions.move(visit, request.POST.get("to", ""), actor=actor_of(request))
    except Problem as problem:
        messages.error(request, str(problem))
    found = selectors.visit(visit)
    address = reverse("counter:day")
    if found is None:
        return redirect(address)
    return redirect(f"{address}?day={found.starts_at.astimezone(selectors.zone()).date()}")


@require_http_methods(["GET", "HEAD", "POST"])
@counter_staff
def hand_in(request: HttpRequest, guide: str) -> HttpResponse:
    """Tick the papers against the list, take them in once, print one receipt."""
    found = guides.guide(guide)
    if found is None or found.kind != "service":
        raise Http404
    if request.method != "POST":
        visit = _visit(request.GET.get("appointment", ""))
        first = {
            "idempotency_key": uuid7(),
            "appointment": visit.uuid if visit else None,
            "language": visit.language if visit else request.LANGUAGE_CODE,
            "number": found.number,
        }
        form = HandInForm(papers=found.papers, initial=first)
        return _hand_in_page(request, found, form, visit)
    if request.POST.get("number", str(found.number)) != str(found.number):
        return _anew(request, found)
    form = HandInForm(request.POST, papers=found.papers)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in HANDED}
        try:
            opened = actions.hand_in(guide, actor=actor_of(request), **given)
        except (Problem, PermissionRefused) as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            return _receipt(request, opened, given["language"])
    visit = _visit(request.POST.get("appointment", ""))
    return _hand_in_page(request, found, form, visit, status=422)


def _anew(request: HttpRequest, found: guides.GuideInfo) -> HttpResponse:
    """The list was changed meanwhile: tick the new one; what was written besides stays."""
    messages.error(request, actions.LIST_CHANGED)
    kept = {name: request.POST.get(name, "") for name in WRITTEN}
    form = HandInForm(papers=found.papers, initial=kept | {"number": found.number})
    return _hand_in_page(request, found, form, _visit(kept["appointment"]), status=409)


WRITTEN = ("words", "phone", "language", "appointment", "idempotency_key")
HANDED = ("number", "papers", "words", "phone", "language", "appointment", "idempotency_key")


def _visit(text: str) -> selectors.Visit | None:
    try:
        return selectors.visit(UUID(text))
    except ValueError:
        return None


def _hand_in_page(
    request: HttpRequest,
    guide: guides.GuideInfo,
    form: HandInForm,
    visit: selectors.Visit | None,
    status: int = 200,
) -> HttpResponse:
    context = {"guide": guide, "form": form, "visit": visit}
    return render(request, "counter/desk/hand_in.html", context, status=status)


def _receipt(request: HttpRequest, opened: cases.Opened, language: str) -> HttpResponse:
    """Shown once, to be printed: the token is the resident's, so no address of the desk holds it.
    The same form sent again shows it again."""
    context = {
        "opened": opened, "papers": selectors.papers(opened.case_uuid), "token": opened.token,
        "language": language,
    }  # fmt: skip
    return render(request, "counter/desk/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_staff
def papers(request: HttpRequest, code: str) -> HttpResponse:
    """What was handed in with a receipt, and what is brought now, at whichever counter."""
    held = selectors.papers_by_code(normalise(code) or "")
    if held is None:
        raise Http404
    names = [one.name for one in held.papers]
    first = {f"paper_{at}": one.state for at, one in enumerate(held.papers)}
    form = PapersForm(request.POST or None, papers=names, initial=first)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _brought(request, held.case_uuid, form):
            return redirect("counter:papers", code=held.code)
        status = 422
    context = {"held": held, "form": form}
    return render(request, "counter/desk/papers.html", context, status=status)


def _brought(request: HttpRequest, case: UUID, form: PapersForm) -> bool:
    try:
        whole = actions.bring(case, form.cleaned_data["papers"], actor=actor_of(request))
    except (Problem, PermissionRefused) as refusal:
        form.add_error(None, str(refusal))
        return False
    said = _("All papers are here: it goes on.") if whole else _("Noted. Something is missing yet.")
    messages.success(request, said)
    return True


# -- windows --------------------------------------------------------------------------------


@require_safe
@administrator
def windows(request: HttpRequest) -> HttpResponse:
    """The windows in the areas that one administers."""
    return render(request, "counter/desk/windows.html", {"windows": _mine(request)})


def _mine(request: HttpRequest) -> list[selectors.WindowInfo]:
    reach = permissions.administered(actor_of(request))
    return [one for one in selectors.windows(closed=True) if one.area_path.startswith(reach)]


@administrator
def edit_window(request: HttpRequest, window: UUID | None = None) -> HttpResponse:
    """A window's form."""
    found = next((one for one in _mine(request) if one.uuid == window), None)
    if window and found is None:
        raise Http404
    first = initial(selectors.texts(found.uuid), found) if found else {}
    form = partial(WindowForm, reach=permissions.administered(actor_of(request)), initial=first)
    return page(
        request, "counter/desk/window.html", {"window": (form, partial(_set, window))},
        lambda: {"window": found}, after=lambda _done: reverse("counter:windows"),
    )  # fmt: skip


def _set(window: UUID | None, actor: Actor, data: dict[str, Any]) -> UUID:
    kept = ("name", "unit", "slot_minutes", "capacity", "is_open")
    return actions.set_window(window, actor=actor, **{name: data[name] for name in kept})
