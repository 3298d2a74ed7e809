"""Covenants as forms of the desk."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7

LANGUAGES = list(settings.LANGUAGES)
LABELS = {"name": _("Name"), "text": _("The text"), "meeting": _("Where it was adopted")}
LINES = {"name": 1, "text": 8, "meeting": 2}
LONGEST = {"name": 80, "text": 6000, "meeting": 300}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more
    )


class VersionForm(forms.Form):
    """`texts(name)` gives a text in every language."""

    said: tuple[str, ...] = ("text",)
    vote = forms.TypedChoiceField(
        label=_("Adopted by this vote"), coerce=UUID, required=False, empty_value=None
    )
    on = _day(_("Or by a meeting on"), required=False)
    since = _day(_("In force from"))

    def __init__(self, *args: Any, votes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vote"].choices = [("", "—"), *votes]  # type: ignore[attr-defined]
        for name in (*self.said, "meeting"):
            for code, language in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{LABELS[name]} · {language}", max_length=LONGEST[name],
                    required=name != "meeting",
                    widget=forms.Textarea(attrs={"lang": code, "rows": LINES[name]}),
                )  # fmt: skip
        words = [f"{name}_{code}" for name in self.said for code, _language in LANGUAGES]
        where = [f"meeting_{code}" for code, _language in LANGUAGES]
        self.order_fields(["area", *words, "vote", "on", *where, "since"])

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code, _name in LANGUAGES}

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "form": self}


class NewForm(VersionForm):
    said = ("name", "text")
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, areas: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["key"] = uuid7()
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class EndForm(forms.Form):
    on = _day(_("It holds no longer from"))
