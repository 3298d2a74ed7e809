"""Another platform as a form, and a list of theirs to compare with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

FIRST = (Path(__file__).parent / "data" / "open311.yaml").read_text(encoding="utf-8")
CODES = [code for code, _name in settings.LANGUAGES]
LARGEST = 64 * 1024 * 1024


class PeerForm(forms.Form):
    """Who they are, how their rows are read, where they answer, what they are told."""

    key = forms.SlugField(label=_("Key, also the mapping's source"), max_length=40)
    mapping = forms.CharField(
        label=_("Mapping: what their columns mean"), max_length=20_000, initial=FIRST,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Address of their Open311, empty for files alone"), required=False, max_length=300,
        validators=[URLValidator(schemes=["http", "https"])],
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Key with which we report there; empty keeps the one that is there"),
        required=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    shares = forms.ChoiceField(
        label=_("What they are told"),
        choices=[
            ("own", _("How their own cases stand here")),
            ("listed", _("That, and every case that anybody may see")),
        ],
    )
    answers = forms.BooleanField(
        label=_("What units answer on their cases goes over too: it was agreed who reads it"),
        required=False,
    )
    asks_with = forms.CharField(
        label=_("Key with which they ask us what changed; empty keeps the one that is there"),
        required=False, min_length=24, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    asks_no_more = forms.BooleanField(
        label=_("Forget the key with which they ask us: nobody asks with it any more"),
        required=False,
    )
    active = forms.BooleanField(label=_("Exchange by itself"), required=False, initial=True)

    def __init__(self, *args: Any, known: bool = False, asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["key"]
        if not asks:
            del self.fields["asks_no_more"]
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=f"{_('Name')} · {language}", max_length=80,
                widget=forms.TextInput(attrs={"lang": code}),
            )  # fmt: skip
        self.order_fields(["key", *(f"name_{code}" for code in CODES)])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("asks_no_more") and given.get("asks_with"):
            said = _("Either forget the old key or give a new one, which takes its place.")
            self.add_error("asks_with", said)
        if not self.errors:
            given["name"] = {code: given[f"name_{code}"] for code in CODES}
            given["secret"] = given["secret"] or None
            given["asks_with"] = "" if given.get("asks_no_more") else given["asks_with"] or None
        return given


def initial(name: Mapping[str, str], mapping: str, peer: Any) -> dict[str, Any]:
    """A platform as its form shows it; the key with which we report is never shown."""
    shown = {field: getattr(peer, field) for field in ("address", "shares", "answers", "active")}
    return {**shown, "mapping": mapping} | {f"name_{code}": name.get(code, "") for code in CODES}


class ListForm(forms.Form):
    """The whole list of what they have."""

    file = forms.FileField(label=_("Their whole list"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large: use the command instead."))
        return file
