"""Forms of the administrator's pages. They ask and tidy; the actions decide."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.accounts.actions import SCOPES
from lingka.accounts.models import Role
from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.units import selectors as units
from lingka.units import work

FIRST_YEAR, LAST_YEAR = 1990, 2200
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # what browsers understand
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
SECRET = forms.PasswordInput(attrs={"autocomplete": "new-password"})
INTERVAL = re.compile(r"^(\d\d:\d\d)[-–](\d\d:\d\d)$")
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
    _("Sunday"),
)  # fmt: skip


def within_reason(value: date) -> None:
    """Years that calendars can be reckoned in."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise forms.ValidationError(_("Choose a day between 1990 and 2200."))


class Day(forms.DateField):
    default_validators = [within_reason]


class Moment(forms.DateTimeField):
    default_validators = [within_reason]


class Names(forms.MultiValueField):
    """One text in every language of the installation."""

    def __init__(self, **kwargs: Any) -> None:
        codes = [code for code, _name in settings.LANGUAGES]
        widget = NamesWidget(codes)
        fields = [forms.CharField(max_length=200) for _code in codes]
        super().__init__(fields=fields, widget=widget, require_all_fields=True, **kwargs)

    def compress(self, data_list: Any) -> dict[str, str]:
        codes = (code for code, _name in settings.LANGUAGES)
        return dict(zip(codes, data_list or [], strict=False))


class NamesWidget(forms.MultiWidget):
    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = list(codes)
        named = dict(settings.LANGUAGES)
        super().__init__([
            forms.TextInput(attrs={"lang": code, "placeholder": named[code],
                                   "aria-label": named[code]})
            for code in self.codes
        ])  # fmt: skip

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in self.codes]


def area_choices() -> list[tuple[str, str]]:
    """Every area above the grids, indented by its depth."""
    found = [area for root in areas.roots() for area in [root, *areas.areas_below(root.id)]]
    shown = sorted((a for a in found if a.level != "grid"), key=lambda a: a.path)
    return [(str(a.id), "　" * (a.path.count("/") - 2) + pick(a.name)) for a in shown]


def unit_choices() -> list[tuple[str, str]]:
    return sorted(((str(u.id), pick(u.name)) for u in units.units()), key=lambda one: one[1])


class UnitForm(forms.Form):
    name = Names(label=_("Name"))
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=units.kinds)
    area = forms.TypedChoiceField(label=_("Area"), choices=area_choices, coerce=int)
    calendar = forms.TypedChoiceField(
        label=_("Working calendar"), choices=units.calendar_choices, coerce=int
    )
    phone = forms.CharField(label=_("Telephone of the office"), required=False, max_length=24)


class NewUnitForm(UnitForm):
    key = forms.SlugField(
        label=_("Key"), max_length=80, help_text=_("Short, in Latin letters; it never changes.")
    )
    field_order = ["name", "key"]


class ServiceForm(forms.Form):
    area = forms.TypedChoiceField(label=_("Area"), choices=area_choices, coerce=int)
    case_type = forms.ChoiceField(label=_("Case type"), choices=work.choices)
    basis = Names(label=_("Why this unit serves there"))
    valid_from = Day(label=_("From"), widget=DAY)
    valid_to = Day(label=_("Until, not included"), widget=DAY, required=False)


def promised_work() -> list[tuple[str, Any]]:
    """What an agreement can be for: anything named, never everything."""
    return [one for one in work.choices() if one[0] not in {"", work.EVERYTHING}]


class AgreementForm(forms.Form):
    """`agreement` names the one that this is a new version of."""

    agreement = forms.ChoiceField(label=_("Which agreement"), required=False)
    promise = Names(label=_("What is promised, as a resident would read it"))
    areas = forms.TypedMultipleChoiceField(
        label=_("For which areas"), choices=area_choices, coerce=int,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )  # fmt: skip
    case_types = forms.MultipleChoiceField(
        label=_("For which work"), choices=promised_work, required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Cases of these kinds go to this unit first. None: nothing is sent by itself."),
    )  # fmt: skip
    valid_from = Day(label=_("From"), widget=DAY)
    valid_to = Day(label=_("Last day"), widget=DAY)
    document = forms.FileField(
        label=_("The signed paper (PDF)"), required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )  # fmt: skip

    def __init__(self, *args: Any, held: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("A new one")), *held]


