"""The forms of signing in, in our own words."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.accounts.sign_in import too_many

WRONG_PASSKEY = _("This passkey is not known here. Sign in by password, then add it.")


def _say(form: forms.Form, labels: dict[str, Any]) -> None:
    """Our labels; a placeholder is no label, and help texts of others are not ours."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)


class SignIn(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {
            "login": _("Name to sign in with"),
            "password": _("Password"),
            "remember": _("Stay signed in on this device"),
        })  # fmt: skip

    def clean(self) -> Any:
        """Count the attempt before the password is looked at."""
        if too_many(self.request, str(self.cleaned_data.get("login", ""))):
            raise forms.ValidationError(_("Too many attempts. Try again in a quarter of an hour."))
        return super().clean()


class ChangePassword(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {
            "oldpassword": _("Password until now"),
            "password1": _("New password"),
            "password2": _("New password once more"),
        })  # fmt: skip
        self.fields["password1"].help_text = _("Ten characters or more. Four words are good.")


class Reauthenticate(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password": _("Password")})


class Code(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": _("Code")})


class CodeAgain(MfaReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": _("Code")})


class ActivateApp(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": _("Code from the app")})


class _Passkey:
    """Says that a passkey is wrong, where allauth speaks of a code."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_PASSKEY) from error


class SignInByPasskey(_Passkey, LoginWebAuthnForm):
    pass


class PasskeyAgain(_Passkey, ReauthenticateWebAuthnForm):
    pass


class AddPasskey(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {
            "name": _("Name of this device"),
            "passwordless": _("Sign in by it without a password"),
        })  # fmt: skip
