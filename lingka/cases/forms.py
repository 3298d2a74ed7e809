"""Forms made from what an action says it needs, so that a new action needs no new page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from lingka.cases import inputs, waiting
from lingka.cases.definitions import Need
from lingka.cases.selectors.catalogue import kinds_by_group
from lingka.cases.selectors.suggestions import Suggestion
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.core.text import pick

WORDS = 4000
EVENING = time(18, 0)  # a day named as a deadline means the end of its working time
TO_THE_MINUTE = "%Y-%m-%dT%H:%M"
FEW = 3  # so many choices are shown as radio buttons, more as a list
LISTED = frozenset(
    {"helper", "leader", "other_unit"}
)  # one out of a list that the case itself gives
SEVERAL = frozenset({"units", "helpers"})  # any of such a list
OTHER = "other_unit"
TYPED = "other_case"
REQUIRED = _("Please fill this in.")


class Cards(forms.RadioSelect):
    """Radio buttons whose choices carry a note: why this one."""

    def __init__(self, notes: Mapping[str, str]) -> None:
        super().__init__()
        self.notes = notes

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["note"] = self.notes.get(str(value), "")
        return option


class ManyFiles(forms.FileInput):
    """Files to choose, after those that wait since an earlier try."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        kept = waiting.shown(name, value or ())
        required = {} if not kept.strip() else {"required": False}
        chosen = super().render(name, None, {**(attrs or {}), **required}, renderer)
        return mark_safe(kept + chosen)  # noqa: S308 - two templates of ours


class FilesField(forms.Field):
    """Photos as `waiting.brought` gives them: judged already, the faults after the photos."""

    widget = ManyFiles

    def clean(self, value: Any) -> list[str]:
        given = value or []
        for fault in given:
            if isinstance(fault, Problem):
                raise forms.ValidationError(str(fault.message), code=fault.code)
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [str(photo.uuid) for photo in given]


