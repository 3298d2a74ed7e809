"""Stations for everybody: what is open near, what is on, rooms to be had without an account."""

from datetime import date, timedelta
from http import HTTPStatus
from math import isfinite
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.areas import selectors as areas
from lingka.core import limits, qr
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.rooms import actions, calendars, catalogue, rules, selectors
from lingka.rooms.forms import BookingForm, moment
from lingka.rooms.selectors import RoomInfo, StationInfo

RESIDENT = Actor("resident")
FROM_ONE_ADDRESS = (12, 3600)  # bookings in an hour
DOOR_TRIES = (10, 3600)  # wrong and right codes of one booking in an hour
FEED_DAYS = 28
CHOICE_DAYS = 14  # days beside each other to choose from


# -- what is near ---------------------------------------------------------------------------


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is open now, by an estimate of the walk from where one says to be."""
    place, sought = None, request.GET.get("at", "").strip()[:24]
    if sought:
        place = areas.place_by_code(sought)
    point = (place.lon, place.lat) if place else _point(request)
    audience = request.GET.get("for", "")
    audience = audience if audience in catalogue.audiences() else ""
    found = selectors.nearby(point, audience)
    is_open = [one for one in found if one.now.is_open]
    context = {
        "place": place,
        "point": point,
        "sought": sought,
        "unknown": bool(sought) and place is None,
        "audience": audience,
        "audiences": catalogue.choices(catalogue.audiences()),
        "near": [one for one in is_open if one.in_circle],
        "open": [one for one in is_open if not one.in_circle],
        "closed": [one for one in found if not one.now.is_open],
        "circle": rules.CIRCLE,
        "from_here": _from_here(place, point),
    }
    return _private(render(request, "rooms/index.html", context))


def _from_here(place: areas.PlaceInfo | None, point: tuple[float, float] | None) -> str:
    """What a link adds to stay where one is."""
    if place:
        return urlencode({"at": place.code})
    return urlencode({"lon": point[0], "lat": point[1]}) if point else ""


def _point(request: HttpRequest) -> tuple[float, float] | None:
    """Where the browser says to be, rounded by its page to some hundred metres; never kept."""
    try:
        lon, lat = (float(request.GET.get(name, "")) for name in ("lon", "lat"))
    except ValueError:
        return None
    fits = isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90  # noqa: PLR2004
    return (lon, lat) if fits else None


# -- one station ----------------------------------------------------------------------------


@require_safe
def station(request: HttpRequest, key: str) -> HttpResponse:
    """Open until when, for whom, today's programme, the week, and its rooms."""
    one = _station(key)
    today = selectors.today()
    rooms = selectors.rooms_of([one])
    programme = selectors.programme([one], today, 7)[one.id]
    context = {
        "station": one,
        "now": selectors.now_of([one])[one.id],
        "today": [entry for entry in programme if _day(entry) == today],
        "week": [
            (day, [entry for entry in programme if _day(entry) == day.day])
            for day in selectors.week(one)
        ],
        "rooms": [(held, selectors.free_starts(held, today)) for held in rooms],
        "area": areas.ancestors(areas.area(one.place.grid_id).path)[-2],
    }
    return render(request, "rooms/station.html", context)


