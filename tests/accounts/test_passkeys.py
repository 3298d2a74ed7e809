"""A passkey in a real browser, with an authenticator that the browser plays."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect

from tests.accounts.conftest import make_user

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def staff(transactional_db: None) -> int:
    return make_user("pai")


@pytest.fixture
def authenticator(page: Page, live_server: Any) -> Iterator[tuple[CDPSession, str]]:
    """A phone's or laptop's own authenticator: fingerprint given, always."""
    page.context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield session, made["authenticatorId"]
    session.detach()


def sign_in_by_password(page: Page, root: str) -> None:
    page.goto(f"{root}/accounts/login/")
    page.fill("[name=login]", "pai")
    page.fill("[name=password]", "lingka-demo")
    page.click("main form button.button-primary")
    page.wait_for_url(f"{root}/desk/**")


def add_passkey(page: Page, root: str) -> None:
    page.goto(f"{root}/accounts/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", "lingka-demo")
        page.click("main form button.button-primary")
    page.fill("[name=name]", "My phone")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)


def sign_out(page: Page, root: str) -> None:
    page.goto(f"{root}/accounts/logout/")
    page.click("main form button")
    page.wait_for_url(f"{root}/accounts/login/")


def test_a_passkey_is_registered_and_opens_the_desk_without_a_password(
    page: Page, live_server: Any, staff: int, authenticator: tuple[CDPSession, str]
) -> None:
    session, number = authenticator
    root = live_server.url
    sign_in_by_password(page, root)
    add_passkey(page, root)
    assert Authenticator.objects.filter(user=staff, type="webauthn").exists()
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": number})
    assert len(kept["credentials"]) == 1
    sign_out(page, root)
    page.click("#passkey_login")
    page.wait_for_url(f"{root}/desk/**")


def test_a_stranger_s_passkey_opens_nothing(
    page: Page, live_server: Any, staff: int, authenticator: tuple[CDPSession, str]
) -> None:
    root = live_server.url
    sign_in_by_password(page, root)
    add_passkey(page, root)
    sign_out(page, root)
    Authenticator.objects.all().delete()
    page.click("#passkey_login")
    expect(page.get_by_role("status")).to_contain_text("This passkey is not known here.")
    page.goto(f"{root}/desk/")
    expect(page).to_have_url(f"{root}/accounts/login/?next=/desk/")
