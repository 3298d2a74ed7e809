"""What is asked at a counter: of papers whether they are here; of a window how much it takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.core.text import PHONE, pick
from lingka.counter import rules
from lingka.units import selectors as units

STATES = [
    (rules.HERE, _("Here")), (rules.MISSING, _("Missing")), (rules.UNNEEDED, _("Not needed")),
]  # fmt: skip
CODES = [code for code, _name in settings.LANGUAGES]


class PapersForm(forms.Form):
    """Of each paper of a guide: here, missing, or not needed by this person."""

    def __init__(self, *args: Any, papers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(papers):
            self.fields[f"paper_{number}"] = forms.ChoiceField(
                label=name, choices=STATES, widget=forms.RadioSelect,
                error_messages={"required": _("Say of this paper whether it is here.")},
            )  # fmt: skip

    @property
    def papers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("paper_")]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            given["papers"] = [given[one.name] for one in self.papers]
        return given


class HandInForm(PapersForm):
    """One hand-in. Only the papers are needed; a number only where somebody wants to be told."""

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)  # version of the list
    appointment = forms.UUIDField(required=False, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Receipt and messages in"), choices=settings.LANGUAGES)
    phone = forms.CharField(
        label=_("Number for messages, if they wish"), required=False, max_length=24
    )
    words = forms.CharField(
        label=_("What else matters"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("This is too long. At most 1,000 characters, please.")},
    )  # fmt: skip

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("Write the number with digits only, as in 13912345678."))
        return phone

    def clean_idempotency_key(self) -> Any:
        return self.cleaned_data.get("idempotency_key") or uuid7()


class WindowForm(forms.Form):
    """A window: whose, how long one visit is, how many at once."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    slot_minutes = forms.IntegerField(
        label=_("Minutes for one visit"), min_value=5, max_value=240, initial=30
    )
    capacity = forms.IntegerField(
        label=_("People at the same time"), min_value=1, max_value=50, initial=1
    )
    is_open = forms.BooleanField(label=_("Open for appointments"), required=False, initial=True)

    def __init__(self, *args: Any, reach: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [one for one in units.units() if one.area_path.startswith(reach)]
        choices = [(str(one.id), pick(one.name)) for one in mine]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=f"{_('Name')} · {language}", max_length=80,
                widget=forms.TextInput(attrs={"lang": code}),
            )  # fmt: skip
        self.order_fields([f"name_{code}" for code in CODES])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            given["name"] = {code: given[f"name_{code}"] for code in CODES}
        return given


def initial(name: Mapping[str, str], window: Any) -> dict[str, Any]:
    """A window as its form shows it."""
    shown = {field: getattr(window, field) for field in ("slot_minutes", "capacity", "is_open")}
    return {**shown, "unit": window.unit_id} | {
        f"name_{code}": name.get(code, "") for code in CODES
    }
