"""Exchange points and goods as forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.points import goods
from lingka.points.book import REASONS

LONGEST = {"name": 60, "where": 160}
LABELS = {"name": _("Name"), "where": _("Where it is, and when it is open")}
LANGUAGES = list(settings.LANGUAGES)


class Words(forms.Form):
    """Texts in every language; `texts(name)` gives one of them together."""

    said: tuple[str, ...] = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict(self.fields)
        self.fields.clear()
        for name in self.said:
            for code, language in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{LABELS[name]} · {language}", max_length=LONGEST[name],
                    widget=forms.TextInput(attrs={"lang": code}),
                )  # fmt: skip
        self.fields.update(fields)

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code, _name in LANGUAGES}

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "form": self}


def spread(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as the first values of their fields."""
    return {f"{name}_{code}": text for code, text in texts.items()}


class ShopForm(Words):
    said = ("name", "where")
    unit = forms.TypedChoiceField(label=_("Who serves there"), coerce=int)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    is_open = forms.BooleanField(label=_("Open to residents"), required=False, initial=True)

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], areas: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class GoodForm(Words):
    points = forms.IntegerField(label=_("Points for one"), min_value=1, max_value=goods.MOST_STOCK)
    most = forms.IntegerField(
        label=_("Most for one person in a year"), min_value=1, max_value=1000, required=False
    )
    sponsor = forms.TypedChoiceField(
        label=_("Given by"), coerce=int, required=False, empty_value=None
    )
    offered = forms.BooleanField(label=_("Offered"), required=False, initial=True)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sponsor"].choices = [("", "—"), *units]  # type: ignore[attr-defined]


class DeliverForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many were brought"), min_value=1, max_value=goods.MOST_STOCK
    )


class CountForm(forms.Form):
    counted = forms.IntegerField(
        label=_("How many lie there, reserved ones too"), min_value=0, max_value=goods.MOST_STOCK
    )


class GiveForm(forms.Form):
    rule = forms.ChoiceField(label=_("For what"), widget=forms.RadioSelect)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    day = forms.DateField(
        label=_("On which day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, rules: list[tuple[str, str]], areas: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class YearForm(forms.Form):
    """A year that is over."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2999)


class BackForm(forms.Form):
    """Which entry is wrong, and why."""

    award = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Why"), choices=[(key, REASONS[key]) for key in ("twice", "mistake", "not_held")]
    )
