"""An entry of a register as a form: a field for each that the register has."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.patrols.actions import Overtaken
from lingka.patrols.finding import Search, SearchingForm
from lingka.patrols.registers import Field, Register

Searches = Mapping[str, Search]


class EntryForm(SearchingForm):
    """The place where one is entered, the state, the fields; checked by the action."""

    def __init__(self, *args: Any, of: Register, searches: Searches, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        if "place" in searches:
            self.add_place("place", _("Place"), searches["place"], required=True)
        states = [(one.key, pick(one.name)) for one in of.states]
        self.fields["state"] = forms.ChoiceField(label=_("How it stands"), choices=states)
        for one in of.fields:
            if one.kind == "place":
                self.add_place(one.key, pick(one.name), searches[one.key], required=False)
            else:
                self.fields[one.key] = _field(one)

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {one.key: given[one.key] for one in self.of.fields if given.get(one.key) is not None}

    def refuse(self, refused: Exception) -> None:
        """Say it beside the field that it names."""
        field = getattr(refused, "field", None)
        self.add_error(field if field in self.fields else None, str(refused))

    def overtaken(self, refused: Overtaken) -> None:
        """Say beside each field that two wrote what the other wrote; what was typed stays."""
        words = _("Meanwhile somebody else wrote “%(said)s”. Save again if yours is to hold.")
        for name in refused.clashing:
            self.add_error(name, words % {"said": self._shown(name, refused.now.get(name))})
        if refused.taken_over:
            self.add_error(None, _("What somebody else wrote meanwhile stands in the form too."))

    def _shown(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value)) if value is not None else "—"


def _field(of: Field) -> forms.Field:
    shared: dict[str, Any] = {"label": pick(of.name), "required": False}
    if of.kind == "number":
        return forms.IntegerField(min_value=0, max_value=of.most, **shared)
    if of.kind == "day":
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, **shared)
    if of.kind == "hours":
        return forms.CharField(max_length=11, help_text=_("As in 18:30-08:00."), **shared)
    options = [(key, pick(name)) for key, name in of.options]
    return forms.ChoiceField(choices=[("", "—"), *options], **shared)
