"""An entry of a register as a form: a field for each that the register has."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.patrols.registers import Field, Register


class EntryForm(forms.Form):
    """The place where one is entered, the state, the fields; checked by the action."""

    def __init__(
        self, *args: Any, of: Register, places: Sequence[tuple[int, str]] | None = None,
        near: Mapping[str, Sequence[tuple[str, str]]] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.of = of
        if places is not None:
            self.fields["place"] = forms.TypedChoiceField(
                label=_("Place"), coerce=int, choices=list(places)
            )
        states = [(one.key, pick(one.name)) for one in of.states]
        self.fields["state"] = forms.ChoiceField(label=_("How it stands"), choices=states)
        for one in of.fields:
            self.fields[one.key] = _field(one, (near or {}).get(one.key, ()))

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {one.key: given[one.key] for one in self.of.fields if given.get(one.key) is not None}

    def refuse(self, refused: Exception) -> None:
        """Say it beside the field that it names."""
        field = getattr(refused, "field", None)
        self.add_error(field if field in self.fields else None, str(refused))


def _field(of: Field, near: Sequence[tuple[str, str]]) -> forms.Field:
    shared: dict[str, Any] = {"label": pick(of.name), "required": False}
    if of.kind == "number":
        return forms.IntegerField(min_value=0, max_value=of.most, **shared)
    if of.kind == "day":
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, **shared)
    if of.kind == "hours":
        return forms.CharField(max_length=11, help_text=_("As in 18:30-08:00."), **shared)
    named = [(key, pick(name)) for key, name in of.options] if of.kind == "choice" else list(near)
    return forms.ChoiceField(choices=[("", "—"), *named], **shared)