class EndAgreementForm(forms.Form):
    agreement = forms.UUIDField(widget=forms.HiddenInput)
    on = Day(label=_("Ends on"), widget=DAY)


class EndForm(forms.Form):
    id = forms.IntegerField(widget=forms.HiddenInput)
    on = Day(label=_("Ends on"), widget=DAY)


class IdForm(forms.Form):
    id = forms.IntegerField(widget=forms.HiddenInput)


class DayForm(forms.Form):
    """A local holiday or a make-up working day."""

    day = Day(label=_("First day"), widget=DAY)
    days = forms.IntegerField(label=_("How many days"), min_value=1, max_value=31, initial=1)
    names = Names(label=_("What it is called"))
    working = forms.TypedChoiceField(
        label=_("On these days"),
        choices=[("", _("nobody works")), ("1", _("people work"))],
        coerce=bool, required=False, empty_value=None,
    )  # fmt: skip


class OneDayForm(forms.Form):
    day = Day(widget=forms.HiddenInput)


class YearForm(forms.Form):
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=FIRST_YEAR, max_value=LAST_YEAR)


class HoursForm(forms.Form):
    """Working hours of each weekday, as "09:30-13:00 15:30-18:30"."""

    valid_from = Day(label=_("From"), widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = forms.CharField(label=name, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        hours: dict[int, list[tuple[str, str]]] = {}
        for number in range(len(WEEKDAYS)):
            found = [INTERVAL.match(part) for part in data.get(f"day{number}", "").split()]
            if None in found:
                self.add_error(f"day{number}", _("Write hours like 09:30-13:00 15:30-18:30."))
                continue
            hours[number] = [(m[1], m[2]) for m in found if m]
        data["hours"] = hours
        return data


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name as colleagues see it"), max_length=64)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", "—"), *settings.LANGUAGES], required=False
    )


class NewPersonForm(PersonForm):
    username = forms.SlugField(label=_("Name to sign in with"), max_length=64)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["username", "name"]


class PasswordForm(forms.Form):
    password = forms.CharField(label=_("New password"), widget=SECRET)


class PostForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.TypedChoiceField(label=_("Unit"), choices=unit_choices, coerce=int)
    area = forms.TypedChoiceField(
        label=_("Area"), choices=lambda: [("", "—"), *area_choices()], coerce=int,
        required=False, empty_value=None, help_text=_("Without one: the whole area of the unit."),
    )  # fmt: skip
    valid_from = Day(label=_("From"), widget=DAY)
    valid_to = Day(label=_("Until, not included"), widget=DAY, required=False)


class ShiftForm(forms.Form):
    post = forms.TypedChoiceField(label=_("Post"), coerce=int)
    starts_at = Moment(label=_("From"), widget=MOMENT)
    ends_at = Moment(label=_("To"), widget=MOMENT)
    weeks = forms.IntegerField(
        label=_("Each week, so many times"), min_value=1, max_value=53, initial=1
    )

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = posts


class LeaveForm(forms.Form):
    post = forms.TypedChoiceField(label=_("Post"), coerce=int)
    starts_at = Moment(label=_("From"), widget=MOMENT)
    ends_at = Moment(label=_("To"), widget=MOMENT)
    substitute = forms.TypedChoiceField(
        label=_("Who stands in"), coerce=int, required=False, empty_value=None
    )

    def __init__(
        self,
        *args: Any,
        posts: list[tuple[str, str]],
        others: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("post", posts), ("substitute", [("", "—"), *others])):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = choices


SCOPE_NAMES = {
    "cases:read": _("Read cases as this person may"),
    "cases:act": _("Report cases and act on them"),
    "open311:read": _("Read public requests (Open311)"),
    "open311:write": _("Report requests (Open311)"),
}


def scope_names(scopes: Iterable[str]) -> list[str]:
    """What a key may do, in words."""
    return [str(SCOPE_NAMES.get(scope, scope)) for scope in scopes]


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What the key is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, SCOPE_NAMES[scope]) for scope in sorted(SCOPES)],
        widget=forms.CheckboxSelectMultiple,
    )
    user_id = forms.TypedChoiceField(
        label=_("On whose behalf"), coerce=int, required=False, empty_value=None,
        help_text=_("It sees and does what this person may. Nobody's key opens cases, sees none."),
    )  # fmt: skip
    expires_at = Moment(label=_("Works until"), widget=MOMENT, required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "—"), *people]
