"""A joint drive as forms: its name and days, a unit's part in it, a visit made together."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.patrols import plans
from lingka.patrols.actions import Part
from lingka.patrols.forms import ByUnit, Hours, Named, day_field

Choices = Sequence[tuple[Any, Any]]


class _Refusable(forms.Form):
    def refuse(self, refused: Exception) -> None:
        """What an action said, beside the field that it is about."""
        field = getattr(refused, "field", None)
        self.add_error(field if field in self.fields else None, str(refused))


class DriveForm(_Refusable, Named):
    begins_on = day_field(_("From"))
    ends_on = day_field(_("Last day"))


class PartForm(_Refusable, Hours, ByUnit):
    """Which unit looks at which places, by which checklist, how often."""

    area = forms.TypedChoiceField(label=_("Where"), coerce=int)
    place_kind = forms.ChoiceField(
        label=_("At all places of this kind"),
        help_text=_("Single places are added and taken away in the unit’s plan afterwards."),
    )  # fmt: skip
    checklist = forms.ChoiceField(label=_("What is looked at"), required=False)
    rule = forms.ChoiceField(label=_("How often"), choices=list(plans.OFTEN.items()))

    def __init__(
        self, *args: Any, within: Choices, kinds: Choices, checklists: Choices,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("Which unit")
        listed: dict[str, Choices] = {
            "area": within, "place_kind": kinds,
            "checklist": [("", _("Look around")), *checklists],
        }  # fmt: skip
        for name, choices in listed.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def refuse(self, refused: Exception) -> None:
        super().refuse(refused)
        if getattr(refused, "field", None) in {"from", "until"}:
            self.add_error("until_hour", str(refused))

    def part(self) -> Part:
        given = self.cleaned_data
        return Part(
            given["unit"], given["area"], given["place_kind"], given["checklist"], given["rule"],
            self.hours(),
        )  # fmt: skip


class VisitForm(_Refusable):
    """Which units were where together, on which day; no hour, no names."""

    place = forms.TypedChoiceField(label=_("Where"), coerce=int)
    day = day_field(_("On which day"))
    units = forms.TypedMultipleChoiceField(
        label=_("Which units were there"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, places: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["units"].choices = list(units)  # type: ignore[attr-defined]


NEW = {"rule": "FREQ=WEEKLY;BYDAY=MO", "from_hour": "09:30", "until_hour": "18:30"}
