"""How staff sign in through allauth: no sign-up, our words, secrets sealed, attempts counted."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import requests
import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lingka.accounts.models import User
from lingka.core import crypto, limits

log = structlog.get_logger()
TRIES = 10  # a name, in a quarter of an hour
TRIES_FROM = 60  # an address: a whole office may share one
WINDOW = 15 * 60
WRONG_CODE = _("This code is not right. Codes change every half minute: try the next one.")
WRONG_PASSWORD = _("This password is not right.")


def too_many(request: HttpRequest, username: str) -> bool:
    """Count an attempt to sign in; True when name or address has had too many."""
    name = limits.hit("sign-in", username.strip().lower(), TRIES, WINDOW)
    address = limits.hit("sign-in-from", limits.source_of(request), TRIES_FROM, WINDOW)
    return not (name and address)


@require_safe
@login_required
def no_password(request: HttpRequest) -> HttpResponse:
    """Whoever signs in without a password has none to change: say so, and go on."""
    text = _("You sign in without a password. An administrator can give you one.")
    messages.info(request, text)
    return redirect("/desk/day/")


def patient(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say it on a page when the provider of single sign-on is away or answers nonsense."""

    @wraps(view)
    def asked(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (requests.RequestException, KeyError, ValueError) as error:
            log.warning("single_sign_on_away", reason=type(error).__name__)
            return render(request, "socialaccount/authentication_error.html", status=502)

    return asked


class Adapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; a toast is shown only where it says something."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account has been closed. Ask your administrator."),
        "username_password_mismatch": _("Name or password is not right."),
        "invalid_login": _("Name or password is not right."),
        "incorrect_password": WRONG_PASSWORD,
        "enter_current_password": WRONG_PASSWORD,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": _("Too many attempts. Try again in a quarter of an hour."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(  # noqa: PLR0917 - allauth's own signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Any = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if message_template == "account/messages/password_changed.txt":
            messages.success(request, _("Your password has been changed."))
        elif message and level == messages.ERROR:
            messages.error(request, message)


class SecondFactor(DefaultMFAAdapter):
    """Secrets of authenticator apps are sealed under the installation's keys."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return crypto.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return str(crypto.unseal(encrypted_text.encode()))


class SingleSignOn(DefaultSocialAccountAdapter):
    """A provider's user signs in as the member of staff who has the same verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [e.email for e in sociallogin.email_addresses if e.verified and e.email]
        same = Q(*(Q(email__iexact=email) for email in verified), _connector=Q.OR)
        found = list(User.objects.filter(same, is_active=True)[:2]) if verified else []
        if len(found) == 1:
            sociallogin.connect(request, found[0])