class ActionForm(forms.Form):
    """What one action asks for. `given()` is what `cases.actions.perform` takes."""

    def __init__(
        self,
        needs: Sequence[Need],
        *args: Any,
        suggestions: Sequence[Suggestion] = (),
        others: Sequence[tuple[int, str]] = (),
        people: Mapping[str, Sequence[tuple[int, str]]] | None = None,
        alike: Sequence[tuple[str, str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for need in needs:
            if need.kind == "case":
                self._let_name(need, alike)
                continue
            self.fields[need.name] = _field(need, suggestions, (people or {}).get(need.kind, ()))
            if need.kind == "unit" and others:
                self._let_choose(need.name, suggestions, others)

    def _let_choose(
        self, name: str, suggestions: Sequence[Suggestion], others: Sequence[tuple[int, str]]
    ) -> None:
        """Any other unit from a list; alone where nothing is suggested."""
        listed = forms.TypedChoiceField(
            choices=[("", _("Choose…")), *others],
            coerce=int,
            empty_value=None,
            required=not suggestions,
            error_messages={"required": REQUIRED},
            label=_("Another unit") if suggestions else self.fields[name].label,
        )
        if suggestions:
            self.fields[name].required = False
            self.fields[OTHER] = listed
        else:
            self.fields[name] = listed

    def _let_name(self, need: Need, alike: Sequence[tuple[str, str, str]]) -> None:
        """One of the cases that look alike, or any other by its code."""
        notes = {number: note for number, _title, note in alike}
        chosen = [(number, title) for number, title, _note in alike]
        if chosen:
            self.fields[need.name] = forms.ChoiceField(
                label=pick(need.label), choices=chosen, required=False, widget=Cards(notes)
            )
        typed = forms.CharField(
            label=_("Another case, by its code") if chosen else pick(need.label),
            max_length=20,
            required=not chosen,
            error_messages={"required": REQUIRED},
            widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "5KX8-7MV"}),
        )
        self.fields[TYPED if chosen else need.name] = typed

    def clean(self) -> dict[str, Any]:
        """Another unit, where one was chosen, is the unit; another case's code, the case."""
        cleaned = super().clean() or self.cleaned_data
        typed = cleaned.pop(TYPED, "")
        if typed:
            cleaned["into"] = typed
        elif TYPED in self.fields and not cleaned.get("into"):
            self.add_error("into", REQUIRED)
        other = cleaned.pop(OTHER, None)
        if other is not None:
            cleaned["unit"] = other
        elif OTHER in self.fields and cleaned.get("unit") is None and "unit" not in self.errors:
            self.add_error("unit", REQUIRED)
        return cleaned

    def given(self) -> dict[str, Any]:
        return {
            name: _plain(value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "", [])
        }


def sent(request: HttpRequest, needs: Sequence[Need], actor: Actor, **known: Any) -> ActionForm:
    """The form as it came; its photos are kept whatever else is wrong with it."""
    names = [need.name for need in needs if need.kind == "photos"]
    return ActionForm(needs, request.POST, waiting.brought(request, names, actor), **known)


def _plain(value: Any) -> Any:
    """JSON for the action: times with their zone, numbers as numbers."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _field(
    need: Need, suggestions: Sequence[Suggestion], listed: Sequence[tuple[int, str]] = ()
) -> forms.Field:
    common: dict[str, Any] = {
        "label": pick(need.label),
        "required": need.required,
        "error_messages": {"required": REQUIRED},
    }
    if need.audience == "staff":
        common["help_text"] = _("Colleagues read this, the resident does not.")
    if need.kind == "unit":
        return _unit_field(common, suggestions)
    if need.kind in SEVERAL:
        return _units_field(common, listed)
    if need.kind in LISTED:
        choices = [("", _("Choose…")), *listed]
        return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, **common)
    if need.kind == "type":
        return forms.ChoiceField(choices=_kinds_of_matter(), **common)
    if need.kind in {"choice", "checks"}:
        options = [(key, pick(names)) for key, names in need.options]
        return (_choice_field if need.kind == "choice" else _checks_field)(common, options)
    make = _KINDS.get(need.kind, _text_field)
    return make(common)


def _kinds_of_matter() -> list[Any]:
    """Every case type in its group, as a list to choose from."""
    groups = ((name, kinds) for _key, name, kinds in kinds_by_group())
    return [("", _("Choose…")), *groups]


def _choice_field(common: dict[str, Any], choices: list[tuple[str, str]]) -> forms.Field:
    if len(choices) <= FEW:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[("", _("Choose…")), *choices], **common)


def _checks_field(common: dict[str, Any], lines: list[tuple[str, str]]) -> forms.Field:
    """Every line is ticked; which of them are not, the action itself says."""
    return forms.MultipleChoiceField(choices=lines, widget=forms.CheckboxSelectMultiple, **common)


def _units_field(
    common: dict[str, Any], listed: Sequence[tuple[int, str]]
) -> forms.TypedMultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.TypedMultipleChoiceField(choices=listed, coerce=int, widget=widget, **common)


def _unit_field(common: dict[str, Any], suggestions: Sequence[Suggestion]) -> forms.Field:
    notes = {str(one.unit_id): one.reason for one in suggestions}
    choices = [(one.unit_id, one.name) for one in suggestions]
    return forms.TypedChoiceField(
        choices=choices,
        coerce=int,
        empty_value=None,
        widget=Cards(notes),
        initial=suggestions[0].unit_id if suggestions else None,
        **common,
    )


class DayField(forms.DateField):
    """A day after today, given on as its evening; the error says how to mend it."""

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        if day <= timezone.localtime(clock.now()).date():
            raise forms.ValidationError(
                _("This day has passed. Please choose a day after today."), code="past"
            )
        return timezone.make_aware(datetime.combine(day, EVENING))


def _day_field(common: dict[str, Any]) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(widget=widget, input_formats=["%Y-%m-%d"], **common)


def _time_field(common: dict[str, Any]) -> forms.Field:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TO_THE_MINUTE)
    return forms.DateTimeField(widget=widget, input_formats=[TO_THE_MINUTE], **common)


def _number_field(common: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(min_value=0, max_value=100_000, **common)


def _flag_field(common: dict[str, Any]) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("yes", _("That is so")), ("no", _("That is not so"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        **common,
    )


def _photos_field(common: dict[str, Any]) -> forms.Field:
    return FilesField(widget=ManyFiles(attrs={"accept": "image/*", "multiple": True}), **common)


def _text_field(common: dict[str, Any]) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 3 if common["required"] else 2, "maxlength": WORDS})
    return forms.CharField(max_length=WORDS, widget=area, **common)


def _code_field(common: dict[str, Any]) -> forms.Field:
    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    return forms.CharField(max_length=inputs.CODE, widget=widget, **common)


_KINDS: dict[str, Callable[[dict[str, Any]], forms.Field]] = {
    "date": _day_field,
    "moment": _day_field,
    "time": _time_field,
    "number": _number_field,
    "flag": _flag_field,
    "photos": _photos_field,
    "place_code": _code_field,
}


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=40, error_messages={"required": REQUIRED})
    query = forms.CharField(max_length=300, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        min_length=4,
        max_length=200,
        error_messages={
            "required": _("Please say why you need it."),
            "min_length": _("A few more words, please: the resident will read this."),
        },
    )
