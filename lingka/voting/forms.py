"""Votes as forms of the desk."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.voting import rules
from lingka.voting.actions import Draft

LANGUAGES = list(settings.LANGUAGES)
LABELS = {"question": _("The question"), "about": _("What one should know"), "why": _("Why")}
LINES = {"question": 2, "about": 4, "why": 2}
LONGEST = {"question": 160, "about": 1200, "why": 400}
MINUTES = "%Y-%m-%dT%H:%M"


class Words(forms.Form):
    """Texts in every language; `texts(name)` gives one of them together."""

    said: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict(self.fields)
        self.fields.clear()
        for name in self.said:
            for code, language in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{LABELS[name]} · {language}", max_length=LONGEST[name],
                    required=name not in self.optional,
                    widget=forms.Textarea(attrs={"lang": code, "rows": LINES[name]}),
                )  # fmt: skip
        self.fields.update(fields)

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code, _name in LANGUAGES}

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "form": self}


def sizes_field(*, required: bool = False) -> forms.CharField:
    """The flats of a roll of owners."""
    return forms.CharField(
        label=_("Flats by area"), required=required, max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For owners only: square metres of each flat, in the order of your list."),
    )  # fmt: skip


def sizes_of(text: str) -> list[Decimal]:
    """Square metres, as somebody copied them from their list."""
    try:
        found = [
            round(Decimal(one), 2)  # refuses what is infinite, or has more digits than we keep
            for one in re.split(r"[\s,;，；、]+", text)
            if one
        ]
    except InvalidOperation:
        raise forms.ValidationError(gettext("Write numbers, such as 89.5")) from None
    if not all(one.is_finite() for one in found):
        raise forms.ValidationError(gettext("Write numbers, such as 89.5"))
    return found


def spread(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{code}": texts.get(code, "") for code, _name in LANGUAGES}


class DraftForm(Words):
    said, optional = ("question", "about"), frozenset({"about"})
    options = forms.CharField(
        label=_("Options"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Empty for a proposal: in favour or against. Else one line for each option: Chinese |"
            " Tibetan | English."
        ),
    )  # fmt: skip
    rule = forms.ChoiceField(label=_("Voting rule"))
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    closes_at = forms.DateTimeField(
        label=_("Voting ends"), input_formats=[MINUTES],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
    )  # fmt: skip
    members = forms.BooleanField(
        label=_("Everybody who takes part in this area votes"), required=False
    )
    papers = forms.IntegerField(
        label=_("Voters on paper"), min_value=0, max_value=5000, required=False,
        help_text=_("Numbers without names: you keep the list of who has which."),
    )  # fmt: skip
    sizes = sizes_field()

    idempotency_key = forms.UUIDField(required=False, initial=uuid7, widget=forms.HiddenInput)

    def __init__(self, *args: Any, areas: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = rules.BOOK.now().rules.values()
        names = [(one.key, " · ".join((str(one.name), *map(str, one.said)))) for one in known]
        self.fields["rule"].choices = names  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]

    def clean_options(self) -> list[dict[str, str]]:
        lines = [one for one in self.cleaned_data["options"].splitlines() if one.strip()]
        found = [[part.strip() for part in one.split("|")] for one in lines]
        if any(len(one) != len(LANGUAGES) or not all(one) for one in found):
            raise forms.ValidationError(
                gettext("Each line has three parts: Chinese | Tibetan | English.")
            )
        codes = ("zh-hans", "bo", "en")
        return [dict(zip(codes, one, strict=True)) for one in found]

    def clean_sizes(self) -> list[Decimal]:
        return sizes_of(self.cleaned_data["sizes"])

    def draft(self, invited: Iterable[str] = ()) -> Draft:
        """`invited`: members whom the draft names already; no field shows them."""
        given = self.cleaned_data
        closes_at: datetime = given["closes_at"]
        return Draft(
            given["area"], self.texts("question"), given["rule"], closes_at, given["options"],
            self.texts("about"), members=given["members"],
            invited=[UUID(one) for one in invited], papers=given["papers"] or 0,
            sizes=given["sizes"],
        )  # fmt: skip


class WhyForm(Words):
    said = ("why",)


class NumberForm(forms.Form):
    number = forms.IntegerField(label=_("Number in the roll"), min_value=1, max_value=100_000)


class EntryForm(NumberForm):
    choice = forms.TypedChoiceField(label=_("What is marked"), coerce=int)

    def __init__(self, *args: Any, options: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = [(rules.BLANK, gettext("Blank")), (rules.INVALID, gettext("Invalid"))]
        self.fields["choice"].choices = [*enumerate(options), *more]  # type: ignore[attr-defined]


class CountForm(forms.Form):
    """So many ballots on each heap."""

    def __init__(self, *args: Any, options: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, label in enumerate([*options, gettext("Blank"), gettext("Invalid")]):
            self.fields[f"heap{place}"] = forms.IntegerField(
                label=label, min_value=0, max_value=5000
            )

    def counts(self) -> list[int]:
        return [self.cleaned_data[name] for name in self.fields]

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "form": self}