def _day(entry: selectors.Entry) -> date:
    return entry.starts_at.astimezone(selectors.zone()).date()


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The programme of the next four weeks, for other calendars."""
    one = _station(key)
    entries = selectors.programme([one], selectors.today(), FEED_DAYS)[one.id]
    url = request.build_absolute_uri(reverse("rooms:station", args=[one.key]))
    text = calendars.calendar(one, entries, url)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{one.key}.ics"'
    return response


def _station(key: str) -> StationInfo:
    one = selectors.station(key)
    if one is None or not one.is_open:
        raise Http404
    return one


# -- taking a room --------------------------------------------------------------------------


@csrf_exempt  # it acts on nobody's behalf; a browser that refuses cookies must be able to book
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, key: str, room: UUID) -> HttpResponse:
    """Choose a day and a time; say who comes. No account."""
    held = selectors.room(room)
    if held is None or not held.is_open or held.station.key != key:
        raise Http404
    shown = _chosen_day(request.GET.get("day", ""), held)
    if request.method != "POST":
        form = BookingForm(room=held, initial={"idempotency_key": uuid7()})
        return _book_page(request, held, form, shown)
    form = BookingForm(request.POST, room=held)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        done = _booked(request, held, form)
        if isinstance(done, HttpResponse):
            return done
        status = done
    chosen = moment(request.POST.get("starts_at"))
    day = _within(chosen.astimezone(selectors.zone()).date()) if chosen else shown
    return _book_page(request, held, form, day, status)


def _booked(request: HttpRequest, held: RoomInfo, form: BookingForm) -> HttpResponse | HTTPStatus:
    """Led on to the booking; or the status of what is wrong, said in the form."""
    if not limits.hit("booking", limits.source_of(request), *FROM_ONE_ADDRESS):
        form.add_error(None, _("Too much at once from here. Please try again in an hour."))
        return HTTPStatus.TOO_MANY_REQUESTS
    key = form.cleaned_data["idempotency_key"]
    try:
        done = actions.book(held.uuid, form.wish(), actor=RESIDENT, idempotency_key=key)
    except Problem as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return HTTPStatus(problem.status)
    return _private(redirect("rooms:booking", token=done.token))


def _chosen_day(text: str, held: RoomInfo) -> date:
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    return _within(asked) if asked else selectors.first_free_day(held)


def _within(day: date) -> date:
    """A day on which a room can be had; else today."""
    today = selectors.today()
    return day if today <= day <= today + rules.AHEAD else today


def _book_page(
    request: HttpRequest, held: RoomInfo, form: BookingForm, day: date,
    status: int = HTTPStatus.OK,
) -> HttpResponse:  # fmt: skip
    today = selectors.today()
    last = today + rules.AHEAD
    context: dict[str, Any] = {
        "room": held,
        "form": form,
        "day": day,
        "first": today,
        "last": last,
        "before": day - timedelta(days=1) if day > today else None,
        "after": day + timedelta(days=1) if day < last else None,
        "starts": selectors.free_starts(held, day),
        "chosen": moment(form.data.get("starts_at")) if form.is_bound else None,
    }
    response = render(request, "rooms/book.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


# -- one's own booking ----------------------------------------------------------------------


@require_safe
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """What became of each date; the token in the address is the authority."""
    return _booking_page(request, token)


def _booking_page(
    request: HttpRequest, token: str, *, fault: Problem | None = None, at: UUID | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:  # fmt: skip
    found = selectors.booking_by_token(token)
    if found is None:
        raise Http404
    address = request.build_absolute_uri(reverse("rooms:booking", args=[token]))
    context = {
        "booking": found, "token": token, "fault": fault, "fault_at": at,
        "qr": qr.svg(address, _("QR code of the booking")),
        "readings": selectors.readings(found.uuid),
    }  # fmt: skip
    return _private(render(request, "rooms/booking.html", context, status=status))


@csrf_exempt  # the token in the address is the authority, and no cookie plays a part
@require_POST
def give_back(request: HttpRequest, token: str, date: UUID) -> HttpResponse:
    """Let others have the time."""
    return _acted(request, token, date, lambda: actions.give_back(token, date, actor=RESIDENT))


@csrf_exempt  # as above
@require_POST
def check_in(request: HttpRequest, token: str, date: UUID) -> HttpResponse:
    """With the code that stands on the door that day."""
    code = request.POST.get("code", "")[:16]
    if not limits.hit("door", token[:64], *DOOR_TRIES):
        many = Problem("limit", _("Too many tries. Please ask at the desk."), field="code")
        return _booking_page(
            request, token, fault=many, at=date, status=HTTPStatus.TOO_MANY_REQUESTS
        )
    return _acted(
        request, token, date,
        lambda: actions.check_in_at_door(token, date, code, actor=RESIDENT),
    )  # fmt: skip


def _acted(request: HttpRequest, token: str, date: UUID, act: Any) -> HttpResponse:
    if selectors.booking_by_token(token) is None:
        raise Http404
    try:
        act()
    except Problem as problem:
        return _booking_page(request, token, fault=problem, at=date, status=problem.status)
    return _private(redirect("rooms:booking", token=token))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
