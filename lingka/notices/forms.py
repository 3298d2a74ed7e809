"""A notice as a form: what, where, from when until when, the words in every language."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.notices import rules

CODES = [code for code, _name in settings.LANGUAGES]
NAMES = {"title": _("Title"), "text": _("Text")}


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


class Words(forms.Form):
    """Title and text in every language; `texts(name)` gives them together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            for name, label in NAMES.items():
                attrs = {"lang": code, **({"rows": 4} if name == "text" else {})}
                widget = forms.Textarea(attrs) if name == "text" else forms.TextInput(attrs)
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label} · {language}", max_length=rules.LONGEST[name], widget=widget
                )

    def clean(self) -> dict[str, Any]:
        """Adds the form itself, for the action to ask for what belongs together."""
        return {**(super().clean() or self.cleaned_data), "form": self}

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"].strip() for code in CODES}


class NoticeForm(Words):
    """`targets` are those near the case or in the area that was chosen before."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(rules.KINDS.items()))
    targets = forms.MultipleChoiceField(
        label=_("For whom"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one place or area.")},
    )  # fmt: skip
    begins_at = _moment(_("From"))
    ends_at = _moment(_("Expected until"))
    unit = forms.TypedChoiceField(
        label=_("Who is at work"), required=False, coerce=int, empty_value=None
    )
    phone = forms.CharField(
        label=_("Telephone for urgent questions"), required=False, max_length=32
    )

    def __init__(
        self, *args: Any, targets: Sequence[tuple[str, str]], units: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["targets"].choices = targets  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "—"), *units]  # type: ignore[attr-defined]

    def chosen(self, kind: str) -> list[int]:
        """Ids of the places, or of the areas, that were ticked."""
        found = (one.split(":") for one in self.cleaned_data["targets"])
        return [int(number) for what, number in found if what == kind]


class ProlongForm(forms.Form):
    ends_at = _moment(_("Expected until"))


class WithdrawForm(forms.Form):
    why = forms.ChoiceField(label=_("Why"), choices=list(rules.WITHDRAWN.items()))


class TemplateForm(Words):
    kind = forms.ChoiceField(label=_("Kind"), choices=list(rules.KINDS.items()))
    hours = forms.IntegerField(
        label=_("Hours that it usually takes"), min_value=1,
        max_value=rules.LONGEST_RUN.days * 24,
    )  # fmt: skip
    matters = forms.MultipleChoiceField(
        label=_("Offered first for"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A desk that puts up a notice for such a case begins with this template."),
    )  # fmt: skip

    def __init__(self, *args: Any, matters: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].choices = matters  # type: ignore[attr-defined]
