"""Headers, limits, logs, health and metrics."""

from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from config import errors
from config.wsgi import application
from lingka.ops import metrics
from lingka.ops.logs import masked
from lingka.ops.middleware import page_above, seen_from


def beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


@pytest.mark.django_db
def test_health_is_good_while_the_worker_beats(client: Client) -> None:
    beat(5)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["worker"]) == (200, "ok")


@pytest.mark.django_db
def test_health_is_bad_when_the_worker_fell_silent(client: Client) -> None:
    beat(120)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["worker"]) == (503, "away")


@pytest.mark.django_db
def test_health_is_bad_when_no_worker_ever_came(client: Client) -> None:
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_health_says_when_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> float:
        raise OperationalError("away")

    monkeypatch.setattr(metrics, "worker_age", away)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["database"]) == (503, "away")


@pytest.mark.django_db
def test_metrics_tell_of_requests_jobs_and_the_worker(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "delivery_backlog", lambda: {"letters": 3})
    beat(5)
    client.get("/components/")
    page = client.get("/metrics").content.decode()
    assert 'route="components/",status="200"' in page
    assert 'lingka_backlog{receiver="letters"} 3.0' in page
    assert "lingka_worker_age_seconds 5" in page


@pytest.mark.parametrize("source", ["203.0.113.9", "127.0.0.1, 203.0.113.9", "nonsense"])
def test_metrics_do_not_exist_for_strangers(client: Client, source: str) -> None:
    assert client.get("/metrics", headers={"x-forwarded-for": source}).status_code == 404


@pytest.mark.django_db
def test_methods_that_somebody_made_up_are_counted_as_one(client: Client) -> None:
    client.generic("BREW", "/components/")
    page = client.get("/metrics").content.decode()
    assert 'method="other",route="components/"' in page
    assert "BREW" not in page


@pytest.mark.django_db
def test_every_page_forbids_foreign_and_inline_scripts(client: Client) -> None:
    response = client.get("/components/")
    assert "script-src 'self';" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"


@override_settings(LINGKA_MAX_BODY=10)
def test_a_body_beyond_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    response = client.post("/components/", b"x" * 11, content_type="text/plain")
    assert response.status_code == 413
    assert "请少发" in response.content.decode()


def test_a_length_that_is_no_number_is_refused(client: Client) -> None:
    assert client.post("/components/", CONTENT_LENGTH="-1").status_code == 400


def test_a_database_that_is_away_is_said_to_the_resident(rf: RequestFactory) -> None:
    try:
        raise OperationalError("could not extend file: No space left on device")  # noqa: TRY301
    except OperationalError:
        response = errors.server_error(rf.get("/"))
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "请稍后再试" in response.content.decode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /r/kD93hs8sK2 200", "GET /r/… 200"),
        ("GET /desk/?q=13912345678&tab=mine", "GET /desk/?…"),
        (
            "duplicate key\nDETAIL:  Key (phone)=(13912345678) already exists.",
            "duplicate key\nDETAIL: …",
        ),
        ("mail to a.b@example.org failed", "mail to …@… failed"),
        ("call +86 139 1234 5678 again", "call … again"),
        ("case 42 has 3 clocks", "case 42 has 3 clocks"),
        ("Who is there? Nobody.", "Who is there? Nobody."),
    ],
)
def test_logs_keep_no_token_query_value_address_or_number(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize("charset", ["hex", "utf-16", "unicode_escape", "UTF-7"])
def test_what_names_another_encoding_than_utf8_is_refused_before_it_is_read(charset: str) -> None:
    environ = RequestFactory()._base_environ(CONTENT_TYPE=f"text/plain; charset={charset}")
    answered: list[str] = []
    application(environ, lambda status, _headers: answered.append(status))
    assert answered == ["415 Unsupported Media Type"]


def test_a_cookie_that_cannot_be_stored_is_left_out(client: Client, db: None) -> None:
    cookie = 'sessionid="\\000aaaaaaaa"; language=en'
    answer = client.get("/accounts/login/", headers={"cookie": cookie})
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.content.decode()


@pytest.mark.parametrize("address", ["/desk/noticeboard/n/%00", "/r/a%00b", "/%00"])
def test_nothing_lies_at_an_address_with_a_nul(client: Client, address: str) -> None:
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert (response.status_code, response["Content-Language"]) == (404, "zh-hans")


def test_what_postgresql_cannot_hold_is_the_sender_s_to_mend() -> None:
    def hold() -> None:
        raise DataError("no NUL")

    try:
        hold()
    except DataError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 400


@pytest.mark.parametrize("length", ["9" * 5000, "٣", "-1", "1e3"])
def test_a_length_that_is_none_is_refused(client: Client, length: str) -> None:
    assert client.get("/healthz", CONTENT_LENGTH=length).status_code in {400, 413}


@pytest.mark.django_db
def test_metrics_do_not_exist_for_strangers_who_name_a_better_address(client: Client) -> None:
    better = {"HTTP_X_FORWARDED_FOR": "127.0.0.1", "REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", **better).status_code == 404


@pytest.mark.parametrize(("behind", "seen"), [(True, "203.0.113.7"), (False, "10.0.0.1")])
def test_behind_a_proxy_the_address_is_the_one_that_it_saw(
    settings: Any,
    behind: bool,  # noqa: FBT001
    seen: str,
) -> None:
    settings.BEHIND_PROXY = behind
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
    request.META["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 203.0.113.7"
    seen_from(lambda _request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == seen


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/r/some-token/do/add", "/r/some-token"),
        ("/desk/cases/5KX87MV/do/accept/", "/desk/cases/5KX87MV/"),
        ("/desk/views/", "/desk/"),
        ("/language/", "/"),
        ("//evil.example/do/add", "/"),
    ],
)
def test_the_page_above_an_address_that_only_takes_forms(asked: str, led: str) -> None:
    assert page_above(asked) == led


def test_who_is_asked_to_sign_in_after_sending_a_form_comes_back_to_a_page(client: Client) -> None:
    form = "/desk/cases/5KX87MV/do/accept/"
    assert client.get(form).status_code == 405  # as software asks
    answer = client.get(form, headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/cases/5KX87MV/")
