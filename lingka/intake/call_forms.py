"""What a call-taker writes down. Only that something is said, and of what type, is needed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.core.text import PHONE
from lingka.intake.calling import types_told
from lingka.intake.forms import MOST_WORDS
from lingka.intake.rules import LIVE

CHANNELS = [
    ("hotline", _("Telephone")),
    ("counter", _("Counter")),
    (LIVE, _("Leader's live call")),
    ("letterbox", _("Letterbox or wish card")),
]


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


class CallDayForm(forms.Form):
    """When which leader takes calls in person."""

    leader = forms.TypedChoiceField(label=_("Who takes the calls"), coerce=int)
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"))

    def __init__(self, *args: Any, leaders: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].choices = leaders  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    """The number that the telephone shows: matched and forgotten."""

    number = forms.CharField(
        label=_("Number that the telephone shows"), max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Write the number that the telephone shows.")},
    )  # fmt: skip


class CallForm(forms.Form):
    """One call. Hints use it half-filled; taking it in asks for `words` and `case_type`.

    `leaders` may be named to follow up what a leader was told; `owed`: somebody has to be.
    """

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS, required=False)
    words = forms.CharField(
        label=_("What the caller says"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write down what the caller says, in a few words."),
            "max_length": _("This is too long. At most 4,000 characters, please."),
        },
    )
    address = forms.CharField(label=_("Where"), required=False, max_length=200)
    door = forms.CharField(label=_("Code on the door, if they stand before it"), required=False,
                           max_length=12)  # fmt: skip
    case_type = forms.ChoiceField(
        label=_("What it is"),
        error_messages={"required": _("Choose what it is: the likeliest stand on the right.")},
    )
    phone = forms.CharField(
        label=_("Number to call back, if they wish"), required=False, max_length=24
    )
    language = forms.ChoiceField(
        label=_("The caller speaks"), choices=settings.LANGUAGES, required=False
    )

    leader = forms.TypedChoiceField(
        label=_("Who follows it up and answers"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self, *args: Any, leaders: Sequence[tuple[int, str]] = (), owed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owed = owed
        self.fields["leader"].choices = [("", "—"), *leaders]  # type: ignore[attr-defined]
        kinds = [("", "—"), *((one.key, one.name) for one in types_told())]
        self.fields["case_type"].choices = kinds  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("Write the number with digits only, as in 13912345678."))
        return phone

    def clean_idempotency_key(self) -> Any:
        return self.cleaned_data.get("idempotency_key") or uuid7()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("channel") != LIVE:
            given["leader"] = None
        elif self.owed and not given.get("leader") and "leader" not in self.errors:
            self.add_error("leader", _("Say who follows it up: the caller is owed an answer."))
        return given
