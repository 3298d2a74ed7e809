"""What members type: a number, six digits, what is kept of them. Forms tidy; actions decide."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.members import addresses, rules, selectors
from lingka.units import selectors as units

WHERE_FIRST = ("", _("Choose…"))


class NumberForm(forms.Form):
    to = forms.CharField(
        label=_("Mobile number or e-mail address"), max_length=addresses.LONGEST,
        widget=forms.TextInput({"autocomplete": "tel", "enterkeyhint": "send"}),
    )  # fmt: skip


class DigitsForm(forms.Form):
    digits = forms.CharField(
        label=_("The six digits"), max_length=16,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "enterkeyhint": "go"}
        ),
    )  # fmt: skip

    def clean_digits(self) -> str:
        """People copy them with blanks, and some keyboards write them in full width."""
        text = self.cleaned_data["digits"]
        return "".join(str(int(sign)) for sign in text if sign.isdecimal())


class EntryForm(forms.Form):
    """What is kept of a member, as they see and correct it."""

    name = forms.CharField(
        label=_("What shall we call you?"), max_length=rules.NAME_LENGTH,
        help_text=_("A nickname will do. Those who serve with you see it, nobody else."),
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )  # fmt: skip
    area = forms.TypedChoiceField(label=_("The community you live in"), coerce=int)
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        field.choices = [WHERE_FIRST, *selectors.communities()]  # type: ignore[attr-defined]


class JoinForm(EntryForm):
    agreed = forms.BooleanField(
        label=_("I have read this and agree"),
        error_messages={"required": _("Without this nothing may be kept of you.")},
    )


class WorkplaceForm(forms.Form):
    """Only units that checked in with the member's community can be named."""

    workplace = forms.TypedChoiceField(
        label=_("Where you work"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workplace"].choices = [("", _("Not named")), *choices]  # type: ignore[attr-defined]


class CheckInForm(forms.Form):
    """A unit, a community, what its people help with and when."""

    unit = forms.TypedChoiceField(label=_("Workplace"), coerce=int)
    area = forms.TypedChoiceField(label=_("Community"), coerce=int)
    kinds = forms.MultipleChoiceField(
        label=_("Offers help with"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days"), coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=list(rules.WEEKDAYS.items()),
        error_messages={"required": _("Choose at least one day.")},
    )  # fmt: skip
    times = forms.MultipleChoiceField(
        label=_("At what time"), widget=forms.CheckboxSelectMultiple,
        choices=list(rules.TIMES.items()), error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, own: set[int] | None, paths: tuple[str, ...], **kwargs: Any
    ) -> None:
        """`own`: the only units that may be chosen; None: all. Without paths, every community."""
        super().__init__(*args, **kwargs)
        known = [(one.id, pick(one.name)) for one in units.units() if own is None or one.id in own]
        self.fields["unit"].choices = [WHERE_FIRST, *known]  # type: ignore[attr-defined]
        where = selectors.communities(paths)
        self.fields["area"].choices = [WHERE_FIRST, *where]  # type: ignore[attr-defined]
        self.fields["kinds"].choices = selectors.kinds()  # type: ignore[attr-defined]
