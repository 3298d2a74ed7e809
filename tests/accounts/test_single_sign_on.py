"""Signing in through a real OpenID Connect exchange, with a small provider on this machine."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from config.sign_in import providers
from lingka.accounts.models import User
from tests.accounts.conftest import make_user

START = "/accounts/sso/oidc/sso/login/"
SECRET = "between the town and its provider, and long enough"


class Provider(ThreadingHTTPServer):
    """Knows one person; hands out a code, then a token for it, then who that is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.root = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {
            "sub": "7", "email": "pai@example.org", "email_verified": True, "name": "派",
        }  # fmt: skip
        self.audience = "lingka"
        self.challenge = ""
        self.redirect = ""

    def authorise(self, address: str) -> str:
        """What the person's browser does there: sign in, and come back with a code."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == "lingka"
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        self.challenge, self.redirect = asked["code_challenge"], asked["redirect_uri"]
        return f"{urlsplit(self.redirect).path}?code=c0de&state={asked['state']}"

    def configuration(self) -> dict[str, Any]:
        names = ("authorization", "token", "userinfo")
        return {
            "issuer": self.root,
            "jwks_uri": f"{self.root}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **{f"{name}_endpoint": f"{self.root}/{name}" for name in names},
        }

    def token(self, given: dict[str, list[str]]) -> dict[str, Any]:
        digest = hashlib.sha256(given["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        assert given["code"] == ["c0de"]
        assert given["client_secret"] == [SECRET]
        assert given["redirect_uri"] == [self.redirect]
        now = int(time.time())
        claims = {"iss": self.root, "aud": self.audience, "iat": now, "exp": now + 60, "sub": "7"}
        said = jwt.encode(claims, SECRET, "HS256")
        return {"access_token": "t0ken", "token_type": "Bearer", "id_token": said}


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            self.say(self.server.configuration())
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer t0ken":
            self.say(self.server.person)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.say(self.server.token(parse_qs(body)))

    def say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silence."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with Provider() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SOCIALACCOUNT_PROVIDERS = providers(server.root, "lingka", SECRET, "Town hall")
        yield server
        server.shutdown()


@pytest.fixture
def pai(db: None) -> User:
    return User.objects.get(id=make_user("pai", email="Pai@Example.org"))


def come_back(client: Client, provider: Provider) -> Any:
    return client.get(provider.authorise(client.post(f"{START}?next=/desk/find/")["Location"]))


def test_the_sign_in_page_offers_the_provider_by_its_name(
    client: Client, provider: Provider, db: None
) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Town hall" in page
    assert START in page


def test_whose_verified_address_is_known_is_signed_in(
    client: Client, provider: Provider, pai: User
) -> None:
    answer = come_back(client, provider)
    assert answer["Location"] == "/desk/find/"
    assert client.session["_auth_user_id"] == str(pai.id)
    assert SocialAccount.objects.get().user_id == pai.id


def test_the_second_time_counts_who_it_is_and_no_longer_the_address(
    client: Client, provider: Provider, pai: User
) -> None:
    come_back(client, provider)
    client.logout()
    provider.person |= {"email": "moved@example.org"}
    come_back(client, provider)
    assert client.session["_auth_user_id"] == str(pai.id)


@pytest.mark.parametrize(
    "changes", [{"email_verified": False}, {"email": "stranger@example.org"}, {"email": None}]
)
def test_nobody_else_gets_in_or_gets_an_account(
    client: Client, provider: Provider, pai: User, changes: dict[str, Any]
) -> None:
    provider.person |= changes
    come_back(client, provider)
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1


def test_whoever_was_shut_out_stays_out(client: Client, provider: Provider, pai: User) -> None:
    come_back(client, provider)
    client.logout()
    User.objects.update(is_active=False)
    come_back(client, provider)
    assert "_auth_user_id" not in client.session


def test_a_token_meant_for_others_is_refused(client: Client, provider: Provider, pai: User) -> None:
    provider.audience = "others"
    assert come_back(client, provider).status_code < 500
    assert "_auth_user_id" not in client.session


def test_an_answer_that_nobody_asked_for_is_refused(
    client: Client, provider: Provider, pai: User
) -> None:
    answer = client.get(f"{START}callback/?code=c0de&state=made-up")
    assert answer.status_code < 500
    assert "_auth_user_id" not in client.session


def test_a_provider_that_is_away_is_said_and_the_password_still_opens(
    client: Client, settings: Any, pai: User
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers("http://127.0.0.1:1", "lingka", SECRET, "Away")
    answer = client.post(START)
    assert answer.status_code == 502
    assert 'href="/accounts/login/"' in answer.content.decode()
    client.post("/accounts/login/", {"login": "pai", "password": "lingka-demo"})
    assert client.session["_auth_user_id"] == str(pai.id)
