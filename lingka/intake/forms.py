"""What a resident may write, and how to mend it when it cannot be used."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.core.text import PHONE

MOST_WORDS = 4000


class ReportForm(forms.Form):
    """One report. Everything is optional but that something is said, and where."""

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    words = forms.CharField(
        required=False,
        max_length=MOST_WORDS,
        error_messages={
            "max_length": _("This is too long. At most 4,000 characters, please."),
        },
    )
    address = forms.CharField(
        required=False,
        max_length=200,
        error_messages={"max_length": _("This is too long. At most 200 characters, please.")},
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    phone = forms.CharField(required=False, max_length=24)
    email = forms.EmailField(
        required=False,
        max_length=120,
        error_messages={"invalid": _("Write the address as in name@example.org.")},
    )
    share_words = forms.BooleanField(required=False)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("Write the number with digits only, as in 13912345678."))
        return phone

    def clean(self) -> dict[str, Any]:
        """A pin is a pair: half of one says nothing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("lon") is None or cleaned.get("lat") is None:
            cleaned["lon"] = cleaned["lat"] = None
        for name in ("lon", "lat", "place", "idempotency_key"):
            if name in self.errors:  # nobody typed these, so nobody can mend them: drop them
                del self.errors[name]
        # Each form is one report: without a key of its own it gets one now.
        cleaned["idempotency_key"] = cleaned.get("idempotency_key") or uuid7()
        return cleaned

    def require(self, *, something_said: bool, place_known: bool) -> bool:
        """Ask for what a report cannot do without; returns whether all is well."""
        said = something_said or bool(self.cleaned_data.get("words"))
        if not said and "words" not in self.errors:
            self.add_error(
                "words", _("Say in a few words what happened, or speak, or take a photo.")
            )
        where = place_known or self.cleaned_data.get("address") or self.has_point()
        if not where and "address" not in self.errors:
            self.add_error("address", _("Say where it is: a street and house, or put the pin."))
        return not self.errors

    def has_point(self) -> bool:
        return self.cleaned_data.get("lon") is not None
