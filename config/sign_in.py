"""Settings of staff's sign-in: password with a second factor, passkeys, and OpenID Connect."""

from typing import Any

APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/day/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "lingka.accounts.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = None  # the person decides
ACCOUNT_FORMS = {
    "login": "lingka.accounts.forms.SignIn",
    "change_password": "lingka.accounts.forms.ChangePassword",
    "reauthenticate": "lingka.accounts.forms.Reauthenticate",
}
MFA_ADAPTER = "lingka.accounts.sign_in.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lingka"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "lingka.accounts.forms.Code",
    "reauthenticate": "lingka.accounts.forms.CodeAgain",
    "activate_totp": "lingka.accounts.forms.ActivateApp",
    "login_webauthn": "lingka.accounts.forms.SignInByPasskey",
    "reauthenticate_webauthn": "lingka.accounts.forms.PasskeyAgain",
    "add_webauthn": "lingka.accounts.forms.AddPasskey",
}
SOCIALACCOUNT_ADAPTER = "lingka.accounts.sign_in.SingleSignOn"
SOCIALACCOUNT_ONLY = False


def providers(issuer: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """allauth's entry for one OpenID Connect provider, none without an issuer."""
    if not issuer:
        return {}
    app = {
        "provider_id": "sso",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
