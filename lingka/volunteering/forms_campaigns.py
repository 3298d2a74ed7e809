"""A campaign as a form: its words, its days, its places; what takes it on."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import PlaceInfo
from lingka.core.text import pick
from lingka.members import selectors as members
from lingka.volunteering import campaigns
from lingka.volunteering.actions import Run
from lingka.volunteering.forms import LABELS, LENGTHS


def day(label: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class CampaignForm(forms.Form):
    area = forms.TypedChoiceField(label=_("Community"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"))
    place_kinds = forms.MultipleChoiceField(
        label=_("Which places are seen to"), widget=forms.CheckboxSelectMultiple,
        help_text=_("All of these in the register, whoever lives there."),
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    begins_on = day(_("From"))
    ends_on = day(_("Last day"))

    def __init__(self, *args: Any, paths: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: dict[str, list[Any]] = {
            "area": [("", _("Choose…")), *members.communities(paths)],
            "kind": members.kinds(), "place_kinds": campaigns.place_kinds(),
        }  # fmt: skip
        for name, choices in listed.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            for name in ("title", "text"):
                attrs = {"lang": code, **({"rows": 3} if name == "text" else {})}
                widget = forms.Textarea(attrs) if name == "text" else forms.TextInput(attrs)
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{LABELS[name]} · {language}", max_length=LENGTHS[name], widget=widget
                )

    def clean(self) -> dict[str, Any]:
        """Adds what is wanted as a whole, for the action."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data

        def said(name: str) -> dict[str, str]:
            return {code: data[f"{name}_{code}"].strip() for code, _n in settings.LANGUAGES}

        wanted = Run(
            data["kind"], said("title"), said("text"), data["begins_on"], data["ends_on"],
            data["place_kinds"],
        )  # fmt: skip
        return {**data, "wanted": wanted}


class TakeOnForm(forms.Form):
    activity = forms.ChoiceField(label=_("Activity"))

    def __init__(self, *args: Any, activities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].choices = activities  # type: ignore[attr-defined]


class ReopenForm(forms.Form):
    """A place that was marked as done by mistake."""

    place = forms.TypedChoiceField(label=_("Marked as done by mistake"), coerce=int)

    def __init__(self, *args: Any, places: list[PlaceInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (one.id, pick(one.name)) for one in places
        ]
