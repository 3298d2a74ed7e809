"""Forms between units. They ask and tidy; the actions decide."""

from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.partners import actions
from lingka.units import selectors as units

WORDS = 2000
LARGEST = 200_000  # bytes of a list


def unit_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Units by their kind."""
    found: list[tuple[str, list[tuple[str, str]]]] = [("", [("", str(_("Please choose")))])]
    for kind, label in units.kinds():
        held = sorted((pick(one.name), one.id) for one in units.units(kind=kind))
        if held:
            found.append((label, [(str(number), name) for name, number in held]))
    return found


def order_choices() -> list[tuple[str, str]]:
    return [(one.key, one.name) for one in actions.orders()]


class AskForm(forms.Form):
    unit = forms.TypedChoiceField(label=_("Whom"), choices=unit_choices, coerce=int)
    case_type = forms.ChoiceField(
        label=_("What is asked"), choices=order_choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What exactly"), max_length=WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )
    reason = forms.CharField(
        label=_("Why it has to be them, for the level above"), max_length=WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)
    refused = False  # by a duty list: what may be done now is to put it before the level above

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        self.refused = "above" in self.data
        if not self.refused:
            given["reason"] = ""
        elif not given.get("reason", "").strip():
            self.add_error("reason", _("Please say why it has to be them."))
        return given


class ListForm(forms.Form):
    """A duty list as a file; what it holds is judged by the action."""

    file = forms.FileField(
        label=_("Duty list (YAML)"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml"})
    )

    def clean_file(self) -> dict[str, Any]:
        given: Any = self.cleaned_data["file"]
        if (given.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is too large for a duty list."))
        try:
            body = yaml.safe_load(given.read().decode("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError, ValueError):
            body = None
        if not isinstance(body, dict):
            raise forms.ValidationError(_("This cannot be read as a duty list (YAML)."))
        return body


class LinkForm(forms.Form):
    """A link for one of the units that lead or help now."""

    unit = forms.TypedChoiceField(label=_("For whom"), coerce=int)
    note = forms.CharField(
        label=_("What they are asked to do"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever has the link reads this: no names, no telephone numbers."),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("How many days it works"), coerce=int, initial=7,
        choices=[(str(days), str(days)) for days in (3, 7, 14)],
    )  # fmt: skip

    def __init__(self, *args: Any, units_now: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = units_now
