"""What a group is asked for when it takes a room."""

from datetime import MAXYEAR, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from lingka.core import saying
from lingka.core.ids import uuid7
from lingka.core.text import PHONE
from lingka.rooms import rules
from lingka.rooms.actions import Wish
from lingka.rooms.selectors import RoomInfo

EVERY = [("0", _("Once")), ("7", _("Every week")), ("14", _("Every two weeks"))]


def moment(text: Any) -> datetime | None:
    """A moment as a form sends it; None for anything else."""
    try:
        found = parse_datetime(str(text or ""))
    except ValueError:
        return None
    return found if found and found.tzinfo and 1 < found.year < MAXYEAR else None


class BookingForm(forms.Form):
    """One wish. The times to choose from are drawn by the page itself."""

    starts_at = forms.CharField(error_messages={"required": _("Choose a time first.")})
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int)
    group = forms.CharField(
        label=_("Who comes"), max_length=80, help_text=_("Your group's name, no person's."),
        error_messages={"required": _("Say who comes: the name of your group.")},
    )  # fmt: skip
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    people = forms.IntegerField(label=_("How many people"), min_value=1, initial=8)
    every = forms.TypedChoiceField(
        label=_("How often"), coerce=int, choices=EVERY, initial=0, required=False, empty_value="0"
    )
    times = forms.IntegerField(
        label=_("How many times, if more than once"), min_value=1, max_value=rules.DATES,
        initial=1, required=False,
    )  # fmt: skip
    wait = forms.BooleanField(label=_("Where somebody has it already, wait for it"), required=False)
    phone = forms.CharField(
        label=_("Number for questions, if you wish"), required=False, max_length=24,
        help_text=_(
            "Only the station can read it, must say why, and you see that it did. If you wait, a"
            " message tells you when the room is yours."
        ),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, room: RoomInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lengths = range(rules.STEP, room.longest + 1, rules.STEP)
        choices = [(str(one), saying.span(one * 60)) for one in lengths]
        self.fields["minutes"].choices = choices  # type: ignore[attr-defined]
        self.fields["minutes"].initial = min(60, room.longest)
        self.fields["people"].widget.attrs["max"] = room.seats

    @property
    def asked(self) -> list[forms.BoundField]:
        names = ("minutes", "every", "times", "people", "group", "purpose", "phone", "wait")
        return [self[name] for name in names]

    def clean_starts_at(self) -> datetime:
        found = moment(self.cleaned_data["starts_at"])
        if found is None:
            raise forms.ValidationError(_("Choose a time first."))
        return found

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("Write the number with digits only, as in 13912345678."))
        return phone

    def clean(self) -> dict[str, Any]:
        """A rhythm and a number go together: neither is dropped unsaid."""
        given = super().clean() or self.cleaned_data
        every, times = int(given.get("every") or 0), given.get("times") or 1
        if every and times == 1 and "times" not in self.errors:
            self.add_error("times", _("How many times? Two or more."))
        if not every and times > 1:
            self.add_error("every", _("Choose how often, or one time."))
        return given

    def clean_idempotency_key(self) -> Any:
        return self.cleaned_data.get("idempotency_key") or uuid7()

    def wish(self) -> Wish:
        """What was asked for, once it is valid."""
        given = self.cleaned_data
        every = int(given["every"])
        return Wish(
            given["starts_at"], given["minutes"], given["group"].strip(),
            given["purpose"].strip(), given["people"], given["phone"],
            (given["times"] or 1) if every else 1, every or 7, given["wait"],
        )  # fmt: skip


class DoorForm(forms.Form):
    code = forms.CharField(label=_("Code on the door"), max_length=8)
