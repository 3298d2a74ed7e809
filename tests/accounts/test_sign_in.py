import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.cache import cache

from config.sign_in import providers
from lingka.accounts import sign_in
from lingka.accounts.models import User
from tests.accounts.conftest import make_user

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh(db):
    cache.clear()


@pytest.fixture
def pai():
    return User.objects.get(id=make_user("pai"))


def enter(client, username="pai", password="lingka-demo", **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def enter_again(client):
    """Sign in, and say the password once more as what protects the account asks."""
    enter(client)
    client.post("/accounts/reauthenticate/", {"password": "lingka-demo"})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_staff_sign_in_by_password_and_go_where_they_wanted(client, pai):
    response = enter(client, next="/desk/?tab=late")
    assert signed_in(client)
    assert response.url == "/desk/?tab=late"


def test_a_wrong_password_is_said_in_the_readers_language(client, pai):
    client.cookies["language"] = "en"
    response = enter(client, password="wrong")
    assert not signed_in(client)
    assert "Name or password is not right." in response.content.decode()


def test_after_ten_tries_a_name_has_to_wait(client, pai):
    for _n in range(sign_in.TRIES):
        enter(client, password="wrong")
    enter(client)
    assert not signed_in(client)


def test_whoever_was_shut_out_stays_out(client, pai):
    pai.is_active = False
    pai.save()
    enter(client)
    assert not signed_in(client)


def test_nobody_registers_by_themselves(client):
    client.cookies["language"] = "en"
    page = client.get("/accounts/signup/").content.decode()
    assert "Ask the administrator" in page
    client.post("/accounts/signup/", {"username": "x", "password1": "a long password"})
    assert not User.objects.exists()


def activated(pai):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(pai, secret)
    return secret


def code(secret):
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def test_with_an_app_the_password_alone_opens_nothing(client, pai):
    secret = activated(pai)
    response = enter(client)
    assert not signed_in(client)
    client.post(response.url, {"code": "000000"})
    assert not signed_in(client)
    client.post(response.url, {"code": code(secret)})
    assert signed_in(client)


def test_the_apps_secret_is_sealed(pai):
    secret = activated(pai)
    kept = Authenticator.objects.get().data["secret"]
    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret


PAGES = [
    "/accounts/login/", "/accounts/signup/", "/accounts/inactive/", "/accounts/sso/error/",
    "/accounts/sso/cancelled/",
]  # fmt: skip
OWN_PAGES = [
    "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
@pytest.mark.parametrize("page", [*PAGES, *OWN_PAGES])
def test_every_page_wears_our_design(client, pai, page, language):
    client.cookies["language"] = language
    if page in OWN_PAGES:
        enter_again(client)
    response = client.get(page)
    assert response.status_code == (401 if page.endswith("error/") else 200)
    text = response.content.decode()
    assert 'class="cornice"' in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)


def test_recovery_codes_are_made_and_shown(client, pai):
    enter_again(client)
    activated(pai)
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_the_password_is_changed_by_knowing_the_old_one(client, pai):
    enter(client)
    new = "tea house at noon"
    answer = {"oldpassword": "wrong", "password1": new, "password2": new}
    client.post("/accounts/password/change/", answer)
    assert not User.objects.get().check_password(new)
    client.post("/accounts/password/change/", answer | {"oldpassword": "lingka-demo"})
    assert User.objects.get().check_password(new)


def test_the_demo_sheet_exists_only_in_the_demo(client, pai, settings):
    settings.DEMO = False
    assert client.get("/accounts/demo/").status_code == 404
    assert client.post("/accounts/demo/", {"role": "pai"}).status_code == 404
    assert not signed_in(client)


def test_in_the_demo_one_click_is_enough(client, pai, settings):
    settings.DEMO = True
    page = client.get("/accounts/demo/").content.decode()
    assert 'value="pai"' in page
    assert 'value="shui"' not in page
    response = client.post("/accounts/demo/", {"role": "pai", "next": "https://evil.example/"})
    assert signed_in(client)
    assert response.url == "/desk/day/"


def test_the_demo_sheet_leads_a_resident_to_the_first_page_where_no_door_is_known(
    client, pai, settings
):
    settings.DEMO = True
    assert 'href="/">' in client.get("/accounts/demo/").content.decode()


def test_the_demo_sheet_opens_no_other_account(client, settings):
    settings.DEMO = True
    make_user("boss")
    assert client.post("/accounts/demo/", {"role": "boss"}).status_code == 404


@pytest.mark.parametrize(("verified", "connects"), [(True, True), (False, False)])
def test_single_sign_on_reaches_staff_by_a_verified_address_only(
    rf, pai, settings, verified, connects
):
    settings.SOCIALACCOUNT_PROVIDERS = providers("https://id.example.org", "c", "s", "Town")
    pai.email = "pai@example.org"
    pai.save()
    login = SocialLogin(
        user=User(username="new"),
        account=SocialAccount(provider="sso", uid="7"),
        email_addresses=[EmailAddress(email="pai@example.org", verified=verified)],
    )
    request = rf.get("/")
    request.user, request.session = pai, {}
    adapter = sign_in.SingleSignOn(request)
    adapter.pre_social_login(request, login)
    assert SocialAccount.objects.filter(user=pai).exists() is connects
    assert not adapter.is_open_for_signup(request, login)


def test_whoever_signs_in_without_a_password_is_told_that_there_is_none_to_change(client, pai):
    pai.set_unusable_password()
    pai.save()
    client.force_login(pai)
    client.cookies["language"] = "en"
    followed = client.get("/accounts/password/change/")
    assert followed["Location"] == "/accounts/password/none/"
    assert client.get(followed["Location"])["Location"] == "/desk/day/"


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client, pai, there):
    assert enter(client, next=there).url == "/desk/day/"
