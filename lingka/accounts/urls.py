"""Signing in. Only what staff use of allauth's addresses: no sign-up, no e-mail management."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import include, path

from lingka.accounts import demo, sign_in

urlpatterns = [
    path("demo/", demo.sheet, name="demo_sign_in"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # says that it is closed
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/none/", sign_in.no_password, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/error/", social.login_error, name="socialaccount_login_error"),
    path("sso/signup/", account.signup, name="socialaccount_signup"),
    path(
        "sso/oidc/<slug:provider_id>/login/",
        sign_in.patient(openid.login),
        name="openid_connect_login",
    ),
    path(
        "sso/oidc/<slug:provider_id>/login/callback/",
        sign_in.patient(openid.callback),
        name="openid_connect_callback",
    ),
]
