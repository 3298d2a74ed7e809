"""A heading with its sheet, and a day promised for all its cases."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.promises.sheets import exposed

BYTES = 10 * 1024 * 1024
CODES = [code for code, _name in settings.LANGUAGES]
NAMES = {"title": _("Heading"), "source": _("Source")}


class HeadingForm(forms.Form):
    """Title and source in every language, the day, who answers for it, the sheet."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    day = forms.DateField(
        label=_("Shown or inspected on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    unit = forms.TypedChoiceField(label=_("Who answers for it"), coerce=int)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    default_type = forms.ChoiceField(
        label=_("What a row is about, where it does not say"), required=False
    )
    file = forms.FileField(label=_("Sheet: Excel or CSV"))

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], areas: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        listed = [(one.key, one.name) for one in exposed()]
        self.fields["default_type"].choices = [("", "—"), *listed]  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            for name, label in NAMES.items():
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label} · {language}", max_length=120,
                    widget=forms.TextInput(attrs={"lang": code}),
                )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES:
            raise forms.ValidationError(_("The file is too large: split it."))
        return file

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"].strip() for code in CODES}


class PromiseForm(forms.Form):
    until = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(
        label=_("What is promised (everybody reads it)"), max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
