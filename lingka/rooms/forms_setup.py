"""A station and a room of it, as an administrator sets them up."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.rooms import catalogue
from lingka.rooms.forms_desk import CODES, Named, spans_of
from lingka.rooms.selectors import RoomInfo, StationInfo

LONGEST = [30, 60, 90, 120, 180, 240]  # minutes of one booking


class StationForm(Named):
    finds: Any = _("What one finds there")
    key = forms.SlugField(
        label=_("Name in its address"), max_length=64,
        help_text=_("Latin letters, digits and hyphens; it stands on posters, so keep it short."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What it is"))
    unit = forms.TypedChoiceField(label=_("Who runs it"), coerce=int)
    place = forms.CharField(
        label=_("Code of its door"), max_length=40,
        help_text=_("As it stands on the sign, or under Areas and places."),
    )  # fmt: skip
    audiences = forms.MultipleChoiceField(
        label=_("Whom it serves"), widget=forms.CheckboxSelectMultiple
    )
    equipment = forms.MultipleChoiceField(
        label=_("What it has"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own_hours = forms.BooleanField(
        label=_("It has hours of its own"), required=False,
        help_text=_("Otherwise it is open when its unit is."),
    )  # fmt: skip
    on_holidays = forms.BooleanField(label=_("Open on holidays too"), required=False)
    is_open = forms.BooleanField(label=_("Open to residents"), required=False, initial=True)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            self.fields[f"about_{code}"] = forms.CharField(
                label=f"{self.finds} · {language}", max_length=400, required=False,
                widget=forms.Textarea(attrs={"lang": code, "rows": 2}),
            )  # fmt: skip
        for day, name in WEEKDAYS.items():
            self.fields[f"hours_{day}"] = forms.CharField(
                label=name, required=False, max_length=80,
                widget=forms.TextInput(attrs={"placeholder": "09:30-13:00 15:00-18:00"}),
            )  # fmt: skip
        for field, offered in {
            "kind": catalogue.choices(catalogue.kinds()), "unit": units,
            "audiences": catalogue.choices(catalogue.audiences()),
            "equipment": catalogue.choices(catalogue.equipment()),
        }.items():  # fmt: skip
            self.fields[field].choices = offered  # type: ignore[attr-defined]
        self.order_fields(
            [f"{name}_{code}" for name in ("name", "about") for code in CODES]
            + ["key", "kind", "unit", "place", "audiences", "equipment", "own_hours"]
            + [f"hours_{day}" for day in WEEKDAYS]
        )

    def clean_place(self) -> int:
        place = areas.place_by_code(self.cleaned_data["place"])
        if place is None:
            raise forms.ValidationError(_("No door has this code. Look for it on the sign."))
        return place.id

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["about"] = {code: given.get(f"about_{code}", "") for code in CODES}
        given["hours"] = None
        if given.get("own_hours"):
            given["hours"] = {str(day): self._on(day) for day in WEEKDAYS}
        return given

    def _on(self, day: int) -> list[list[str]]:
        try:
            return spans_of(str(self.cleaned_data.get(f"hours_{day}", "")))
        except forms.ValidationError as wrong:
            self.add_error(f"hours_{day}", wrong)
            return []


def as_kept(one: StationInfo) -> dict[str, Any]:
    """A station as the first values of its form."""
    hours = {} if one.hours is None else one.hours
    return {
        **_texts("name", one.names), **_texts("about", one.abouts),
        "key": one.key, "kind": one.kind, "unit": one.unit_id, "place": one.place.code,
        "audiences": one.audiences, "equipment": one.has, "own_hours": one.hours is not None,
        "on_holidays": one.on_holidays, "is_open": one.is_open,
        **{f"hours_{day}": " ".join("-".join(span) for span in spans)
           for day, spans in hours.items()},
    }  # fmt: skip


class RoomForm(Named):
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=2000)
    longest = forms.TypedChoiceField(
        label=_("Longest booking, in minutes"), coerce=int, initial=120,
        choices=[(one, str(one)) for one in LONGEST],
    )  # fmt: skip
    equipment = forms.MultipleChoiceField(
        label=_("What it has"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needs_approval = forms.BooleanField(
        label=_("The station answers each booking first"), required=False
    )
    is_open = forms.BooleanField(
        label=_("Can be booked"), required=False, initial=True,
        help_text=_("What is booked already stays."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = catalogue.choices(catalogue.equipment())
        self.fields["equipment"].choices = choices  # type: ignore[attr-defined]
        kept = self.initial.get("longest")
        if kept and kept not in LONGEST:  # as a file set it
            offered = sorted({*LONGEST, kept})
            self.fields["longest"].choices = [(one, str(one)) for one in offered]  # type: ignore[attr-defined]
        self.order_fields([f"name_{code}" for code in CODES])


def room_as_kept(one: RoomInfo) -> dict[str, Any]:
    return {
        **_texts("name", one.names), "seats": one.seats, "longest": one.longest,
        "equipment": one.has, "needs_approval": one.needs_approval, "is_open": one.is_open,
    }  # fmt: skip


def _texts(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{code}": texts.get(code, "") for code in CODES}
