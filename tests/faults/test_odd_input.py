"""Whatever comes to any address, in whatever shape: an answer, never a fault of the server."""

import os
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.wsgi import application
from lingka.accounts.models import Post, User
from lingka.areas.models import Place
from lingka.core import codes
from lingka.core.ids import uuid7
from tests.cases.city import HERE, START, City, names
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]

Values = Mapping[str, tuple[str, ...]]
CSRF = "x" * 32
EXAMPLES = int(os.environ.get("LINGKA_EXAMPLES", "10"))
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
ODD = (
    "", " ", "\x00", "a\x00b", "\ud800", "\ufffe", "\u202e", "𝕏", "../../../etc/passwd",
    "..%2f..%2f", "%00", "%", "'\"><script>", "{{7*7}}", "NaN", "nan", "Infinity", "-inf", "1e400",
    "-1", "0", "9" * 25, "9" * 5000, "00000000000000005000", "٣", "²", "1_0", "true", "null", "[]",
    "{}", "0000-00-00", "0001-01-01T00:00:00+23:59", "9999-12-31", "9999-12-31T23:59:59-23:59",
    "2026-02-30", "2026-11-16T02:00:00 08:00", "language:xx", "language:\x00", "remove:", "next",
    "back", "keep", "send", "yes", "no", "open,closed", ",,,", "zh-hans", "xx", "elder", "*",
    "https://example.com/", "//example.com", "javascript:alert(1)", "29.65", "91.13", "180",
    "x" * 70_000,
)  # fmt: skip
FIELDS = (
    "a.kind", "a.", "a.\x00", "address", "address_id", "address_string", "after", "answer",
    "api_key", "area", "attribute[x]", "attribute[x][]", "authentication", "challenge", "channel",
    "code", "credential", "current", "datum", "day", "description", "do", "door", "email",
    "end_date", "ends_at", "expected_version", "filter", "first_name", "idempotency_key",
    "jurisdiction_id", "kept", "kind", "language", "lat", "layout", "list", "login", "lon", "long",
    "name", "next", "offer", "op_id", "page", "page_size", "password", "phone", "place", "post",
    "q", "query", "report", "role", "satisfied", "scripts", "seen", "select", "service_code",
    "service_request_id", "share_words", "since", "size", "solution", "solved", "start_date",
    "starts_at", "state", "status", "step", "tab", "theme", "title", "type", "unit", "until",
    "updated_after", "updated_before", "version", "wanted", "words", "year",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=hex", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=xx; charset=base64",
    "multipart/form-data; boundary=xx; charset=unicode_escape", "application/json",
    "application/json; charset=utf-7", "text/xml", "image/svg+xml", "text/plain; charset=undefined",
    "", "é", "x" * 3000,
)  # fmt: skip
BODIES = (
    b"", b"\x00", b"\xff\xfe\x00", b"{", b"[" * 50_000, b"null", b"NaN", b'"\\ud800"', b"[]", b"{}",
    b'{"op_id":"0198c0de-0000-7000-8000-000000000000","data":{"words":"\\ud800","unit":1e999}}',
    b'{"op_id":"0198c0de-0000-7000-8000-000000000000","data":{"note":NaN,"unit":{"a":[[]]}}}',
    b'{"endpoint":"https://x","keys":{"p256dh":"\\u0000","auth":{}}}', b'{"endpoint":1,"keys":2}',
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    b"--xx\r\n\r\n", b'--xx\r\nContent-Disposition: form-data; name="words"\r\n\r\nhalf',
    (b'--xx\r\nContent-Disposition: form-data; name="file"; filename="../../\x00.svg"\r\n'
     b"Content-Type: image/svg+xml\r\nContent-Transfer-Encoding: base64\r\n\r\n!!\r\n--xx--\r\n"),
    b"a=1&" * 3000, b"words=%ED%A0%80&op_id=%00&do=%FF",
)  # fmt: skip
COOKIES = (
    "", 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "sessionid=" + "x" * 4000,
    'language="\\000"', "language=../../zh", "language=" + "z-" * 300, 'size="\\000"; theme=;;;=',
    "messages=W1siX19qc29uX21lc3NhZ2UiLDBd", "csrftoken=\"\\000\"; sessionid=''", "=;=;\xff",
)  # fmt: skip
HEADERS = (
    {}, {"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "a b"}, {"HTTP_HOST": "127.0.0.1:99999"},
    {"HTTP_ACCEPT_LANGUAGE": "x" * 9000}, {"HTTP_ACCEPT_LANGUAGE": "bo;q=nan,en;q=9e99,*"},
    {"HTTP_RANGE": "bytes=-9999999999999999999-,5-1"}, {"HTTP_IF_NONE_MATCH": 'W/"\xff'},
    {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Nov 99999 99:99:99 GMT"}, {"HTTP_AUTHORIZATION": "Bearer "},
    {"HTTP_AUTHORIZATION": "Bearer \xff"}, {"HTTP_IDEMPOTENCY_KEY": "{}"},
    {"HTTP_X_FORWARDED_FOR": ", ::1%eth0, 999.1.1.1"}, {"REMOTE_ADDR": ""},
    {"HTTP_REFERER": "http://[::1"}, {"HTTP_ORIGIN": "null"}, {"HTTP_HX_REQUEST": "true",
    "HTTP_HX_CURRENT_URL": "http://[", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}, {"CONTENT_LENGTH": "9" * 5000},
    {"CONTENT_LENGTH": "-5"}, {"HTTP_ACCEPT": "/*;q=x"},
)  # fmt: skip


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every address that the server knows, with its converters as written."""
    for one in (resolver or get_resolver()).url_patterns:
        here = before + str(one.pattern).lstrip("^").rstrip("$")
        if isinstance(one, URLResolver):
            yield from routes(one, here)
        elif isinstance(one, URLPattern):
            yield here


PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^\]]*\]|[^()\[])*\)")


def parts(route: str) -> list[str]:
    """Fixed pieces and, at odd places, names of what varies."""
    pieces: list[str] = []
    end = 0
    for found in PLACEHOLDER.finditer(route):
        pieces += [route[end : found.start()], found[1] or found[2]]
        end = found.end()
    return [*pieces, route[end:]]


def quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def known(city: City) -> Values:
    """What is right in each place, so that odd company reaches the code behind the checks."""
    opened = city.open()
    code = codes.short_code()
    place = Place.objects.create(
        uuid=uuid7(), code=code, kind="other", name=names("院"), grid=city.grid, lon=HERE[0],
        lat=HERE[1],
    )  # fmt: skip
    one, units = (str(opened.case_uuid),), tuple(str(one.id) for one in city.units.values())
    case = (opened.case_number, *one)
    return {
        "token": (opened.token, opened.case_number), "code": (code, opened.short_code, "light.out"),
        "place": (code,), "place_id": (str(place.id),),
        "case_type": ("light.out", "water.burst"), "service_code": ("light.out",),
        "number": case, "case": case, "receipt": (str(opened.receipt_uuid),), "uuid": one,
        "action": ("add", "accept", "dispatch", "rate", "ask", "suspend", "withdraw"),
        "fmt": ("json", "xml"), "form": ("pdf", "png"), "size": ("small", "large", "sound"),
        "area_id": (str(city.grid.id), str(city.root.id)), "unit_id": units, "unit": units,
        "user_id": (str(city.staff["handler"].id),), "calendar_id": ("1",), "here": ("queue",),
        "idempotency_key": one, "op_id": one, "lon": (str(HERE[0]),), "lat": (str(HERE[1]),),
        "words": ("灯不亮",), "do": ("send", "next", "release", "merge", "discard"),
        "kind": ("photo", "voice", "areas", "places"), "provider_id": ("sso",),
    }  # fmt: skip


@pytest.fixture
def signed_in(city: City) -> str:
    """The cookie of somebody who may see every page of the staff."""
    user = User.objects.get(id=city.staff["chief"].id)
    for role in ("administrator", "grid_worker", "supervisor"):
        Post.objects.create(
            user=user, role=role, unit=city.units["hall"], area=city.root, valid_from=START
        )
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What broke while answering, in full; the test's own connection stays open."""
    seen: list[str] = []

    def keep(**_: Any) -> None:
        seen.append(traceback.format_exc(limit=-6))

    got_request_exception.connect(keep)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield seen
    got_request_exception.disconnect(keep)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Wire(RequestFactory):
    """Sends what a web server would hand to the application; returns status and page."""

    def request(self, **request: Any) -> tuple[int, str]:
        answered: list[str] = []
        environ = self._base_environ(**request)
        body = application(environ, lambda status, *_: answered.append(status))
        page = b"".join(body).decode(errors="replace")
        if hasattr(body, "close"):
            body.close()
        return int(answered[0][:3]), page


TAG = re.compile(r"<(?:input|button|select|textarea)\b[^>]*>")
NAME, VALUE = re.compile(r'\bname="([^"]*)"'), re.compile(r'\bvalue="([^"]*)"')


def asked(page: str) -> dict[str, tuple[str, ...]]:
    """What the forms of a page ask for, with the values they hold already."""
    found: dict[str, tuple[str, ...]] = {}
    for tag in TAG.findall(page):
        if name := NAME.search(tag):
            value = VALUE.search(tag)
            found[name[1]] = (*found.get(name[1], ()), *([value[1]] if value else []))
    return found


def path_of(route: str, value: Callable[[str], str]) -> str:
    pieces = parts(route.replace("\\.", "."))
    return "/" + "".join(value(one) if at % 2 else one for at, one in enumerate(pieces))


@st.composite
def requests(draw: Any, route: str, known: Values, cookie: str) -> dict[str, Any]:
    """One request to an address: mostly right, and somewhere odd."""

    def value(name: str) -> str:
        right = known.get(name, ())
        if right and draw(st.integers(0, 3)):
            return draw(st.sampled_from(right))
        return draw(st.sampled_from(ODD) | st.text(max_size=8))

    names = st.sampled_from(sorted({*known, *FIELDS}))
    query, form = (
        "&".join(f"{quoted(name)}={quoted(value(name))}" for name in draw(st.sets(names)))
        for _ in range(2)
    )
    as_form = draw(st.integers(0, 2)) > 0
    method = draw(st.sampled_from(("GET", "POST", "POST", *METHODS)))
    sent = {
        "method": method,
        "path": f"{path_of(route, lambda name: quoted(value(name)))}?{query}",
        "data": form.encode() if as_form else draw(st.sampled_from(BODIES)),
        "content_type": TYPES[0] if as_form else draw(st.sampled_from(TYPES)),
        "HTTP_COOKIE": draw(st.sampled_from((cookie, cookie, "", *COOKIES))),
        "HTTP_X_CSRFTOKEN": CSRF,
    }
    return sent | (draw(st.sampled_from(HEADERS)) if draw(st.integers(0, 4)) == 0 else {})


@pytest.mark.slow
@pytest.mark.parametrize("route", sorted(set(routes()) - {"healthz"}))
def test_nothing_that_is_sent_breaks_the_server(
    route: str, known: Values, signed_in: str, faults: list[str]
) -> None:
    wire = Wire()
    right = path_of(route, lambda name: known.get(name, ("1",))[0])
    _status, page = wire.generic("GET", right, HTTP_COOKIE=signed_in)
    every = {**known, **{name: (*have, *known.get(name, ())) for name, have in asked(page).items()}}

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(sent=requests(route, every, signed_in))
    def probe(sent: dict[str, Any]) -> None:
        faults.clear()
        with transaction.atomic():
            status, _page = wire.generic(**sent)
            transaction.set_rollback(True)
        assert status < 500, "".join(faults)[-3000:]
        assert not faults, "".join(faults)[-3000:]

    probe()
