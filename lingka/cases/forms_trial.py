"""The form of a made-up case: what, where and when. Nothing of it is kept."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import beginning
from lingka.cases.beginning import Where
from lingka.cases.selectors import catalogue

REQUIRED = _("Please fill this in.")
PLACE = 80  # characters of a code or name
MOMENT = "%Y-%m-%dT%H:%M"


def type_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(name, kinds) for _key, name, kinds in catalogue.kinds_by_group()]


class TrialForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=type_choices, error_messages={"required": REQUIRED}
    )
    where = forms.CharField(
        label=_("Where"), max_length=PLACE, error_messages={"required": REQUIRED},
        help_text=_("The code of a place, or the name or code of an area."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    at = forms.DateTimeField(
        label=_("When"), input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": REQUIRED,
            "invalid": _("Please give day and time such as 2026-11-27 21:30."),
        },
    )  # fmt: skip

    def clean_where(self) -> Where:
        """A place by its code; an area by its code or by what an address would name."""
        text: str = self.cleaned_data["where"].strip()
        if place := areas.place_by_code(text):
            return beginning.at_place(place.id)
        area = areas.area_by_code(text) or areas.named(text)
        if area is None:
            raise forms.ValidationError(
                _("No place has this code and no area this name. Look at a door, or at the map.")
            )
        return beginning.in_area(area)

    def clean_at(self) -> datetime:
        """Calendars are entered for some years; nobody plans for another age."""
        at: datetime = self.cleaned_data["at"]
        if not SOONEST <= at.year <= LATEST:
            raise forms.ValidationError(_("Please choose a day of these years."))
        return at

    def given(self) -> tuple[Any, Where, datetime]:
        data = self.cleaned_data
        return catalogue.case_type(data["kind"]), data["where"], data["at"]


SOONEST, LATEST = 2020, 2099
