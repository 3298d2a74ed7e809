"""A special day and a thing on the programme, as who runs the station writes them."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from lingka.rooms import rules, selectors
from lingka.rooms.selectors import StationInfo

CODES = [code for code, _name in settings.LANGUAGES]
DASHES = str.maketrans("–—~", "---")


def spans_of(typed: str) -> list[list[str]]:
    """Hours as they are typed; nothing typed is no hours."""
    spans = [part.split("-") for part in typed.translate(DASHES).replace(",", " ").split()]
    if rules.faults(spans):
        message = _("Write hours as in 09:30-13:00, one after the other.")
        raise forms.ValidationError(message)
    return spans


class Named(forms.Form):
    """Something with a name in every language of the installation."""

    named: Any = _("Name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=f"{self.named} · {language}", max_length=80,
                widget=forms.TextInput(attrs={"lang": code}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["name"] = {code: given.get(f"name_{code}", "") for code in CODES}
        return given


class SpecialDayForm(Named):
    named = _("Why")
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    hours = forms.CharField(
        label=_("Open hours on that day"), required=False, max_length=80,
        help_text=_("As in 10:00-13:00 15:00-18:00; empty where it is closed."),
    )  # fmt: skip

    def clean_hours(self) -> list[list[str]]:
        return spans_of(str(self.cleaned_data["hours"]))

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < selectors.today():
            raise forms.ValidationError(_("This day is over."))
        return day


class ProgrammeForm(Named):
    named = _("What is on")
    weekday = forms.TypedChoiceField(
        label=_("Every week on"), required=False, coerce=int, empty_value=None
    )
    day = forms.DateField(
        label=_("Or once on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}))
    room = forms.TypedChoiceField(
        label=_("In which room"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Groups cannot book it then; what is booked already stays."),
    )  # fmt: skip

    def __init__(self, *args: Any, station: StationInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [("", "–"), *((str(key), name) for key, name in WEEKDAYS.items())]
        rooms = [(str(one.uuid), one.name) for one in selectors.rooms_of([station])]
        self.fields["weekday"].choices = days  # type: ignore[attr-defined]
        self.fields["room"].choices = [("", "–"), *rooms]  # type: ignore[attr-defined]
        self.order_fields([f"name_{code}" for code in CODES])

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for name in ("starts", "ends"):
            if given.get(name):
                given[name] = f"{given[name]:%H:%M}"
        if given.get("starts") and given.get("ends") and given["ends"] <= given["starts"]:
            self.add_error("ends", _("It must end after it begins."))
        if (given.get("weekday") is None) == (given.get("day") is None):
            message = _("Say either on which day of the week, or on which date.")
            self.add_error("weekday", message)
        return given
